import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { play } from './duel.ts';
import { vrrpOffset } from './frame.ts';
import type { Host } from './host.ts';
import { seconds } from './processes.ts';
import { becomes, stateOf } from './states.ts';
import { adverts } from './transcript.ts';

const KEYS = ['key 3 0123456789abcdef0123456789abcdef', `key 4 hex:${'5a'.repeat(32)}`];

function signed(settings: readonly string[], more: readonly string[] = ['version 3']): string[] {
  return [...more, 'auth_hmac {', ...settings.map((line) => `    ${line}`), '}'];
}

const usual = signed([...KEYS, 'active_key 3']);

/** Bytes after the addresses of the last advert; the host's instance has one IPv4 address. */
function trailerOf(host: Host): Uint8Array {
  const { bytes } = adverts(host).at(-1)!;
  return bytes.subarray(vrrpOffset(bytes) + 12);
}

for (const mode of ['time', 'monotonic']) {
  play(`auth_hmac by ${mode}: takeover and return, and a key changed on the way`, async ({ a, b }) => {
    const instance = signed([...KEYS, 'active_key 3', `anti_replay ${mode}`]);
    a.start(configuration(a, { priority: 100, instance }));
    await becomes(a, 'MASTER');
    await seconds(0.5);
    b.start(configuration(b, { priority: 150, instance }));
    await becomes(b, 'MASTER');
    await becomes(a, 'BACKUP', 2);
    assert.equal(trailerOf(b).length, 28);
    assert.equal(trailerOf(b)[1], 3);
    const other = signed([...KEYS, 'active_key 4', `anti_replay ${mode}`]);
    b.configure(configuration(b, { priority: 150, instance: other }));
    b.signal('SIGHUP');
    await seconds(2.5);
    assert.equal(trailerOf(b)[1], 4);
    assert.equal(stateOf(a), 'BACKUP');
    await b.stop();
    await becomes(a, 'MASTER', 3);
    await a.stop();
  });
}

play('auth_hmac: an old advert changes nothing', async ({ a, b }) => {
  const instance = signed([...KEYS, 'active_key 3', 'time_window 2']);
  b.start(configuration(b, { priority: 200, instance }));
  await becomes(b, 'MASTER');
  const old = adverts(b).at(-1)!.bytes;
  await b.stop();
  a.start(configuration(a, { priority: 100, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  await a.inject(old);
  await seconds(0.3);
  assert.equal(stateOf(a), 'MASTER', 'its time has passed');
  assert.ok(a.log.some((line) => line.includes('stale authentication trailer from 10.9.0.2')));
  await a.stop();
});

play('auth_hmac: enforce hears no unsigned advert, permissive does', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: usual }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 150, instance: ['version 3'] }));
  await becomes(b, 'MASTER');
  await seconds(1.5);
  assert.equal(stateOf(a), 'MASTER');
  a.configure(configuration(a, { priority: 100, instance: signed([...KEYS, 'active_key 3', 'mode permissive']) }));
  a.signal('SIGHUP');
  await becomes(a, 'BACKUP', 4);
  await a.stop();
  await b.stop();
});

play('auth_hmac: receive-only sends no trailer and verifies those that are there', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: signed([...KEYS, 'active_key 3', 'mode receive-only']) }));
  await becomes(a, 'MASTER');
  assert.equal(trailerOf(a).length, 0);
  b.start(configuration(b, { priority: 150, instance: signed([...KEYS, 'active_key 4', 'mode permissive']) }));
  await becomes(b, 'MASTER');
  await becomes(a, 'BACKUP', 2);
  await a.stop();
  await b.stop();
});

play(
  'auth_hmac over IPv6 and between peers',
  async ({ a, b }) => {
    const addresses = ['fe80::9:200'];
    const peer = (own: number, other: number) =>
      signed(
        [...KEYS, 'active_key 3'],
        ['version 3', `unicast_src_ip fe80::ff:fe00:90${own}`, 'unicast_peer {', `    fe80::ff:fe00:90${other}`, '}'],
      );
    a.start(configuration(a, { priority: 100, addresses, instance: peer(1, 2) }));
    await becomes(a, 'MASTER');
    b.start(configuration(b, { priority: 150, addresses, instance: peer(2, 1) }));
    await becomes(b, 'MASTER');
    await becomes(a, 'BACKUP', 2);
    await b.stop();
    await becomes(a, 'MASTER', 3);
    await a.stop();
  },
  { ipv6: true },
);
