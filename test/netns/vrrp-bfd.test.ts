import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { seconds } from './processes.ts';
import { becomes } from './states.ts';

const addressOf = { a: '10.9.0.1', b: '10.9.0.2' } as const;

function session(own: 'a' | 'b', lines: readonly string[] = []): string {
  const other = own === 'a' ? 'b' : 'a';
  return [
    'bfd_instance LINK {',
    `    neighbor_ip ${addressOf[other]}`,
    `    source_ip ${addressOf[own]}`,
    '    min_rx 100',
    '    min_tx 100',
    '    multiplier 5',
    ...lines.map((line) => `    ${line}`),
    '}',
    '',
  ].join('\n');
}

const tracking = (words: string): string[] => ['track_bfd {', `    LINK ${words}`.trimEnd(), '}'];

duel('a session that comes up lifts the fault, and its end brings it back', async ({ a, b }) => {
  // Which end's session is up first depends on the jitter: the priorities leave the other one time.
  a.start(session('a') + configuration(a, { priority: 254, instance: tracking('') }));
  await becomes(a, 'FAULT', 15);
  await seconds(0.25);
  b.start(session('b') + configuration(b, { priority: 1, instance: tracking('') }));
  await becomes(a, 'MASTER', 15);
  await seconds(1);
  await b.stop();
  await becomes(a, 'FAULT', 15);
  assert.ok(a.fifo.some((line) => line.includes('FAULT')));
  await a.stop();
});

duel('a session with a weight moves the priority', async ({ a, b }) => {
  // On a busy machine a session may need longer than three intervals of a second.
  for (const [host, own, priority] of [[a, 'a', 200] as const, [b, 'b', 100] as const]) {
    const instance = ['advert_int 2', ...tracking('weight -20')];
    host.start(session(own) + configuration(host, { priority, instance }));
    await becomes(host, 'BACKUP', 15);
  }
  await becomes(a, 'MASTER', 15);
  await seconds(2);
  await b.stop();
  await seconds(4.5);
  await a.stop();
});
