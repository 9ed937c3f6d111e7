import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { seconds } from './processes.ts';
import { becomes, stateOf } from './states.ts';
import { adverts } from './transcript.ts';

const header = (password: string, more: readonly string[] = []) => [
  ...['authentication {', '    auth_type AH', `    auth_pass ${password}`, '}'],
  ...more,
];

duel('authentication header: takeover and return', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: header('s3cr3t') }));
  await becomes(a, 'MASTER');
  await seconds(2.2);
  b.start(configuration(b, { priority: 150, instance: header('s3cr3t') }));
  await becomes(b, 'MASTER');
  await becomes(a, 'BACKUP', 2);
  await seconds(1.5);
  await b.stop();
  await becomes(a, 'MASTER', 3);
  await seconds(1.2);
  await a.stop();
});

duel('authentication header between peers', async ({ a, b }) => {
  const peer = (own: number, other: number) => [
    `unicast_src_ip 10.9.0.${own}`,
    ...['unicast_peer {', `    10.9.0.${other}`, '}'],
  ];
  a.start(configuration(a, { priority: 100, instance: header('s3cr3t', peer(1, 2)) }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  b.start(configuration(b, { priority: 150, instance: header('s3cr3t', peer(2, 1)) }));
  await becomes(b, 'MASTER');
  await becomes(a, 'BACKUP', 2);
  await seconds(1.2);
  await b.stop();
  await becomes(a, 'MASTER', 3);
  await a.stop();
});

duel('authentication header: with different passwords both are master', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: header('s3cr3t') }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 150, instance: header('other') }));
  await Promise.all([becomes(a, 'MASTER'), becomes(b, 'MASTER')]);
  await seconds(1.5);
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  await b.stop();
});

duel('authentication header: what was heard before is not heard again', async ({ a, b }) => {
  a.start(configuration(a, { priority: 150, instance: header('s3cr3t') }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100, instance: header('s3cr3t') }));
  await becomes(b, 'BACKUP');
  await seconds(2.2);
  const old = adverts(a).at(-1)!.bytes;
  await a.kill();
  const died = Date.now();
  const elapsed = () => (Date.now() - died) / 1000;
  // Replayed adverts would keep the backup waiting; a master would give way to them.
  while (elapsed() < 2) {
    await b.inject(old);
    await seconds(0.3);
  }
  while (stateOf(b) !== 'MASTER' && elapsed() < 4.8) await seconds(0.1);
  assert.equal(stateOf(b), 'MASTER');
  await seconds(0.5);
  await b.stop();
});
