import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NFTABLES, tableMessage } from '../../../src/firewall/numbers.ts';
import {
  emptyFilter,
  type Filter,
  type FilterSettings,
  noStructure,
  planFilter,
  planRemoval,
  type Structure,
} from '../../../src/firewall/plan.ts';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import type { Request } from '../../../src/netlink/message.ts';

const settings: FilterSettings = { table: 'keepalived', priority: -1, counters: false };
const names = new Map<number, string>(Object.entries(tableMessage).map(([name, number]) => [number, name]));

function kinds(requests: readonly Request[]): string[] {
  return requests.map(({ type }) => {
    assert.equal(type >> 8, NFTABLES);
    return names.get(type & 0xff) ?? '?';
  });
}

function bytesOf(request: Request): string {
  const writer = new ByteWriter();
  request.body(writer);
  return Buffer.from(writer.written()).toString('hex');
}

const ip = (text: string): IpAddress => parseIp(text) as IpAddress;
const four: Filter = { dropped: [{ address: ip('192.0.2.9'), ifindex: 2 }], virtualInterfaces: [] };
const router: Filter = { dropped: [], virtualInterfaces: [{ family: 4, ifindex: 5, parent: 2 }] };

const filters: fc.Arbitrary<Filter> = fc.record(
  {
    dropped: fc.uniqueArray(
      fc.record(
        {
          address: fc.constantFrom('192.0.2.9', '192.0.2.10', '2001:db8::9', 'fe80::9').map(ip),
          ifindex: fc.constantFrom(2, 5),
        },
        { noNullPrototype: true },
      ),
      { selector: ({ address, ifindex }) => `${address} ${ifindex}` },
    ),
    virtualInterfaces: fc.uniqueArray(
      fc.record(
        { family: fc.constantFrom(4 as const, 6 as const), ifindex: fc.constantFrom(5, 6), parent: fc.constant(2) },
        { noNullPrototype: true },
      ),
      { selector: ({ family, ifindex }) => `${family} ${ifindex}` },
    ),
  },
  { noNullPrototype: true },
);

test('nothing is made before it is needed, and only in the family that needs it', () => {
  const nothing = planFilter(settings, noStructure, emptyFilter, emptyFilter);
  assert.deepEqual([nothing.requests.length, nothing.structure], [0, noStructure]);
  const { requests, structure } = planFilter(settings, noStructure, emptyFilter, four);
  assert.deepEqual(kinds(requests), [
    'newTable',
    'newChain',
    'newChain',
    'newSet',
    'newRule',
    'newRule',
    'newSetElement',
  ]);
  assert.equal(structure.ip6.table, false);
});

test('what stands is used again; the last address leaves the tables standing', () => {
  const first = planFilter(settings, noStructure, emptyFilter, four);
  const gone = planFilter(settings, first.structure, four, emptyFilter);
  assert.deepEqual(kinds(gone.requests), ['deleteSetElement']);
  const again = planFilter(settings, gone.structure, emptyFilter, four);
  assert.deepEqual(kinds(again.requests), ['newSetElement']);
  const more = planFilter(settings, first.structure, four, { ...four, ...router, dropped: four.dropped });
  assert.deepEqual(kinds(more.requests), ['newSet', 'newRule', 'newSetElement']);
});

test('planning equal filters asks for nothing, whatever they are', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const { structure } = planFilter(settings, noStructure, emptyFilter, filter);
      assert.deepEqual(planFilter(settings, structure, filter, filter).requests, []);
    }),
  );
});

test('any way between two filters ends with the same elements and never makes a thing twice', () => {
  fc.assert(
    fc.property(fc.array(filters, { minLength: 1, maxLength: 6 }), (steps) => {
      let structure: Structure = noStructure;
      let current = emptyFilter;
      const made = new Set<string>();
      let elements = 0;
      for (const step of steps) {
        const plan = planFilter(settings, structure, current, step);
        for (const request of plan.requests) {
          const kind = names.get(request.type & 0xff) ?? '';
          if (kind !== 'newTable' && kind !== 'newChain' && kind !== 'newSet') continue;
          const what = `${kind} ${bytesOf(request)}`;
          assert.ok(!made.has(what), `made twice: ${kind}`);
          made.add(what);
        }
        elements += plan.requests.length;
        ({ structure } = plan);
        current = step;
      }
      assert.deepEqual(planFilter(settings, structure, current, steps.at(-1) as Filter).requests, []);
      assert.equal(planRemoval(settings, structure).length, Number(structure.ip.table) + Number(structure.ip6.table));
      assert.ok(elements >= 0);
    }),
  );
});

test('a rule of keepalived, byte for byte', () => {
  const { requests } = planFilter(settings, noStructure, emptyFilter, four);
  const rule = requests.filter(({ type }) => (type & 0xff) === tableMessage.newRule)[0] as Request;
  // nft --debug=netlink: payload load 4b @ network header + 16; lookup reg 1 set vips; immediate reg 0 drop
  assert.match(bytesOf(rule), /7061796c6f616400.*0800010000000001080002000000000108000300000000100800040000000004/);
  assert.match(bytesOf(rule), /6c6f6f6b757000.*76697073/);
});
