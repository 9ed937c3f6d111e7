import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import type { Host } from './host.ts';
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

function start(host: Host, own: 'a' | 'b', priority: number, words: string): void {
  host.start(session(own) + configuration(host, { priority, instance: tracking(words) }));
}

duel('a session that comes up lifts the fault, and its end brings it back', async ({ a, b }) => {
  start(a, 'a', 200, '');
  await becomes(a, 'FAULT', 15);
  start(b, 'b', 100, '');
  await becomes(a, 'MASTER', 15);
  await seconds(1);
  await b.stop();
  await becomes(a, 'FAULT', 15);
  assert.ok(a.fifo.some((line) => line.includes('FAULT')));
  await a.stop();
});

duel('a session with a weight moves the priority', async ({ a, b }) => {
  start(a, 'a', 200, 'weight -20');
  await becomes(a, 'BACKUP', 15);
  start(b, 'b', 100, 'weight -20');
  await becomes(a, 'MASTER', 15);
  await seconds(2);
  await b.stop();
  await seconds(2.5);
  await a.stop();
});
