import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KernelAddress } from '../../../src/rtnetlink/address.ts';
import { type DesiredAddress, desiredAddresses } from '../../../src/rtnetlink/desired.ts';
import { type AddressCommand, addressFailureText, planAddresses } from '../../../src/rtnetlink/plan.ts';
import { ip, virtualAddress } from './vectors.ts';

/** What a kernel reports of an address that was added as `desired` says. */
function held({ ifindex, address }: DesiredAddress): KernelAddress {
  const { peer, broadcast } = address;
  return {
    ifindex,
    address: address.address,
    prefixLength: peer?.prefixLength ?? address.prefixLength,
    scope: address.scope,
    flags: 0x80,
    label: address.label ?? 'v0',
    ...(broadcast !== undefined && { broadcast }),
    ...(peer && { peer: peer.address }),
    protocol: 18,
  };
}

const desired: fc.Arbitrary<readonly DesiredAddress[]> = fc.uniqueArray(
  fc
    .record({
      ifindex: fc.constantFrom(1, 2),
      address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
      prefixLength: fc.constantFrom(24, 32),
      scope: fc.constantFrom(0, 253),
      label: fc.option(fc.constant('v0:1'), { nil: undefined }),
      peer: fc.option(fc.constantFrom('10.9.0.1', '10.9.0.2'), { nil: undefined }),
    })
    .map(({ ifindex, address, prefixLength, scope, label, peer }) => ({
      ifindex,
      address: virtualAddress(address, prefixLength, {
        scope,
        ...(label !== undefined && { label }),
        ...(peer !== undefined && { peer: { address: ip(peer), prefixLength } }),
      }),
    })),
  {
    selector: ({ ifindex, address }) =>
      `${ifindex} ${address.address}/${address.prefixLength} ${address.peer?.address ?? ''}`,
  },
);

function identity(address: KernelAddress): string {
  return `${address.ifindex} ${address.address}/${address.prefixLength} ${address.peer ?? ''}`;
}

/** A kernel that refuses nothing silently: adding what is there or removing what is not fails the test. */
function applied(current: readonly KernelAddress[], commands: readonly AddressCommand[]): KernelAddress[] {
  const table = new Map(current.map((address) => [identity(address), address]));
  for (const command of commands) {
    if (command.kind === 'addAddress') {
      const address = held(command);
      assert.ok(!table.has(identity(address)), 'EEXIST');
      table.set(identity(address), address);
    } else {
      const { ifindex, address } = command;
      const id = `${ifindex} ${address.address}/${address.prefixLength} ${address.peer?.address ?? ''}`;
      assert.ok(table.delete(id), 'EADDRNOTAVAIL');
    }
  }
  return [...table.values()];
}

test('applying a plan gives the desired addresses', () => {
  fc.assert(
    fc.property(desired, desired, (before, after) => {
      const current = before.map(held);
      const result = applied(current, planAddresses(current, after));
      assert.deepEqual(planAddresses(result, after), []);
      assert.equal(result.length, after.length);
    }),
  );
});

test('planning equal addresses gives nothing', () => {
  fc.assert(fc.property(desired, (wanted) => assert.deepEqual(planAddresses(wanted.map(held), wanted), [])));
});

test('an address on an interface that does not exist is named', () => {
  const here = virtualAddress('10.0.0.1', 24);
  const nowhere = virtualAddress('10.0.0.2', 24, { interface: 'gone' });
  const found = desiredAddresses([here, nowhere], (name) => (name === 'v0' ? 3 : undefined));
  assert.deepEqual(found, { desired: [{ ifindex: 3, address: here }], missing: [nowhere] });
});

test('a failure is logged in the words of keepalived', () => {
  const command = { kind: 'addAddress', ifindex: 3, address: virtualAddress('10.0.0.1', 24) } as const;
  assert.equal(
    addressFailureText({ command, errno: 22, sequence: 7 }),
    'Netlink: error: Invalid argument(22), type=RTM_NEWADDR(20), seq=7, pid=0',
  );
});
