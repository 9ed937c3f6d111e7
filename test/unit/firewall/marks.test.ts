import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MarkedRange, type MarkStructure, planMarkRemoval, planMarks } from '../../../src/firewall/marks.ts';
import { NFTABLES, tableMessage } from '../../../src/firewall/numbers.ts';
import type { FilterSettings } from '../../../src/firewall/plan.ts';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import type { Request } from '../../../src/netlink/message.ts';

const settings: FilterSettings = { table: 'keepalived_ipvs', priority: -1, counters: false };
const names = new Map<number, string>(Object.entries(tableMessage).map(([name, number]) => [number, name]));
const none: MarkStructure = new Set();

function kinds(requests: readonly Request[]): string[] {
  return requests.map(({ type }) => {
    assert.equal(type >> 8, NFTABLES);
    return names.get(type & 0xff) ?? '?';
  });
}

function range(protocol: MarkedRange['protocol'], first: string, mark: number, last = first): MarkedRange {
  return { protocol, first: parseIp(first) as IpAddress, last: parseIp(last) as IpAddress, port: 80, mark };
}

test('tables, chains, maps and rules are made with the first range that needs them', () => {
  const web = range('TCP', '10.0.0.1', 1000);
  const first = planMarks(settings, none, [], [web]);
  assert.deepEqual(kinds(first.requests), ['newTable', 'newChain', 'newSet', 'newRule', 'newSetElement']);
  const names = range('UDP', '10.0.0.1', 1001, '10.0.0.3');
  const second = planMarks(settings, first.structure, [web], [web, names]);
  assert.deepEqual(kinds(second.requests), ['newSet', 'newRule', 'newSetElement']);
  const third = planMarks(settings, second.structure, [web, names], [web, range('TCP', '2001:db8::1', 1002)]);
  assert.deepEqual(kinds(third.requests), [
    'deleteSetElement',
    'newTable',
    'newChain',
    'newSet',
    'newRule',
    'newSetElement',
  ]);
  assert.deepEqual(kinds(planMarkRemoval(settings, third.structure)), ['deleteTable', 'deleteTable']);
});

const ranges = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('TCP' as const, 'UDP' as const), fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1'))
    .map(([protocol, first]) => range(protocol, first, 1000)),
  { selector: ({ protocol, first }) => `${protocol} ${first}` },
);

test('what stands already is not made again, and the same again is nothing', () => {
  fc.assert(
    fc.property(ranges, ranges, (before, after) => {
      const first = planMarks(settings, none, [], before);
      const second = planMarks(settings, first.structure, before, after);
      assert.deepEqual(planMarks(settings, second.structure, after, after).requests, []);
      const made = [...kinds(first.requests), ...kinds(second.requests)];
      const count = (kind: string) => made.filter((one) => one === kind).length;
      assert.equal(count('newSet'), second.structure.size);
      assert.equal(count('newRule'), second.structure.size);
      assert.equal(count('newTable'), planMarkRemoval(settings, second.structure).length);
    }),
  );
});

test('thousands of ranges are several messages, none of them longer than an attribute can be', () => {
  const many = Array.from({ length: 3000 }, (_, i) => range('TCP', `2001:db8::${(i + 1).toString(16)}`, 1000));
  const { requests } = planMarks(settings, none, [], many);
  const lengths = requests.map(({ body }) => {
    const writer = new ByteWriter();
    body(writer);
    return writer.length;
  });
  assert.ok(Math.max(...lengths) < 0x10000);
  assert.ok(kinds(requests).filter((kind) => kind === 'newSetElement').length > 1);
});

test('of two equal ranges the first counts', () => {
  const first = planMarks(settings, none, [], [range('TCP', '10.0.0.1', 1000)]);
  const twice = [range('TCP', '10.0.0.1', 1000), range('TCP', '10.0.0.1', 1001)];
  assert.deepEqual(planMarks(settings, first.structure, [range('TCP', '10.0.0.1', 1000)], twice).requests, []);
});
