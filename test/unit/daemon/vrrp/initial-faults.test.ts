import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrackFile, TrackProcess } from '../../../../src/config/types.ts';
import { sayInitialFaults } from '../../../../src/daemon/vrrp/initial-faults.ts';
import type { InitialFault } from '../../../../src/daemon/vrrp/router-conditions.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';
import { instance } from '../../vrrp/support.ts';

const fault = (reason: InitialFault['reason'], subject: string): InitialFault => ({
  event: 'initialFault',
  reason,
  subject,
  ...(reason === 'file' && { status: -254 }),
});

/** The order was observed with keepalived 2.2.7. */
test('faults are told object by object, then what each router alone has', () => {
  const file = (name: string): TrackFile => ({ name, path: name, weight: 0, reverse: false });
  const config = { trackFiles: [file('u'), file('w')], trackProcesses: [{ name: 'p' } as TrackProcess] };
  const numbers = new Map([
    ['x0', 4],
    ['x1', 6],
  ]);
  const interfaces = { named: (name: string) => ({ ifindex: numbers.get(name) }) as Link };
  const first = [
    fault('process', 'p'),
    fault('script', 's'),
    fault('script', 'r'),
    fault('file', 'w'),
    fault('file', 'u'),
    fault('interfaceDown', 'x0'),
  ];
  const second = [
    fault('noSourceAddress', 'IPv4'),
    fault('script', 'r'),
    fault('file', 'u'),
    fault('interfaceDown', 'x1'),
    fault('interfaceDown', 'x0'),
  ];
  const routers = [
    { instance: instance({ name: 'A' }), initialFaults: first },
    { instance: instance({ name: 'B' }), initialFaults: second },
  ];
  const log: string[] = [];
  sayInitialFaults(routers, config, interfaces, ({ message }) => log.push(message));
  assert.deepEqual(log, [
    '(A): entering FAULT state (interface x0 down)',
    '(B): entering FAULT state (interface x0 down)',
    '(B): entering FAULT state (interface x1 down)',
    '(A): entering FAULT state (tracked file u has status -254)',
    '(B): entering FAULT state (tracked file u has status -254)',
    '(A): entering FAULT state (tracked file w has status -254)',
    '(A) entering FAULT state (tracked process p quorum not achieved)',
    '(A): entering FAULT state due to script s',
    '(A): entering FAULT state due to script r',
    '(B) entering FAULT state (no IPv4 address for interface)',
    '(B): entering FAULT state due to script r',
  ]);
});
