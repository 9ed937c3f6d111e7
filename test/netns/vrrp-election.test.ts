import assert from 'node:assert/strict';
import { configuration, passwordAuthentication, virtualAddress } from './configuration.ts';
import { duel } from './duel.ts';
import { seconds } from './processes.ts';
import { becomes, hasAddress, stateOf } from './states.ts';
import { adverts, identifications, intervals } from './transcript.ts';

duel('the higher priority wins and its adverts come every second', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  b.start(configuration(b, { priority: 50, instance: passwordAuthentication }));
  await becomes(a, 'MASTER');
  await seconds(3.5);
  assert.equal(stateOf(b), 'BACKUP');
  assert.ok(hasAddress(a, virtualAddress) && !hasAddress(b, virtualAddress));
  assert.deepEqual(identifications(a).slice(0, 4), [1, 2, 3, 4]);
  for (const interval of intervals(a)) assert.ok(Math.abs(interval - 1) < 0.1, `interval ${interval}`);
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

duel('of equal priorities the higher address wins', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100 }));
  b.start(configuration(b, { priority: 100 }));
  await becomes(b, 'MASTER');
  await seconds(2.5);
  assert.equal(stateOf(b), 'MASTER');
  assert.equal(stateOf(a), 'BACKUP');
  await b.stop();
  await becomes(a, 'MASTER', 2);
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
