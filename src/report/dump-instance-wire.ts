import type { VrrpInstance } from '../config/types.ts';
import { type DumpLines, enabled, optional, wholeSeconds, yesNo } from './dump-text.ts';
import type { VrrpRuntime } from './runtime.ts';
import { macText } from '../lib/mac-text.ts';

/** Lines of the title "Flags": only those of unicast have names. */
export function flagLines(instance: VrrpInstance, duplicate: boolean): DumpLines {
  if (!hasFlags(instance)) return ['   Flags: none'];
  return [
    '   Flags:',
    instance.unicast && `     Using unicast${duplicate ? ' with VRID duplication' : ''}`,
    instance.unicastWithoutPeers && '     Unicast config option specified but using multicast',
    instance.unicastFaultNoPeer && '     If unicast go to fault state if no peers',
  ];
}

/** Those by unicast that only their peers tell apart. */
export function duplicateRouters(instances: readonly VrrpInstance[]): ReadonlySet<VrrpInstance> {
  const key = ({ virtualRouterId, family, interface: name, sourceAddress }: VrrpInstance) =>
    `${virtualRouterId} ${family} ${name} ${sourceAddress}`;
  const unicast = instances.filter((instance) => instance.unicast !== undefined);
  const counts = new Map<string, number>();
  for (const instance of unicast) counts.set(key(instance), (counts.get(key(instance)) ?? 0) + 1);
  return new Set(unicast.filter((instance) => (counts.get(key(instance)) ?? 0) > 1));
}

/** The settings that keepalived counts as flags, though it names hardly any. */
function hasFlags(instance: VrrpInstance): boolean {
  return (
    !instance.preempt ||
    !instance.trackPrimaryInterface ||
    instance.skipCheckAdvertAddresses ||
    instance.promoteSecondaries ||
    instance.mayLackAddresses ||
    instance.garpExtraAll ||
    instance.v3ChecksumAsV2 ||
    instance.sourceAddress !== undefined ||
    instance.unicast !== undefined ||
    instance.unicastWithoutPeers === true ||
    instance.unicastFaultNoPeer ||
    instance.linkbeatUsePolling ||
    instance.vmacAddresses ||
    instance.vmac !== undefined
  );
}

/** The interface of its own that an instance has, before its interface. */
export function virtualInterfaceLines(
  { vmac, vmacTransmitBase, vmacAddresses }: VrrpInstance,
  { interfaces }: VrrpRuntime,
): DumpLines {
  if (!vmac) return [vmacAddresses && '     Use VMAC for VIPs on other interfaces'];
  const isUp = interfaces?.find(({ name }) => name === vmac.name)?.up === true;
  const mac = vmac.mac && macText(vmac.mac);
  return [
    vmac.kind === 'macvlan'
      ? `   Use VMAC, i/f name ${vmac.name}, is_up = ${isUp}, xmit_base = ${vmacTransmitBase}`
      : `   Use IPVLAN, i/f ${vmac.name}, is_up = ${isUp}, type ${vmac.ipvlanFlags ?? 'bridge'}`,
    mac !== undefined && `     MAC = ${mac}`,
    vmac.netlinkNotify && '     Force netlink update for base interface',
    vmacAddresses && '     Use VMAC for VIPs on other interfaces',
    vmac.linkGroup !== undefined && `     Interface group ${vmac.linkGroup}`,
  ];
}

export function interfaceLine({ interface: name, vmac, vmacTransmitBase }: VrrpInstance): string {
  if (!vmac) return `   Interface = ${name}`;
  const base = vmacTransmitBase ? ', xmit base i/f' : '';
  return `   Interface = ${vmac.name}, ${vmac.kind === 'macvlan' ? 'vmac' : 'ipvlan'} on ${name}${base}`;
}

/** Multicast group, or nothing where adverts go to peers. */
export function multicastLine(instance: VrrpInstance, runtime: VrrpRuntime): string | undefined {
  if (instance.unicast) return undefined;
  const name = instance.vmac && !instance.vmacTransmitBase ? instance.vmac.name : instance.interface;
  const index = instance.family === 6 ? runtime.interfaceIndex?.(name) : undefined;
  return `   Multicast address ${instance.multicastGroup}${index === undefined ? '' : `, ifindex ${index}`}`;
}

export function authenticationLines({ version, authentication: { type }, authHmac }: VrrpInstance): DumpLines {
  const names = { pass: 'SIMPLE_PASSWORD', ah: 'IPSEC_AH' } as const;
  const extension: DumpLines = authHmac
    ? [
        '   Authentication extension = HMAC-SHA256-128',
        `     Keys = ${authHmac.keys.length}, active key id = ${authHmac.activeKey}`,
        `     Mode = ${authHmac.mode}`,
        authHmac.antiReplay === 'time'
          ? `     Anti replay = time, window = ${wholeSeconds(authHmac.timeWindow)} sec`
          : '     Anti replay = monotonic',
      ]
    : [];
  if (type === 'none') return [version === 2 && '   Authentication type = none', ...extension];
  return [`   Authentication type = ${names[type]}`, '   Password = ********', ...extension];
}

export function unicastLines(instance: VrrpInstance): DumpLines {
  if (!instance.unicast) return [];
  const compatibility = { detect: 'no', always: 'config', never: 'never' } as const;
  return [
    // Over IPv6 it is the kernel's own where none is configured.
    (instance.family === 4 || instance.unicastTtl !== undefined) && `   Unicast TTL = ${instance.unicastTtl ?? 255}`,
    `   Check unicast src : ${yesNo(instance.checkUnicastSource)}`,
    '   Unicast Peer :',
    ...instance.unicast.peers.map(
      ({ address, minimumTtl, maximumTtl }) => `     ${address} min_ttl ${minimumTtl} max_ttl ${maximumTtl}`,
    ),
    `   Unicast checksum compatibility = ${compatibility[instance.oldUnicastChecksum]}`,
  ];
}

/** What stands between authentication and addresses. */
export function receiveLines({
  version,
  family,
  v3ChecksumAsV2,
  kernelReceiveBufferSize,
  debugLevel,
}: VrrpInstance): DumpLines {
  return [
    version === 3 && family === 4 && `   VRRPv3 uses VRRPv2 checksum = ${enabled(v3ChecksumAsV2)}`,
    kernelReceiveBufferSize > 0 && `   Kernel rx buffer size = ${kernelReceiveBufferSize}`,
    optional('   Debug level', debugLevel),
  ];
}
