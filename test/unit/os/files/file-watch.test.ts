import assert from 'node:assert/strict';
import { linkSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type FileWatcher, openFileWatcher } from '../../../../src/os/files/file-watch.ts';
import { native } from '../../../../src/os/native.ts';
import { tryOpen, writeInitialValue } from '../../../../src/os/files/tracked-file.ts';
import { readBeginning } from '../../../../src/os/system-facts.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-watch-'));
after(() => rmSync(directory, { recursive: true, force: true }));

function opened(changed: (path: string) => void): FileWatcher {
  const watcher = openFileWatcher(changed);
  assert.ok(typeof watcher !== 'number');
  return watcher;
}

describe('tracked files on disk', () => {
  test('writing, moving and removing are noticed, other files are not', async () => {
    const path = join(directory, 'watched');
    let noticed: (() => void) | undefined;
    const changes: string[] = [];
    const watcher = opened((changed) => {
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

  test('a file is known by every way of writing its path', async () => {
    const paths = [join(directory, 'same'), `${directory}//same`, `${directory}/./same`];
    const changes = new Set<string>();
    const watcher = await new Promise<FileWatcher>((resolve) => {
      const opening = opened((changed) => {
        if (changes.add(changed).size === paths.length) resolve(opening);
      });
      for (const path of paths) assert.equal(opening.add(path), 0);
      writeFileSync(paths[0] as string, '1');
    });
    assert.deepEqual([...changes], paths);
    for (const path of paths) watcher.remove(path);
    watcher.close();
  });

  test('a directory that is missing cannot be watched', () => {
    const watcher = opened(() => {});
    assert.ok(watcher.add(join(directory, 'missing', 'file')) < 0);
    watcher.close();
  });

  test('the initial value goes into a missing file, into any with overwrite', () => {
    const path = join(directory, 'initial');
    writeInitialValue(path, 3, false);
    writeInitialValue(path, 4, false);
    assert.equal(readBeginning(path, 9), '3\n');
    linkSync(path, `${path}.link`);
    writeInitialValue(path, -5, true);
    assert.equal(readBeginning(path, 9), '-5\n');
    assert.equal(readBeginning(`${path}.link`, 9), '3\n', 'it is another file');
    assert.equal(readBeginning(join(directory, 'nothing'), 9), undefined);
    assert.equal(readBeginning(directory, 9), undefined);
  });

  test('a pipe in the place of a file is not waited for', async () => {
    const path = join(directory, 'pipe');
    native.mkfifo(path, 0o600);
    assert.equal(readBeginning(path, 9), '');
    assert.equal(await new Promise<number>((resolve) => tryOpen(path, resolve)), 0);
  });

  test('opening a file tells the errno', async () => {
    const errno = (path: string) => new Promise<number>((resolve) => tryOpen(path, resolve));
    assert.equal(await errno(join(directory, 'nothing')), 2);
    assert.equal(await errno('/dev/null'), 0);
  });
});
