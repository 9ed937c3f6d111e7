import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planFullNat, shares, type TranslatedDestination } from '../../../src/firewall/full-nat.ts';
import { tableMessage } from '../../../src/firewall/numbers.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import type { Request } from '../../../src/netlink/message.ts';

const names = new Map<number, string>(Object.entries(tableMessage).map(([name, number]) => [number, name]));
const ip = (text: string): IpAddress => parseIp(text) as IpAddress;
const one = (first: string, last = first) => ({ first: ip(first), last: ip(last) });

function kinds(requests: readonly Request[]): string[] {
  return requests.map(({ type }) => names.get(type & 0xff) ?? '?');
}

function web(server: string, port = 80, from = '10.0.0.9'): TranslatedDestination {
  return {
    service: { kind: 'address', address: ip('10.0.0.1'), port: 80, protocol: 'TCP' },
    destination: { address: ip(server), port },
    sources: [one(from)],
  };
}

test('a table is replaced as a whole, since connections under way keep their source', () => {
  const made = ['newTable', 'deleteTable', 'newTable', 'newChain', 'newChain', 'newRule'];
  const map = ['newSet', 'newSetElement', 'newRule'];
  const first = planFullNat([], [web('10.0.0.2'), web('10.0.0.3')]);
  assert.deepEqual(kinds(first), [...made, ...map]);
  const own = planFullNat([web('10.0.0.2')], [web('10.0.0.2'), web('10.0.0.3', 80, '10.0.0.8')]);
  assert.deepEqual(kinds(own), [...made, 'newChain', 'newRule', ...map]);
  assert.deepEqual(kinds(planFullNat([web('10.0.0.2')], [])), ['newTable', 'deleteTable']);
});

test('services of another port, of any port and of a mark have maps of their own', () => {
  const service = { kind: 'address', address: ip('10.0.0.1'), protocol: 'TCP' } as const;
  const marked = { kind: 'fwmark', fwmark: 7, family: 4 } as const;
  const plan = planFullNat(
    [],
    [
      { ...web('10.0.0.2', 0), service: marked },
      { ...web('10.0.0.2', 0), service: { ...service, port: 0 } },
      web('10.0.0.2'),
      { ...web('10.0.0.2'), service: { ...service, port: 443 } },
    ],
  );
  assert.equal(kinds(plan).filter((kind) => kind === 'newSet').length, 4);
});

test('thousands of elements are spread over messages', () => {
  const many = Array.from({ length: 1000 }, (_, i) => web(`10.1.${i >> 8}.${i & 255}`));
  assert.equal(kinds(planFullNat([], many)).filter((kind) => kind === 'newSetElement').length, 3);
});

const destinations = fc.array(
  fc.record({
    server: fc.constantFrom('10.0.0.2', '10.0.0.3', '2001:db8::2'),
    port: fc.constantFrom(0, 80, 8080),
    mark: fc.boolean(),
  }),
);

test('nothing is planned for what stands already, and only for the family that changes', () => {
  fc.assert(
    fc.property(destinations, (drawn) => {
      const all = drawn.map(({ server, port, mark }): TranslatedDestination => {
        const family = server.includes(':') ? 6 : 4;
        const address = ip(family === 4 ? '10.0.0.1' : '2001:db8::1');
        return {
          service: mark ? { kind: 'fwmark', fwmark: 7, family } : { kind: 'address', address, port, protocol: 'UDP' },
          destination: { address: ip(server), port },
          sources: [],
        };
      });
      assert.deepEqual(planFullNat(all, all), []);
      const without = all.filter(({ destination }) => !destination.address.includes(':'));
      const gone = kinds(planFullNat(all, without));
      assert.deepEqual(gone, without.length === all.length ? [] : ['newTable', 'deleteTable']);
    }),
  );
});

test('ranges are drawn in proportion to their addresses', () => {
  const drawn = shares([one('10.0.0.1', '10.0.0.4'), one('10.0.0.9'), one('10.0.1.0', '10.0.1.2')]);
  assert.deepEqual(
    drawn.map(({ share, total }) => [share, total]),
    [
      [4, 8],
      [1, 4],
      [3, 3],
    ],
  );
  assert.deepEqual(shares([one('2001:db8::', '2001:db8:0:0:ffff::')])[0]?.share, 65_536);
});
