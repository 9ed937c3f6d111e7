import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Checker } from '../../../src/config/types.ts';
import { checkerLines } from '../../../src/report/dump-checker.ts';
import { connection, ip, realServer, schedule, virtualServer } from '../checkers/examples.ts';

test('checks of files come last, whatever their servers', () => {
  const tcp: Checker = {
    kind: 'TCP_CHECK',
    schedule: schedule(),
    connection: connection({ address: ip('10.0.0.1') }),
  };
  const file: Checker = { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', weight: 1, reverse: false };
  const servers = [
    realServer('10.0.0.1', { checkers: [file, tcp] }),
    realServer('10.0.0.2', { checkers: [file] }),
    realServer('10.0.0.3', { checkers: [tcp] }),
  ];
  const lines = checkerLines([virtualServer(servers)], () => undefined);
  const told = lines.filter((line) => line.includes('->') || line.includes('method'));
  assert.deepEqual(
    told.map((line) => line.trim().replace(/.*-> /, '').replace('Keepalive method = ', '')),
    [
      ...['[10.0.0.1]:tcp:80', 'TCP_CHECK', '[10.0.0.3]:tcp:80', 'TCP_CHECK'],
      ...['[10.0.0.1]:tcp:80', 'FILE_CHECK', '[10.0.0.2]:tcp:80', 'FILE_CHECK'],
    ],
  );
});

test('BFD_CHECK has no times of its own', () => {
  const bfd: Checker = { kind: 'BFD_CHECK', schedule: schedule({ retry: 2 }), bfd: 'B1' };
  const lines = checkerLines([virtualServer([realServer('10.0.0.1', { checkers: [bfd] })])], () => undefined);
  assert.deepEqual(
    lines.filter((line) => /elay|etries|armup/.test(line)),
    [
      '   Delay loop = 18446744073709551615 us',
      '   Warmup = 18446744073709551615 us',
      '   Retries = 4294967295',
      '   Delay before retry = 18446744073709551615 us',
      '   Retries iterations = 4294967295',
      '   Default delay before retry = 1000000 us',
    ],
  );
});
