import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SnmpWrites } from '../../../../src/daemon/parent/snmp-writes.ts';
import type { SetRequest, Varbind } from '../../../../src/os/agentx.ts';
import { config } from '../../report/examples.ts';

const INTEGER = 2;
const priority = (value: number): Varbind => ({ oid: '1.3.6.1.4.1.9586.100.5.2.3.1.7.1', type: INTEGER, value });
const settable = { ...config, global: { ...config.global, snmp: { ...config.global.snmp, vrrp: true } } };

function play(steps: readonly SetRequest['step'][], varbinds: readonly Varbind[]) {
  const asked: string[] = [];
  const replies: [number, number][] = [];
  const writes = new SnmpWrites((role, request) => asked.push(`${role} ${request.type}`));
  for (const step of steps) {
    writes.step(settable, { step, transaction: 9, varbinds, reply: (...reply) => replies.push(reply) });
  }
  return { asked, replies };
}

it('what all agents agree to is carried out at the end', () => {
  const { asked, replies } = play(['test', 'commit', 'cleanup'], [priority(120)]);
  assert.deepEqual(asked, ['vrrp adjust']);
  assert.deepEqual(replies, [
    [0, 0],
    [0, 0],
  ]);
});

it('what another agent fails in is not carried out', () => {
  assert.deepEqual(play(['test', 'commit', 'undo', 'cleanup'], [priority(120)]).asked, []);
  assert.deepEqual(play(['test', 'cleanup'], [priority(120)]).asked, []);
});

it('one wrong value refuses all, and says which it was', () => {
  const { asked, replies } = play(['test', 'cleanup'], [priority(120), priority(0)]);
  assert.deepEqual(asked, []);
  assert.deepEqual(replies, [[10, 2]]);
});

it('a transaction whose master agent has gone is forgotten', () => {
  const asked: string[] = [];
  const writes = new SnmpWrites((role, request) => asked.push(`${role} ${request.type}`));
  const errors: number[] = [];
  const step = (name: SetRequest['step']) =>
    writes.step(settable, {
      ...{ step: name, transaction: 9, varbinds: [priority(120)] },
      reply: (error) => errors.push(error),
    });
  step('test');
  writes.forget();
  step('commit');
  step('cleanup');
  assert.deepEqual(asked, []);
  assert.deepEqual(errors, [0, 14]);
});
