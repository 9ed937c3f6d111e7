import type { AddressRange, Config } from '../../config/types.ts';
import { transaction } from '../../firewall/command.ts';
import { FULL_NAT_TABLE, ofFamily, planFullNat, type TranslatedDestination } from '../../firewall/full-nat.ts';
import { fullNatJump, fullNatRestore } from '../../firewall/full-nat-iptables.ts';
import { destinationPort } from '../../ipvs/desired.ts';
import { type Group, type Groups, groupsByName, serviceKeys } from '../../ipvs/service-keys.ts';
import { errnoText } from '../../lib/errno.ts';
import { addressFamily, type IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { runIptables } from '../../os/iptables.ts';
import { openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import { inNetworkNamespace } from '../../os/network-namespace.ts';
import { readSysctl, writeSysctl } from '../../os/sysctl.ts';
import { SystemError } from '../../os/system-error.ts';

/** NETLINK_NETFILTER */
const PROTOCOL = 12;
const CONNTRACK = 'net/ipv4/vs/conntrack';

/**
 * lb_kind FNAT: IPVS masquerades the destination, and the packet filter gives connections a source of ours, so that
 * servers answer to us without a route through us. IPVS has to leave its connections to connection tracking for that.
 * Rules are in nftables, or where the kernel has none for translation, in a chain of iptables.
 */
export class FullNat {
  readonly #log: Log;
  /** The network namespace of IPVS, if not our own. */
  readonly #namespace: string | undefined;
  #current: readonly TranslatedDestination[] = [];
  #desired: readonly TranslatedDestination[] = [];
  #conntrackBefore: string | undefined;
  /** The kernel cannot translate by nftables. */
  #legacy = false;

  constructor(log: Log, namespace: string | undefined) {
    this.#log = log;
    this.#namespace = namespace;
  }

  /** Before IPVS changes: what goes is still translated, what comes is already. */
  prepare(config: Config, groups: readonly Group[]): void {
    this.#desired = translatedDestinations(config, groupsByName(groups));
    if (this.#desired.length > 0) this.#trackConnections();
    const known = new Set(this.#desired.map((one) => JSON.stringify(one)));
    this.#program([...this.#desired, ...this.#current.filter((one) => !known.has(JSON.stringify(one)))]);
  }

  /** After IPVS has changed. */
  settle(): void {
    this.#program(this.#desired);
    if (this.#desired.length === 0) this.#leaveConnections();
  }

  /** Removes the rules; call it once the services are gone. */
  close(): void {
    this.#desired = [];
    this.settle();
  }

  #program(wanted: readonly TranslatedDestination[]): void {
    if (this.#current.length === 0 && wanted.length === 0) return;
    this.#within(() => {
      if (this.#legacy) this.#programLegacy(wanted);
      else this.#programNftables(wanted);
    });
    this.#current = wanted;
  }

  #programNftables(wanted: readonly TranslatedDestination[]): void {
    const requests = planFullNat(this.#current, wanted);
    if (requests.length === 0) return;
    const reason = transact(requests);
    if (reason === undefined) return;
    if (this.#current.length > 0) {
      this.#say(`nftables refused a change of table ${FULL_NAT_TABLE}: ${reason}`);
      return;
    }
    this.#legacy = true;
    this.#programLegacy(wanted, reason);
  }

  #programLegacy(wanted: readonly TranslatedDestination[], why?: string): void {
    for (const family of ['ip', 'ip6'] as const) {
      const after = ofFamily(wanted, family);
      if (JSON.stringify(after) === JSON.stringify(ofFamily(this.#current, family))) continue;
      const jumps = runIptables(family, ['-t', 'nat', '-C', ...fullNatJump]).ok;
      const result = runIptables(family, ['--noflush'], fullNatRestore(after, jumps));
      if (result.ok) continue;
      this.#say(`FNAT: sources cannot be translated by ${family}tables: ${result.reason}`);
      if (why !== undefined) this.#say(`FNAT: nor can they by nftables: ${why}`);
    }
  }

  #trackConnections(): void {
    const value = this.#within(() => readSysctl(CONNTRACK));
    if (value === undefined) this.#say('FNAT: IPVS of this kernel has no connection tracking (CONFIG_IP_VS_NFCT)');
    if (value === undefined || value === '1') return;
    if (this.#within(() => writeSysctl(CONNTRACK, '1'))) this.#conntrackBefore ??= value;
    else this.#say(`FNAT: unable to set ${CONNTRACK.replaceAll('/', '.')}`);
  }

  #leaveConnections(): void {
    const value = this.#conntrackBefore;
    if (value !== undefined) this.#within(() => writeSysctl(CONNTRACK, value));
    this.#conntrackBefore = undefined;
  }

  #within<T>(action: () => T): T {
    return this.#namespace === undefined ? action() : inNetworkNamespace(this.#namespace, action);
  }

  #say(message: string): void {
    this.#log({ level: 'err', message });
  }
}

/** Carries out all of it or nothing; then the reason. */
function transact(requests: ReturnType<typeof planFullNat>): string | undefined {
  try {
    const connection = new NetlinkConnection(openNetlinkSocket({ protocol: PROTOCOL }));
    try {
      const refusal = connection.transactWhole(transaction(requests));
      return refusal && errnoText(refusal.errno);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return error.message;
  }
}

/** Every destination of method FNAT that the configuration names, whether it serves now or not. */
export function translatedDestinations(
  { global, virtualServers }: Pick<Config, 'global' | 'virtualServers'>,
  groups: Groups,
): readonly TranslatedDestination[] {
  return virtualServers.flatMap((server) => {
    const targets = [...server.realServers, ...(server.sorryServer ? [server.sorryServer] : [])];
    const translated = targets.filter(({ forwardingMethod }) => forwardingMethod === 'FNAT');
    if (translated.length === 0) return [];
    const ranges = server.localAddresses ?? global.localAddresses ?? [];
    return serviceKeys(server, groups).flatMap((service) =>
      translated.map((target) => ({
        service,
        destination: { address: target.address, port: destinationPort(service, target) },
        sources: sourcesFor(target.address, ranges),
      })),
    );
  });
}

/** local_address may name both families. */
function sourcesFor(address: IpAddress, ranges: readonly AddressRange[]): readonly AddressRange[] {
  return ranges.filter(({ first }) => addressFamily(first) === addressFamily(address));
}
