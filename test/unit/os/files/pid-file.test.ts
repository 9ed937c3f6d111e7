import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { PidFile } from '../../../../src/os/files/pid-file.ts';
import { clearPidFile, lockPidFile } from '../../../../src/os/files/pid-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-pid-'));
after(() => rmSync(directory, { recursive: true }));

function held(path: string): PidFile {
  const file = lockPidFile(path);
  if (typeof file === 'string') throw new Error(file);
  return file;
}

describe('pid file', () => {
  it('holds the number and a line end, readable by all', () => {
    const path = join(directory, 'a.pid');
    const mask = process.umask(0o177);
    const file = held(path);
    process.umask(mask);
    file.write(123456);
    file.write(78);
    assert.equal(readFileSync(path, 'latin1'), '78\n');
    assert.equal(statSync(path).mode & 0o777, 0o644);
    file.remove();
    file.remove();
    assert.equal(existsSync(path), false);
  });

  it('is held by one daemon at a time', () => {
    const path = join(directory, 'b.pid');
    const file = held(path);
    assert.equal(lockPidFile(path), 'locked');
    file.remove();
    held(path).remove();
  });

  it('is made again when somebody has cleared the directory', () => {
    const path = join(directory, 'f.pid');
    const file = held(path);
    rmSync(path);
    file.write(9);
    assert.equal(readFileSync(path, 'latin1'), '9\n');
    assert.equal(lockPidFile(path), 'locked');
    file.remove();
    assert.equal(existsSync(path), false);
  });

  it('is not blocked by a file left behind', () => {
    const path = join(directory, 'c.pid');
    writeFileSync(path, '1\nlonger than before\n');
    const file = held(path);
    file.write(5);
    assert.equal(readFileSync(path, 'latin1'), '5\n');
    file.remove();
  });

  it('that nobody needs goes unless somebody holds it, and is held by nobody meanwhile', () => {
    const path = join(directory, 'g.pid');
    assert.equal(clearPidFile(path), 'cleared');
    assert.equal(existsSync(path), false);
    writeFileSync(path, '1\n');
    assert.equal(clearPidFile(path), 'cleared');
    assert.equal(existsSync(path), false);
    const file = held(path);
    assert.equal(clearPidFile(path), 'locked');
    assert.equal(existsSync(path), true);
    file.remove();
  });

  it('follows no link and says when there is no such directory', () => {
    const link = join(directory, 'd.pid');
    symlinkSync(join(directory, 'target'), link);
    assert.equal(lockPidFile(link), 'cannot-open');
    assert.equal(lockPidFile(join(directory, 'none', 'e.pid')), 'cannot-open');
  });
});
