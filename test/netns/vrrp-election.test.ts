import assert from 'node:assert/strict';
import { configuration, passwordAuthentication, virtualAddress } from './configuration.ts';
import { duel } from './duel.ts';
import type { Link } from './link.ts';
import { seconds } from './processes.ts';
import { becomes, hasAddress, stateOf } from './states.ts';
import { adverts, identifications, intervals, median } from './transcript.ts';

duel('the higher priority wins and its adverts come every second', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, instance: passwordAuthentication }));
  await becomes(a, 'MASTER');
  await seconds(3.5);
  assert.equal(stateOf(b), 'BACKUP');
  assert.ok(hasAddress(a, virtualAddress) && !hasAddress(b, virtualAddress));
  assert.deepEqual(identifications(a).slice(0, 4), [1, 2, 3, 4]);
  assert.ok(Math.abs(median(intervals(a)) - 1) < 0.05, `intervals ${intervals(a).join(', ')}`);
  assert.ok(adverts(a)[0]!.at < a.addresses[0]!.at, 'the advert goes out before the address is there');
  await Promise.all([b.stop(), a.stop()]);
  assert.deepEqual(adverts(b), [], 'a backup sends nothing, at its end neither');
});

duel('a higher priority that comes later takes over', async ({ a, b }) => {
  a.start(configuration(a, { priority: 50 }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100 }));
  await becomes(b, 'MASTER');
  await becomes(a, 'BACKUP');
  assert.ok(!hasAddress(a, virtualAddress) && hasAddress(b, virtualAddress));
  await seconds(1.5);
  await a.stop();
  await b.stop();
});

duel('nopreempt: a higher priority that comes later waits for the master to end', async ({ a, b }) => {
  a.start(configuration(a, { priority: 50 }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100, instance: ['nopreempt'] }));
  await becomes(b, 'BACKUP');
  await seconds(5);
  assert.equal(stateOf(b), 'BACKUP');
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  await becomes(b, 'MASTER', 2);
  await b.stop();
});

duel('preempt_delay: a higher priority takes over that much later', async ({ a, b }) => {
  a.start(configuration(a, { priority: 50 }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100, instance: ['preempt_delay 3'] }));
  await becomes(b, 'BACKUP');
  await seconds(3);
  assert.equal(stateOf(b), 'BACKUP');
  await becomes(b, 'MASTER', 8);
  await becomes(a, 'BACKUP');
  await b.stop();
  await a.stop();
});

/** Both hosts become masters, since neither hears the other. */
async function partition(link: Link, priorities: { a: number; b: number }): Promise<void> {
  link.setHearing('a', false);
  link.setHearing('b', false);
  link.a.start(configuration(link.a, { priority: priorities.a }));
  link.b.start(configuration(link.b, { priority: priorities.b }));
  await Promise.all([becomes(link.a, 'MASTER'), becomes(link.b, 'MASTER')]);
  await seconds(1.2);
}

// The loser hears first: if the winner did, how often it answers before the loser hears it would be chance.
duel('of two masters with equal priorities the one with the higher address stays', async (link) => {
  const { a, b } = link;
  await partition(link, { a: 100, b: 100 });
  link.setHearing('a', true);
  await becomes(a, 'BACKUP', 3);
  link.setHearing('b', true);
  await seconds(1.5);
  assert.equal(stateOf(b), 'MASTER');
  await b.stop();
  await becomes(a, 'MASTER', 3);
  await a.stop();
});

duel('of two masters the one with the higher priority stays', async (link) => {
  const { a, b } = link;
  await partition(link, { a: 150, b: 100 });
  link.setHearing('b', true);
  await becomes(b, 'BACKUP', 3);
  link.setHearing('a', true);
  await seconds(1.5);
  assert.equal(stateOf(a), 'MASTER');
  await b.stop();
  await a.stop();
});

duel('the address owner starts as master at once', async ({ a, b }) => {
  b.start(configuration(b, { priority: 200 }));
  await becomes(b, 'MASTER');
  a.start(configuration(a, { priority: 255, state: 'MASTER' }));
  await becomes(a, 'MASTER', 2);
  await becomes(b, 'BACKUP', 2);
  await seconds(1.5);
  await a.stop();
  await becomes(b, 'MASTER', 2);
  await b.stop();
});
