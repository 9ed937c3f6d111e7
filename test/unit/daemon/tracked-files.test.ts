import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TrackFile } from '../../../src/config/types.ts';
import { TrackedFiles } from '../../../src/daemon/tracked-files.ts';
import { native } from '../../../src/os/native.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-tracked-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const { RLIMIT_NOFILE } = native.constants;

function tracked(name: string, path: string): TrackFile {
  return { name, path } as unknown as TrackFile;
}

test('a change is told to whoever tracks the file, however its path is written', async () => {
  writeFileSync(join(directory, 'number'), '1');
  const names = await new Promise<string[]>((resolve) => {
    const changed: string[] = [];
    const files = new TrackedFiles(
      () => {},
      (name) => {
        if (changed.push(name) < 2) return;
        assert.deepEqual([files.value('plain'), files.value('crooked')], [7, 7]);
        files.close();
        resolve(changed);
      },
    );
    files.configure([tracked('plain', join(directory, 'number')), tracked('crooked', `${directory}//number`)]);
    assert.equal(files.value('crooked'), 1);
    writeFileSync(join(directory, 'number'), '7');
  });
  assert.deepEqual(names, ['plain', 'crooked']);
});

test('a file is watched where a symbolic link leads to, and one that is turned is followed by the next reload', async () => {
  mkdirSync(join(directory, 'far'));
  const [link, near, far] = [join(directory, 'link'), join(directory, 'near'), join(directory, 'far', 'file')];
  writeFileSync(near, '1');
  writeFileSync(far, '2');
  symlinkSync(far, link);
  let told = (): void => {};
  const files = new TrackedFiles(
    () => {},
    () => told(),
  );
  const change = (path: string, text: string) =>
    new Promise<void>((resolve) => {
      told = resolve;
      writeFileSync(path, text);
    });
  files.configure([tracked('linked', link)]);
  await change(far, '3');
  assert.equal(files.value('linked'), 3);
  unlinkSync(link);
  symlinkSync(near, link);
  assert.equal(files.value('linked'), 3);
  files.configure([tracked('linked', link)]);
  assert.equal(files.value('linked'), 1);
  await change(near, '4');
  assert.equal(files.value('linked'), 4);
  files.close();
});

test('where nothing can be watched any more the file is read once, and it is said', () => {
  const path = join(directory, 'once');
  writeFileSync(path, '3');
  const said: string[] = [];
  const files = new TrackedFiles(
    ({ message }) => said.push(message),
    () => {},
  );
  const [, hard] = native.getResourceLimit(RLIMIT_NOFILE);
  native.setResourceLimit(RLIMIT_NOFILE, 3, hard);
  files.configure([tracked('once', path)]);
  native.setResourceLimit(RLIMIT_NOFILE, hard, hard);
  assert.equal(said[0], `Unable to monitor tracked file ${path} - errno 24`);
  files.close();
});
