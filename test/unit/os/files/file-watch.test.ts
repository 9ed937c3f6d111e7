import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { FileWatcher } from '../../../../src/os/files/file-watch.ts';
import { readBeginning, tryOpen, writeInitialValue } from '../../../../src/os/files/tracked-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-watch-'));
after(() => rmSync(directory, { recursive: true, force: true }));

describe('tracked files on disk', () => {
  test('writing, moving and removing are noticed, other files are not', async () => {
    const path = join(directory, 'watched');
    let noticed: (() => void) | undefined;
    const changes: string[] = [];
    const watcher = new FileWatcher((changed) => {
      changes.push(changed);
      noticed?.();
    });
    assert.equal(watcher.add(path), 0);
    const next = (act: () => void) =>
      new Promise<void>((resolve) => {
        noticed = resolve;
        act();
      });
    writeFileSync(join(directory, 'other'), '1');
    await next(() => writeFileSync(path, '1'));
    await next(() => unlinkSync(path));
    await next(() => renameSync(join(directory, 'other'), path));
    assert.ok(changes.every((changed) => changed === path));
    watcher.remove(path);
    watcher.close();
  });

  test('a directory that is missing cannot be watched', () => {
    const watcher = new FileWatcher(() => {});
    assert.ok(watcher.add(join(directory, 'missing', 'file')) < 0);
    watcher.close();
  });

  test('the initial value goes into a missing file, into any with overwrite', () => {
    const path = join(directory, 'initial');
    writeInitialValue(path, 3, false);
    writeInitialValue(path, 4, false);
    assert.equal(readBeginning(path), '3\n');
    writeInitialValue(path, -5, true);
    assert.equal(readBeginning(path), '-5\n');
    assert.equal(readBeginning(join(directory, 'nothing')), '');
    assert.equal(readBeginning(directory), '');
  });

  test('opening a file tells the errno', async () => {
    const errno = (path: string) => new Promise<number>((resolve) => tryOpen(path, resolve));
    assert.equal(await errno(join(directory, 'nothing')), 2);
    assert.equal(await errno('/dev/null'), 0);
  });
});
