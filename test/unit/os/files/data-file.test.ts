import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { dataFileComplaint, writeDataFile, writeDataFileLater } from '../../../../src/os/files/data-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-data-'));
after(() => rmSync(directory, { recursive: true }));

it('of several texts for one file the last one stays', async () => {
  const path = join(directory, 'stats');
  const large = 'x'.repeat(4_000_000);
  const texts = [large, 'second', 'third'];
  await Promise.all(texts.map((text) => writeDataFileLater(path, text)));
  assert.equal(readFileSync(path, 'utf8'), 'third');
  await writeDataFileLater(path, 'fourth', 0o600);
  assert.equal(readFileSync(path, 'utf8'), 'fourth');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['stats']);
});

it('a directory that is not there is told to everybody who asked, and nothing is left', async () => {
  const path = join(directory, 'none/stats');
  const results = await Promise.allSettled([writeDataFileLater(path, 'a'), writeDataFileLater(path, 'b')]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.throws(
    () => writeDataFile(path, 'c'),
    (error) => dataFileComplaint('dump file x', error) === "Can't open dump file x (2: No such file or directory)",
  );
});
