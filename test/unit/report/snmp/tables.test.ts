import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config, Route } from '../../../../src/config/types.ts';
import type { CheckerSurvey, VrrpSurvey } from '../../../../src/ipc/observation.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { shownTables } from '../../../../src/report/snmp/tables.ts';
import { findVariable, nextVariable } from '../../../../src/report/snmp/tree.ts';
import { writeOf } from '../../../../src/report/snmp/writes.ts';
import { config, ip } from '../examples.ts';

const KEEPALIVED = '1.3.6.1.4.1.9586.100.5';
const NOW = 1_000_000_000;

const route: Route = {
  family: 4,
  destination: { address: ip('10.41.0.0'), prefixLength: 24 },
  gateway: ip('10.20.0.9'),
  interface: 'eth0',
  onlink: false,
  metrics: { locked: ['cwnd'], cwnd: 20, rtt: 1600, features: 1 },
  realms: (5 << 16) | 7,
  placement: 'add',
  nextHops: [],
  tracked: true,
};

const everything: Config = {
  ...config,
  global: {
    ...config.global,
    snmp: { ...config.global.snmp, vrrp: true, checker: true, rfcV2: true, rfcV3: true },
  },
  staticRoutes: [route],
};

const survey: VrrpSurvey = {
  type: 'survey',
  startedAt: NOW - seconds(20),
  instances: [
    {
      name: 'VI_A',
      state: 'MASTER',
      wantedState: 'MASTER',
      basePriority: 120,
      preempt: false,
      effectivePriority: 125,
      faults: [],
      scriptsAwaited: 0,
      masterPriority: 0,
      sourceAddress: ip('10.20.0.1'),
      interfaceIndex: 3,
      mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
      holdsAddresses: true,
      workingSince: NOW - seconds(12),
      newMasterReason: 'masterNoResponse',
      protocolError: 'versionError',
      statistics: { becomeMaster: 4, checksumError: 2 },
    },
  ],
  groups: [],
  interfaces: { eth0: 3 },
  ...{ scripts: {}, files: {}, bfds: {}, processes: {} },
};

const none = {
  ...{ connections: 0n, incomingPackets: 0n, outgoingPackets: 0n, incomingBytes: 0n, outgoingBytes: 0n },
  ...{ connectionRate: 0n, incomingPacketRate: 0n, outgoingPacketRate: 0n },
  ...{ incomingByteRate: 0n, outgoingByteRate: 0n },
};

const checkers: CheckerSurvey = {
  type: 'checkerSurvey',
  services: [
    {
      quorumUp: false,
      sorryActive: false,
      traffic: { ...none, incomingPackets: 0x1_0000_0007n, incomingByteRate: 0x3_0000_0009n },
      realServers: [{ alive: true, weight: 7, failedCheckers: 0, uncheckedCheckers: 1, checks: [] }],
    },
  ],
};

const tables = shownTables(everything, { vrrp: survey, checker: checkers }, 'v', NOW);

function shown(oid: string): unknown {
  const variable = findVariable(tables, oid.split('.').map(Number));
  const { value } = variable ?? {};
  return value instanceof Uint8Array ? [...value].join(' ') : value;
}

describe('the tree', () => {
  it('counts everything it has exactly once on a walk', () => {
    let count = 0;
    const known = tables.flatMap(({ columns, rows, cell }) =>
      columns.flatMap((column) => rows.filter((_, row) => cell(column, row) !== undefined)),
    );
    for (let at = nextVariable(tables, [], []); at; at = nextVariable(tables, at.oid, [])) count++;
    assert.equal(count, known.length);
  });

  it('shows what was set from outside rather than what is configured', () => {
    assert.equal(shown(`${KEEPALIVED}.2.3.1.7.1`), 120);
    assert.equal(shown(`${KEEPALIVED}.2.3.1.13.1`), 2);
    assert.equal(shown(`${KEEPALIVED}.3.4.1.7.1.2`), 7);
  });

  it('shows times as RFC 2787 and RFC 6527 have them', () => {
    assert.equal(shown('1.3.6.1.2.1.68.1.3.1.13.3.7'), 800);
    assert.equal(shown('1.3.6.1.2.1.207.1.1.1.1.12.3.7.1'), 1200);
    assert.equal(shown('1.3.6.1.2.1.207.1.2.5.1.6.3.7.1'), 2);
    assert.equal(shown('1.3.6.1.2.1.207.1.2.5.1.13.3.7.1'), 1000);
  });

  it('shows of a route what it has, in the units of the configuration', () => {
    const column = (number: number) => shown(`${KEEPALIVED}.2.7.1.${number}.0.1`);
    assert.equal(column(3), '10 41 0 0');
    assert.deepEqual([column(11), column(12), column(13), column(18)], [3, 'eth0', 254, 19]);
    assert.deepEqual([column(19), column(27), column(28), column(34), column(35)], [1, 200, 2, 20, 1]);
    assert.deepEqual([column(44), column(45), column(22)], [7, 5, undefined]);
  });

  it('shows counters in 32 bits and 64, and rates in two halves', () => {
    const column = (number: number) => shown(`${KEEPALIVED}.3.3.1.${number}.1`);
    assert.deepEqual([column(28), column(39)], [7, 0x1_0000_0007n]);
    assert.deepEqual([column(35), column(47), column(48), column(77)], [0xffff_ffff, 9, 3, 0x3_0000_0009n]);
  });

  it('puts the sorry server before the others, without what only those have', () => {
    assert.deepEqual([shown(`${KEEPALIVED}.3.4.1.2.1.1`), shown(`${KEEPALIVED}.3.4.1.2.1.2`)], [2, 1]);
    assert.equal(shown(`${KEEPALIVED}.3.4.1.6.1.1`), undefined);
    assert.equal(shown(`${KEEPALIVED}.3.4.1.63.1.2`), 1);
  });

  it('shows nothing of a process that does not run', () => {
    const alone = shownTables(everything, { vrrp: undefined, checker: undefined }, 'v', NOW);
    assert.ok(alone.every(({ entry }) => entry[9] === 1));
  });
});

describe('writing', () => {
  const write = (oid: string, value: number | undefined) => writeOf(everything, oid.split('.').map(Number), value);

  it('is for base priority, preemption and weights', () => {
    const name = everything.instances[0]?.name;
    assert.deepEqual(write(`${KEEPALIVED}.2.3.1.7.1`, 120), {
      request: { type: 'adjust', instance: name, priority: 120 },
    });
    assert.deepEqual(write(`${KEEPALIVED}.2.3.1.13.1`, 2), {
      request: { type: 'adjust', instance: name, preempt: false },
    });
    assert.deepEqual(write(`${KEEPALIVED}.3.4.1.7.1.2`, 0), {
      request: { type: 'weigh', virtualServer: 0, realServer: 0, weight: 0 },
    });
  });

  it('is refused with the reason', () => {
    const [wrongType, wrongValue, notWritable] = [{ refusal: 7 }, { refusal: 10 }, { refusal: 17 }];
    for (const value of [0, 256]) assert.deepEqual(write(`${KEEPALIVED}.2.3.1.7.1`, value), wrongValue);
    assert.deepEqual(write(`${KEEPALIVED}.2.3.1.7.1`, undefined), wrongType);
    assert.deepEqual(write(`${KEEPALIVED}.2.3.1.13.1`, 3), wrongValue);
    assert.deepEqual(write(`${KEEPALIVED}.3.4.1.7.1.2`, -1), wrongValue);
    for (const oid of ['2.3.1.7.9', '2.3.1.8.1', '3.4.1.7.1.1', '3.4.1.6.1.2', '1.2.0']) {
      assert.deepEqual(write(`${KEEPALIVED}.${oid}`, 1), notWritable);
    }
  });
});
