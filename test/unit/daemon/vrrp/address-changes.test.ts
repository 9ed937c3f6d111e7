import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VirtualAddress, VrrpInstance } from '../../../../src/config/types.ts';
import { addressChanges, ArrivedAddresses, exchangeHoldings } from '../../../../src/daemon/vrrp/address-changes.ts';
import { noRouting } from '../../../../src/daemon/vrrp/instance-routing.ts';
import type { RouterEffects } from '../../../../src/daemon/vrrp/router-effects.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { instance, ip } from '../../vrrp/support.ts';

const plain: VirtualAddress = {
  ...{ address: ip('10.9.0.151'), prefixLength: 24, interface: 'eth0', scope: 0 },
  ...{ noDad: false, flags: 0, noTrack: false },
};

test('length, scope, label and interface make another address', () => {
  const others: Partial<VirtualAddress>[] = [
    ...[{ prefixLength: 25 }, { scope: 253 }, { label: 'eth0:a' }, { interface: 'eth1' }],
    { peer: { address: ip('10.9.1.1'), prefixLength: 32 } },
  ];
  for (const change of others) {
    const other = { ...plain, ...change };
    assert.deepEqual(addressChanges([plain], [other]), { gone: [plain], added: [other] });
  }
});

test('whatever else changes waits until the address is set again', () => {
  const others: Partial<VirtualAddress>[] = [
    ...[{ noTrack: true }, { broadcast: ip('10.9.0.255') }, { flags: 0x200 }, { noDad: true }],
    { preferredLifetime: seconds(100) },
  ];
  for (const change of others) {
    assert.deepEqual(addressChanges([plain], [{ ...plain, ...change }]), { gone: [], added: [] });
  }
  const peers = ['10.9.1.1', '10.9.1.2'].map((address) => ({
    ...plain,
    peer: { address: ip(address), prefixLength: 32 },
  }));
  assert.deepEqual(addressChanges(peers.slice(0, 1), peers.slice(1)), { gone: [], added: [] });
});

test('an address that moves between two masters stays on its interface, whichever comes first', () => {
  const moving = { ...plain, address: ip('10.9.0.160') };
  const without = instance({ virtualAddresses: [plain] });
  const having = instance({ virtualAddresses: [plain, moving] });
  const play = (...changes: [VrrpInstance, VrrpInstance][]): string[] => {
    const commands: string[] = [];
    const effects = {
      addAddresses: (addresses: readonly VirtualAddress[]) =>
        commands.push(...addresses.map((one) => `add ${one.address}`)),
      removeAddresses: (addresses: readonly VirtualAddress[]) =>
        commands.push(...addresses.map((one) => `remove ${one.address}`)),
      routing: noRouting,
    };
    const arrived = new ArrivedAddresses([]);
    for (const [before, after] of changes) {
      exchangeHoldings(before, after, effects as unknown as RouterEffects, arrived, {
        gone() {},
        setting() {},
        added() {},
      });
    }
    return commands;
  };
  assert.deepEqual(play([without, having], [having, without]), ['add 10.9.0.160']);
  assert.deepEqual(play([having, without], [without, having]), ['remove 10.9.0.160', 'add 10.9.0.160']);
});
