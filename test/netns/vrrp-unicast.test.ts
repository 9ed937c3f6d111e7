import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { altered, offset } from './frame.ts';
import type { Link } from './link.ts';
import { seconds } from './processes.ts';
import { becomes, stateOf } from './states.ts';
import { adverts } from './transcript.ts';

function peer(own: number, others: readonly string[], more: readonly string[] = []): string[] {
  const block = ['unicast_peer {', ...others.map((other) => `    ${other}`), '}'];
  return [...more, `unicast_src_ip 10.9.0.${own}`, ...block];
}

/** The second host takes over from the first, and gives back when it ends. */
async function takeover({ a, b }: Link, ofA: readonly string[], ofB: readonly string[]): Promise<void> {
  a.start(configuration(a, { priority: 100, instance: ofA }));
  await becomes(a, 'MASTER');
  await seconds(1.2);
  b.start(configuration(b, { priority: 150, instance: ofB }));
  await becomes(b, 'MASTER');
  await becomes(a, 'BACKUP', 2);
  await seconds(1.2);
  await b.stop();
  await becomes(a, 'MASTER', 3);
  await seconds(0.5);
  await a.stop();
}

for (const version of [2, 3]) {
  duel(`unicast, version ${version}: one host takes over from the other and back`, (link) =>
    takeover(link, peer(1, ['10.9.0.2'], [`version ${version}`]), peer(2, ['10.9.0.1'], [`version ${version}`])),
  );
}

duel('unicast with a time to live of 64, which the peers insist on', (link) =>
  takeover(
    link,
    peer(1, ['10.9.0.2 min_ttl 64 max_ttl 64'], ['unicast_ttl 64']),
    peer(2, ['10.9.0.1 min_ttl 60'], ['unicast_ttl 64']),
  ),
);

duel('a peer that seems further away than allowed is not heard', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: peer(1, ['10.9.0.2 min_ttl 200'], ['unicast_ttl 64']) }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 150, instance: peer(2, ['10.9.0.1 min_ttl 200'], ['unicast_ttl 64']) }));
  await Promise.all([becomes(a, 'MASTER'), becomes(b, 'MASTER')]);
  await seconds(1.5);
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  await b.stop();
});

duel('an advert from a stranger counts unless check_unicast_src is there', async ({ a, b }) => {
  const stranger = { [offset.sourceMac + 5]: 9, [offset.source + 3]: 9, [offset.priority]: 200 };
  const towardsA = { 0: 2, 1: 0, 2: 0, 3: 0, 4: 9, 5: 1, [offset.source + 7]: 1 };
  a.start(configuration(a, { priority: 100, instance: peer(1, ['10.9.0.2'], ['check_unicast_src']) }));
  await becomes(a, 'MASTER');
  await seconds(0.4);
  await a.inject(altered(adverts(a).at(-1)!.bytes, { ...stranger, ...towardsA }));
  await seconds(0.4);
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  b.start(configuration(b, { priority: 100, instance: peer(2, ['10.9.0.1']) }));
  await becomes(b, 'MASTER');
  await seconds(0.4);
  const towardsB = { ...towardsA, 5: 2, [offset.source + 7]: 2 };
  await b.inject(altered(adverts(b).at(-1)!.bytes, { ...stranger, ...towardsB }));
  await becomes(b, 'BACKUP', 2);
  await b.stop();
});

duel('two peers, and a reload that adds the second', async ({ a }) => {
  a.start(configuration(a, { priority: 100, instance: peer(1, ['10.9.0.2']) }));
  await becomes(a, 'MASTER');
  await seconds(1.2);
  a.configure(configuration(a, { priority: 100, instance: peer(1, ['10.9.0.2', '10.9.0.3']) }));
  a.signal('SIGHUP');
  await seconds(2.5);
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
});

duel('version 3 with the checksum of old releases on both sides', (link) => {
  const old = ['version 3', 'old_unicast_checksum'];
  return takeover(link, peer(1, ['10.9.0.2'], old), peer(2, ['10.9.0.1'], old));
});

duel('another group of multicast', (link) => {
  const group = ['mcast_dst_ip 224.0.0.99'];
  return takeover(link, group, group);
});

duel('another multicast source', (link) => takeover(link, ['mcast_src_ip 10.9.0.1'], ['mcast_src_ip 10.9.0.2']));

duel('the source address is announced once when a cut link is back', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: peer(1, ['10.9.0.2']) }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 50, instance: peer(2, ['10.9.0.1']) }));
  await becomes(b, 'BACKUP');
  await seconds(1.2);
  a.setLink('down');
  await becomes(b, 'MASTER', 6);
  a.setLink('up');
  await becomes(a, 'MASTER');
  await becomes(b, 'BACKUP', 2);
  await seconds(1.2);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await b.stop();
});
