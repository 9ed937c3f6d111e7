import assert from 'node:assert/strict';
import {
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { type Fifo, openFifo } from '../../../../src/os/files/fifo.ts';
import { native } from '../../../../src/os/native.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-fifo-'));
const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const logged: string[] = [];
after(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  logged.length = 0;
});

function open(name: string, umask = 0o177): Fifo | undefined {
  return openFifo({ path: join(directory, name), ...own }, umask, (line) => logged.push(line.message));
}

test('made where absent, with the configured mask, and removed at close', () => {
  const path = join(directory, 'made');
  const fifo = open('made');
  assert.ok(statSync(path).isFIFO());
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  fifo?.write('INSTANCE "VI_1" MASTER 100\n');
  fifo?.write('VS [192.0.2.1]:tcp:80 UP\n\0');
  const buffer = Buffer.alloc(100);
  const length = readSync(reader, buffer);
  assert.equal(buffer.toString('latin1', 0, length), 'INSTANCE "VI_1" MASTER 100\nVS [192.0.2.1]:tcp:80 UP\n\0');
  fifo?.close();
  assert.ok(!existsSync(path));
});

test('one that is there already is used and left', () => {
  const path = join(directory, 'kept');
  native.mkfifo(path, 0o600);
  open('kept')?.close();
  assert.ok(existsSync(path));
});

test('a full pipe loses the line and says so', () => {
  const fifo = open('full');
  const line = `${'x'.repeat(4000)}\n`;
  for (let i = 0; i < 20; i++) fifo?.write(line);
  assert.match(logged[0] ?? '', /Resource temporarily unavailable$/);
  fifo?.close();
});

test("files, links and other users' pipes are refused", () => {
  writeFileSync(join(directory, 'file'), '');
  assert.equal(open('file'), undefined);
  native.mkfifo(join(directory, 'target'), 0o600);
  symlinkSync('target', join(directory, 'link'));
  assert.equal(open('link'), undefined);
  assert.equal(open('no/such/directory'), undefined);
  assert.deepEqual(
    logged.map((message) => message.replace(`${directory}/`, '')),
    [
      'FIFO file not used: it is not a FIFO',
      'Unable to open FIFO link: Too many levels of symbolic links',
      'Unable to open FIFO no/such/directory: No such file or directory',
    ],
  );
});
