import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notifyState } from '../../../src/notify/vrrp.ts';
import { instance } from '../vrrp/support.ts';

const command = (path: string) => ({ argv: [path], uid: 0, gid: 0 });
const scripts = { fault: command('/fault'), any: command('/any') };

test('the end that a reload brings is told as a fault, but not by notify_fault', () => {
  const one = instance({ name: 'A', smtpAlert: true, notify: { reportDeleted: false, ...scripts } });
  assert.deepEqual(notifyState(one, 'DELETED', 100), {
    scripts: [{ command: scripts.any, arguments: ['INSTANCE', 'A', 'FAULT', '100'] }],
    fifoLine: 'INSTANCE "A" FAULT 100\n',
    mail: {
      subject: 'VRRP Instance A - Entering FAULT state',
      body: '=> VRRP Instance is no longer owning VRRP VIPs <=',
      about: { object: 'instance A', state: 'FAULT' },
    },
    change: { object: 'instance', name: 'A', state: 'FAULT' },
  });
});

test('with notify_deleted it is told as what it is', () => {
  const deleted = command('/deleted');
  const one = instance({ name: 'A', notify: { reportDeleted: true, deleted, ...scripts } });
  const { scripts: called, fifoLine, change } = notifyState(one, 'DELETED', 100);
  assert.deepEqual(
    called.map((call) => [call.command.argv[0], ...call.arguments]),
    [['/deleted'], ['/any', 'INSTANCE', 'A', 'DELETED', '100']],
  );
  assert.equal(fifoLine, 'INSTANCE "A" DELETED 100\n');
  assert.equal(change?.state, 'DELETED');
});
