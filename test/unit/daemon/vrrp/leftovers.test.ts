import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config, VirtualAddress, VrrpInstance } from '../../../../src/config/types.ts';
import { removeLeftovers } from '../../../../src/daemon/vrrp/leftovers.ts';
import type { KernelAddress } from '../../../../src/rtnetlink/address.ts';
import { config, instance, ip } from '../../report/examples.ts';

function known(address: string, protocol: number | undefined, ifindex = 3): KernelAddress {
  return {
    ...{ ifindex, address: ip(address), prefixLength: 24, scope: 0, flags: 0 },
    ...(protocol !== undefined && { protocol }),
  } as KernelAddress;
}

describe('what a former run has left', () => {
  const removedBy = (
    addresses: readonly KernelAddress[],
    { another = false, running = instance }: { another?: boolean; running?: VrrpInstance } = {},
  ): readonly string[] => {
    let removed: readonly VirtualAddress[] = [];
    const kernel = {
      addresses: () => addresses,
      deleteAddresses: (gone: readonly VirtualAddress[]) => {
        removed = gone;
      },
    };
    const only: Config = { ...config, instances: [running] };
    const nameOf = (ifindex: number) => (ifindex === 3 ? 'eth0' : undefined);
    removeLeftovers(
      only,
      kernel,
      nameOf,
      () => {},
      () => another,
    );
    return removed.map(({ address, interface: name }) => `${address} ${name}`);
  };

  it('goes where it bears keepalived’s number and nobody wants it', () => {
    const addresses = [known('10.20.0.1', undefined), known('10.20.0.77', 18), known('10.20.0.78', 2)];
    assert.deepEqual(removedBy(addresses), ['10.20.0.77 eth0']);
  });

  it('stays where the configuration names it, and where the interface is unknown', () => {
    assert.deepEqual(removedBy([known('10.20.0.5', 18), known('10.20.0.77', 18, 9)]), []);
  });

  it('stays where another daemon may have set it', () => {
    assert.deepEqual(removedBy([known('10.20.0.77', 18)], { another: true }), []);
  });

  it('stays where a VMAC interface speaks from it', () => {
    const running: VrrpInstance = {
      ...instance,
      vmac: { kind: 'macvlan', name: 'eth0', generatedName: true, netlinkNotify: false },
    };
    const linkLocal = { ...known('fe80::1', 18), scope: 253 };
    assert.deepEqual(removedBy([linkLocal], { running }), []);
    assert.deepEqual(removedBy([linkLocal]), ['fe80::1 eth0']);
  });
});
