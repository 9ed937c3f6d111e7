import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { NotifyFifo } from '../../../src/config/types.ts';
import { NotifyFifos } from '../../../src/daemon/notify-fifos.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-fifos-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

function fifo(name: string, script?: string): NotifyFifo {
  const command = script === undefined ? {} : { script: { argv: ['/bin/sh', '-c', script, 'sh'], ...user } };
  return { path: join(directory, name), ...user, ...command };
}

async function comes(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(holds());
}

describe('notify FIFOs', () => {
  test('a reload starts the script that reads it again', async () => {
    const notes = join(directory, 'notes');
    const told = (): string => (existsSync(notes) ? readFileSync(notes, 'utf8') : '');
    const one = fifo(
      'read',
      `trap 'echo ended >>${notes}; exit' TERM; echo begun >>${notes}; while read -r l; do echo "$l" >>${notes}; done <"$1"`,
    );
    const fifos = new NotifyFifos(() => {});
    fifos.configure([one, undefined], 0o77);
    fifos.write('one\n');
    await comes(() => told() === 'begun\none\n');
    fifos.configure([one, undefined], 0o77);
    fifos.write('two\n');
    await comes(() => /ended\n/.test(told()) && /two\n$/.test(told()));
    fifos.endScripts();
    await comes(() => told().split('ended').length === 3);
    fifos.close();
    assert.ok(!existsSync(one.path));
  });

  test('one that is to be kept stays', () => {
    const fifos = new NotifyFifos(() => {});
    fifos.configure([fifo('kept')], 0o77);
    fifos.close(true);
    assert.ok(existsSync(join(directory, 'kept')));
  });
});
