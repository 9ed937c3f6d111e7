import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  newMasterTrap2,
  newMasterTrap3,
  refusalTrap,
  serviceTrap,
  stateTrap,
} from '../../../../src/report/snmp/traps.ts';
import type { Trap } from '../../../../src/report/snmp/traps.ts';
import { config, ip } from '../examples.ts';

/** The trap and its variables, as keepalived was seen to send them. */
function told({ oid, variables }: Trap): [string, ...(readonly [string, unknown])[]] {
  return [oid.join('.'), ...variables.map(({ oid: name, value }) => [name.join('.'), plain(value)] as const)];
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? [...value].join(' ') : value;
}

const KEEPALIVED = '1.3.6.1.4.1.9586.100.5';
const ROUTER_ID = [`${KEEPALIVED}.1.2.0`, 'DUMP'];
const index = { version: 3, family: 4, virtualRouterId: 51, interfaceIndex: 3 } as const;

describe('traps', () => {
  it('of a state name the columns without the row', () => {
    const event = { type: 'changed', object: 'instance', name: 'gone', state: 'STOP' } as const;
    assert.deepEqual(told(stateTrap(config, event)), [
      `${KEEPALIVED}.2.10.0.2`,
      [`${KEEPALIVED}.2.3.1.2`, 'gone'],
      [`${KEEPALIVED}.2.3.1.4`, 5],
      [`${KEEPALIVED}.2.3.1.5`, 1],
      ROUTER_ID,
    ]);
    assert.deepEqual(told(stateTrap(config, { ...event, object: 'group', state: 'MASTER' })), [
      `${KEEPALIVED}.2.10.0.1`,
      [`${KEEPALIVED}.2.1.1.2`, 'gone'],
      [`${KEEPALIVED}.2.1.1.3`, 2],
      ROUTER_ID,
    ]);
  });

  it('of a new master say who and why', () => {
    const master = { ...index, sourceAddress: ip('10.20.0.1'), reason: 'preempted' } as const;
    assert.deepEqual(told(newMasterTrap2(master)), [
      '1.3.6.1.2.1.68.0.1',
      ['1.3.6.1.2.1.68.1.3.1.7.3.51', '10.20.0.1'],
    ]);
    assert.deepEqual(told(newMasterTrap3(master)), [
      '1.3.6.1.2.1.207.0.1',
      ['1.3.6.1.2.1.207.1.1.1.1.3.3.51.1', '10 20 0 1'],
      ['1.3.6.1.2.1.207.1.2.5.1.2.3.51.1', 2],
    ]);
  });

  it('of a refused packet are those of its MIB', () => {
    const refused = { type: 'refused', ...index, from: ip('10.20.0.2') } as const;
    assert.deepEqual(told(refusalTrap({ ...refused, reason: 'authTypeMismatch' })), [
      '1.3.6.1.2.1.68.0.2',
      ['1.3.6.1.2.1.68.1.5.3.51', '10.20.0.2'],
      ['1.3.6.1.2.1.68.1.6.3.51', 2],
    ]);
    assert.deepEqual(told(refusalTrap({ ...refused, reason: 'checksumError' })), [
      '1.3.6.1.2.1.207.0.2',
      ['1.3.6.1.2.1.207.1.2.5.1.6.3.51.1', 3],
    ]);
  });

  it('of servers say how many are left', () => {
    const key = { kind: 'address', address: ip('10.20.0.50'), port: 80, protocol: 'TCP' } as const;
    const event = { type: 'serviceChanged', key, family: 4, quorum: 2, serversUp: 1, servers: 2 } as const;
    const check = `${KEEPALIVED}.3`;
    const server = [
      [`${check}.3.1.2`, 2],
      [`${check}.3.1.5`, 1],
      [`${check}.3.1.6`, '10 20 0 50'],
      [`${check}.3.1.7`, 80],
      [`${check}.3.1.8`, 1],
    ];
    const counts = [[`${check}.3.1.21`, 1], [`${check}.3.1.20`, 2], ROUTER_ID];
    const change = { object: 'realServer', address: ip('10.20.0.1'), port: 81, up: false } as const;
    assert.deepEqual(told(serviceTrap(config, { ...event, change })), [
      `${check}.5.0.1`,
      [`${check}.4.1.3`, 1],
      [`${check}.4.1.4`, '10 20 0 1'],
      [`${check}.4.1.5`, 81],
      [`${check}.4.1.6`, 2],
      ...server,
      ...counts,
    ]);
    assert.deepEqual(told(serviceTrap(config, { ...event, change: { object: 'quorum', status: 'shutdown' } })), [
      `${check}.5.0.2`,
      ...server,
      [`${check}.3.1.23`, 3],
      [`${check}.3.1.22`, 2],
      ...counts,
    ]);
  });

  it('of a virtual server of firewall marks name the mark, or the group', () => {
    const common = { type: 'serviceChanged', family: 4, quorum: 1, serversUp: 1, servers: 1 } as const;
    const change = { object: 'quorum', status: 'met' } as const;
    const mark = serviceTrap(config, { ...common, change, key: { kind: 'fwmark', fwmark: 5, family: 4 } });
    assert.deepEqual(told(mark).slice(1, 4), [
      [`${KEEPALIVED}.3.3.1.2`, 1],
      [`${KEEPALIVED}.3.3.1.4`, 5],
      [`${KEEPALIVED}.3.3.1.8`, 2],
    ]);
    const group = serviceTrap(config, { ...common, change, key: { kind: 'group', group: 'GF', ordinal: 0 } });
    assert.deepEqual(told(group).slice(1, 4), [
      [`${KEEPALIVED}.3.3.1.2`, 3],
      [`${KEEPALIVED}.3.3.1.3`, 'GF'],
      [`${KEEPALIVED}.3.3.1.8`, 2],
    ]);
  });
});
