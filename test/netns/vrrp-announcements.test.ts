import assert from 'node:assert/strict';
import { configuration, virtualAddress } from './configuration.ts';
import { duel } from './duel.ts';
import { altered, offset, priorityOf } from './frame.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';
import { becomes } from './states.ts';
import { adverts, arpFrames, identifications } from './transcript.ts';

/** Last bytes of the announced addresses, in the order of the frames. */
function announced(host: Host): number[] {
  return arpFrames(host).map((frame) => Number.parseInt(frame.slice(-2), 16));
}

/** The host's last advert as if another host had sent it. */
function stranger(host: Host, priority: number): Uint8Array {
  const changes = { [offset.sourceMac + 5]: 9, [offset.source + 3]: 9, [offset.priority]: priority };
  return altered(adverts(host).at(-1)!.bytes, changes);
}

duel('lower_prio_no_advert: no advert, but gratuitous ARP, and a second burst for each lower advert', async ({ a }) => {
  const instance = [
    'lower_prio_no_advert',
    'garp_lower_prio_delay 1',
    'garp_lower_prio_repeat 2',
    'garp_master_delay 0',
  ];
  a.start(configuration(a, { priority: 100, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.4);
  const before = adverts(a).length;
  await a.inject(stranger(a, 50));
  await a.inject(stranger(a, 50));
  await until('both are answered', 2, () => announced(a).length === 9);
  assert.equal(adverts(a).length, before);
  await seconds(1.6);
  a.remarks.push(`${announced(a).length} ARP frames`);
  await a.stop();
});

duel('the second burst of gratuitous ARP comes although the master was backup meanwhile', async ({ a }) => {
  a.start(configuration(a, { priority: 100, instance: ['garp_master_delay 3', 'garp_master_repeat 2'] }));
  await becomes(a, 'MASTER');
  await seconds(0.4);
  await a.inject(stranger(a, 200));
  await becomes(a, 'BACKUP', 1);
  await seconds(0.2);
  await a.inject(stranger(a, 0));
  await becomes(a, 'MASTER', 2);
  await seconds(2.2);
  a.remarks.push(`${announced(a).length} ARP frames`);
  assert.equal(announced(a).length, 6);
  await a.stop();
});

duel('vrrp_garp_interval: rounds asked for at once leave each address once', async ({ a }) => {
  const addresses = [virtualAddress, '10.9.0.201', '10.9.0.202'];
  a.start(configuration(a, { priority: 100, addresses, global: ['vrrp_garp_interval 0.3'] }));
  await becomes(a, 'MASTER');
  await seconds(1.8);
  a.remarks.push(announced(a).join(' '));
  assert.deepEqual(announced(a), [200, 200, 201, 202]);
  await a.stop();
});

duel('an address that goes is told with that very address', async ({ a }) => {
  a.start(configuration(a, { priority: 100 }));
  await becomes(a, 'MASTER');
  await seconds(0.3);
  a.removeAddress('10.9.0.1/24');
  await becomes(a, 'FAULT', 2);
  await seconds(0.2);
  const farewells = adverts(a).filter(({ bytes }) => priorityOf(bytes) === 0);
  assert.equal(farewells.length, 2);
  await a.stop();
});

duel('a reload counts identifications from 1 again and ends pending announcements', async ({ a }) => {
  a.start(configuration(a, { priority: 100, instance: ['garp_master_delay 2'] }));
  await becomes(a, 'MASTER');
  await seconds(0.4);
  a.signal('SIGHUP');
  await until('both adverts of the reload', 2, () => adverts(a).length === 3);
  await seconds(2.4);
  a.remarks.push(identifications(a).slice(0, 5).join(' '), `${announced(a).length} ARP frames`);
  assert.deepEqual(identifications(a).slice(0, 5), [1, 2, 1, 2, 3]);
  assert.equal(announced(a).length, 5);
  await a.stop();
});

duel('a backup that reloads waits the whole master-down interval again', async ({ a }) => {
  a.start(configuration(a, { priority: 100 }));
  await becomes(a, 'BACKUP');
  await seconds(2);
  const reloadedAt = Date.now() / 1000;
  a.signal('SIGHUP');
  await becomes(a, 'MASTER', 6);
  const waited = adverts(a)[0]!.at - reloadedAt;
  assert.ok(waited > 3.5 && waited < 4.2, `${waited} s`);
  await a.stop();
});
