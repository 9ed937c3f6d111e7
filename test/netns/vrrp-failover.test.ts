import assert from 'node:assert/strict';
import { configuration, passwordAuthentication, virtualAddress } from './configuration.ts';
import { duel } from './duel.ts';
import { priorityOf } from './frame.ts';
import type { Host } from './host.ts';
import type { Link } from './link.ts';
import { seconds, until } from './processes.ts';
import { becomes, hasAddress, stateOf } from './states.ts';
import { adverts } from './transcript.ts';

/** Seconds from the last advert of one host to the first of the other. */
function handover(from: Host, to: Host): number {
  return adverts(to)[0]!.at - adverts(from).at(-1)!.at;
}

/** The first host as master with priority 100, the second as its backup with 50. */
async function masterAndBackup({ a, b }: Link): Promise<void> {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 50, instance: passwordAuthentication }));
  await becomes(b, 'BACKUP');
  await seconds(1.5);
}

duel('SIGTERM: priority 0 goes out and the backup takes over after its skew time', async (link) => {
  const { a, b } = link;
  await masterAndBackup(link);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  assert.equal(priorityOf(adverts(a).at(-1)!.bytes), 0);
  const skew = (256 - 50) / 256;
  assert.ok(Math.abs(handover(a, b) - skew) < 0.3, `after ${handover(a, b)} s`);
  assert.ok(!hasAddress(a, virtualAddress) && hasAddress(b, virtualAddress));
  await seconds(1.2);
  await b.stop();
});

duel('SIGKILL: the backup takes over when the master-down interval is over', async (link) => {
  const { a, b } = link;
  await masterAndBackup(link);
  await a.kill();
  await becomes(b, 'MASTER', 6);
  const masterDown = 3 + (256 - 50) / 256;
  assert.ok(Math.abs(handover(a, b) - masterDown) < 0.3, `after ${handover(a, b)} s`);
  assert.ok(hasAddress(a, virtualAddress), 'nobody took the address from the dead host');
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'BACKUP');
  await until('what was left behind is removed', 3, () => !hasAddress(a, virtualAddress));
  await becomes(a, 'MASTER');
  await becomes(b, 'BACKUP');
  await seconds(1.2);
  await b.stop();
  await a.stop();
});

duel('a cut link is a fault, and with the link the priority counts again', async (link) => {
  const { a, b } = link;
  await masterAndBackup(link);
  a.setLink('down');
  await becomes(a, 'FAULT', 3);
  assert.ok(!hasAddress(a, virtualAddress));
  await becomes(b, 'MASTER', 6);
  a.setLink('up');
  await becomes(a, 'BACKUP', 3);
  await becomes(a, 'MASTER');
  await becomes(b, 'BACKUP', 2);
  await seconds(1.2);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await b.stop();
});

duel('the backup may end and start without the master noticing', async (link) => {
  const { a, b } = link;
  await masterAndBackup(link);
  const told = a.fifo.length;
  await b.stop();
  b.start(configuration(b, { priority: 50, instance: passwordAuthentication }));
  await seconds(2);
  assert.equal(stateOf(b), 'BACKUP');
  assert.equal(a.fifo.length, told);
  await b.kill();
  await a.stop();
});

duel('an address that somebody else removes sends the master through backup', async (link) => {
  const { a } = link;
  await masterAndBackup(link);
  a.removeAddress(`${virtualAddress}/32`);
  await becomes(a, 'BACKUP', 2);
  await becomes(a, 'MASTER', 6);
  assert.ok(hasAddress(a, virtualAddress));
  await seconds(1);
  await link.b.stop();
  await a.stop();
});
