import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRuleRequest, decodeRule, deleteRuleRequest, isRule } from '../../../src/rtnetlink/rule.ts';
import { ruleAt } from './routing-examples.ts';
import { bodyOf, ip, messageOf } from './vectors.ts';

const joined = (...parts: string[]): string => parts.join('').replaceAll(' ', '');
const ten = { address: ip('10.0.0.0'), prefixLength: 8 };

test('rules are written as keepalived writes them', () => {
  assert.equal(
    bodyOf(addRuleRequest(ruleAt(5, { source: ten }))),
    joined('02000800 64000001 00000000', '08000200 0a000000 08000600 05000000 05001500 12000000'),
  );
  const busy = ruleAt(6, {
    table: 300,
    fwmark: 7,
    fwmask: 0xff,
    inputInterface: 'eth0',
    tunnelId: 5n,
    userIds: { first: 5, last: 6 },
    sourcePorts: { first: 5, last: 6 },
  });
  assert.equal(
    bodyOf(addRuleRequest(busy)),
    joined(
      '02000000 00000001 00000000 08000f00 2c010000 08000600 06000000 08000a00 07000000 08001000 ff000000',
      '09000300 65746830 00000000 0c000c00 00000000 00000005 0c001400 05000000 06000000 05001500 12000000',
      '08001700 05000600',
    ),
  );
  const inverted = ruleAt(20, { action: 6, invert: true, source: ten });
  assert.equal(bodyOf(addRuleRequest(inverted)).slice(0, 24), '020008000000000602000000');
});

test('only an addition creates, and never twice', () => {
  assert.equal(messageOf(addRuleRequest(ruleAt(5))).flags, 0x601);
  assert.equal(messageOf(deleteRuleRequest(ruleAt(5))).flags, 0x001);
});

test('a rule of the kernel is recognised by what tells rules apart', () => {
  const rules = [
    ruleAt(5),
    ruleAt(6),
    ruleAt(5, { source: ten }),
    ruleAt(5, { destination: ten }),
    ruleAt(5, { fwmark: 7 }),
    ruleAt(5, { inputInterface: 'eth0' }),
    ruleAt(5, { action: 2, target: 9 }),
    ruleAt(5, { action: 8 }),
    ruleAt(5, { invert: true }),
    ruleAt(5, { family: 6 }),
    ruleAt(5, { destinationPorts: { first: 1, last: 2 } }),
    ruleAt(5, { tunnelId: 4n }),
    ruleAt(5, { table: 101 }),
    ruleAt(5, { table: 300 }),
    ruleAt(5, { tos: 4 }),
    ruleAt(5, { source: { ...ten, prefixLength: 9 } }),
    ruleAt(5, { source: { ...ten, address: ip('11.0.0.0') } }),
    ruleAt(5, { destination: { ...ten, prefixLength: 9 } }),
    ruleAt(5, { destination: { ...ten, address: ip('11.0.0.0') } }),
    ruleAt(5, { outputInterface: 'eth0' }),
    ruleAt(5, { action: 2, target: 10 }),
    ruleAt(5, { sourcePorts: { first: 1, last: 2 } }),
    ruleAt(5, { destinationPorts: { first: 1, last: 3 } }),
    ruleAt(5, { ipProtocol: 6 }),
    ruleAt(5, { userIds: { first: 1, last: 2 } }),
  ];
  for (const rule of rules) {
    const reported = decodeRule(messageOf(addRuleRequest(rule)));
    assert.ok(reported);
    assert.deepEqual(
      rules.filter((other) => isRule(reported, other)),
      [rule],
    );
  }
});

test('a rule that leads to the table of an interface’s VRF has none of its own', () => {
  const rule = ruleAt(5, { l3mdev: true });
  const { table: _, ...without } = rule;
  const reported = decodeRule(messageOf(addRuleRequest(without)));
  assert.ok(reported && isRule({ ...reported, table: 7 }, rule));
});

test('selectors of everything, and marks of zero, are what the kernel does not mention', () => {
  const everything = { address: ip('0.0.0.0'), prefixLength: 0 };
  const reported = decodeRule(messageOf(addRuleRequest(ruleAt(5))));
  assert.ok(reported && isRule(reported, ruleAt(5, { source: everything, fwmark: 0 })));
});
