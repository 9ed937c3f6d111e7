import type { Config, VirtualAddress } from '../../config/types.ts';
import { type IpAddress, isLinkLocal } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { keepalivedProtocol } from '../../lib/routing-numbers.ts';
import { otherDaemonHere } from '../../os/processes/other-daemons.ts';
import type { KernelAddress } from '../../rtnetlink/address.ts';
import { wantedInterfaces } from '../../vrrp/wanted-interface.ts';

interface Kernel {
  addresses(): readonly KernelAddress[];
  deleteAddresses(addresses: readonly VirtualAddress[], options: { readonly purge: boolean }): unknown;
}

/**
 * Takes off what a daemon that ended without doing so has left: addresses with keepalived's protocol number that the
 * configuration does not name. Those that it names are the virtual routers' business; so are the link-local ones that VMAC
 * interfaces speak from. Where another daemon works in the same network namespace nothing can be told apart, and everything
 * stays.
 */
export function removeLeftovers(
  config: Config,
  kernel: Kernel,
  nameOf: (ifindex: number) => string | undefined,
  log: Log,
  anotherDaemon: () => boolean = otherDaemonHere,
): void {
  const wanted = new Set<IpAddress>(config.staticAddresses.map(({ address }) => address));
  for (const { virtualAddresses, excludedAddresses, vmac } of config.instances) {
    if (vmac?.address) wanted.add(vmac.address.address);
    for (const { address } of virtualAddresses) wanted.add(address);
    for (const { address } of excludedAddresses) wanted.add(address);
  }
  const ownInterfaces = new Set(wantedInterfaces(config.instances).map(({ name }) => name));
  const left = kernel.addresses().flatMap((known): VirtualAddress[] => {
    const name = nameOf(known.ifindex);
    if (known.protocol !== keepalivedProtocol || wanted.has(known.address) || name === undefined) return [];
    if (ownInterfaces.has(name) && isLinkLocal(known.address)) return [];
    const { address, prefixLength, scope } = known;
    return [{ address, prefixLength, scope, interface: name, noDad: false, flags: 0, noTrack: false }];
  });
  if (left.length === 0 || anotherDaemon()) return;
  for (const { address, interface: name } of left) {
    log({ level: 'info', message: `Removing address ${address} from ${name}, left by a former run` });
  }
  kernel.deleteAddresses(left, { purge: true });
}
