import type { AddressRange, Config } from '../../config/types.ts';
import {
  changedFamilies,
  FULL_NAT_TABLE,
  ofFamily,
  planFullNat,
  type TranslatedDestination,
} from '../../firewall/full-nat.ts';
import { fullNatJump, fullNatRestore } from '../../firewall/full-nat-iptables.ts';
import type { TableFamily } from '../../firewall/numbers.ts';
import { destinationPort } from '../../ipvs/desired.ts';
import { type Group, type Groups, groupsByName, serviceKeys } from '../../ipvs/service-keys.ts';
import { addressFamily, type IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import type { FullNatHost } from './full-nat-host.ts';

const CONNTRACK = 'net/ipv4/vs/conntrack';
/** Kept for the next run: the packet filter that has our rules, and the families that it has them for. */
const FILTER = 'filter';
const FAMILIES = 'families';

/**
 * lb_kind FNAT: IPVS masquerades the destination, and the packet filter gives connections a source of ours, so that
 * servers answer to us without a route through us. IPVS has to leave its connections to connection tracking for that.
 * Rules are in nftables, or where the kernel has none for translation, in a chain of iptables. What a killed
 * predecessor has left of this is taken over, and goes where it is not wanted any more.
 */
export class FullNat {
  readonly #log: Log;
  readonly #host: FullNatHost;
  #current: readonly TranslatedDestination[] = [];
  #desired: readonly TranslatedDestination[] = [];
  #conntrackBefore: string | undefined;
  /** Families whose rules a predecessor has left. */
  #inherited: ReadonlySet<TableFamily> = new Set();
  /** The kernel cannot translate by nftables. */
  #legacy = false;
  #remembered: string;

  constructor(log: Log, host: FullNatHost) {
    this.#log = log;
    this.#host = host;
    const left = host.recall();
    this.#remembered = JSON.stringify([...left]);
    this.#conntrackBefore = left.get(CONNTRACK);
    this.#legacy = left.get(FILTER) === 'iptables';
    this.#inherited = new Set((['ip', 'ip6'] as const).filter((name) => left.get(FAMILIES)?.split(' ').includes(name)));
  }

  /**
   * Before IPVS changes: what goes is still translated, what comes is already. Rules that are the same are made anew too,
   * as whoever loads a packet filter of his own may have taken them away.
   */
  prepare(config: Config, groups: readonly Group[]): void {
    this.#desired = translatedDestinations(config, groupsByName(groups));
    if (this.#desired.length > 0) this.#trackConnections();
    const known = new Set(this.#desired.map((one) => JSON.stringify(one)));
    const leaving = this.#current.filter((one) => !known.has(JSON.stringify(one)));
    this.#program([...this.#desired, ...leaving], familiesOf(this.#desired));
  }

  /** After IPVS has changed. */
  settle(): void {
    this.#program(this.#desired);
    if (this.#desired.length === 0) this.#leaveConnections();
    this.#remember(this.#current);
  }

  /** Removes the rules; call it once the services are gone. */
  close(): void {
    this.#desired = [];
    this.settle();
  }

  /** @param anew families whose rules are made anew if they are the same, too */
  #program(wanted: readonly TranslatedDestination[], anew: readonly TableFamily[] = []): void {
    const unknown = new Set([...this.#inherited, ...anew]);
    const families = changedFamilies(this.#current, wanted, unknown);
    if (families.length === 0) return;
    this.#remember([...this.#current, ...wanted]);
    const refused = this.#legacy ? this.#programLegacy(families, wanted) : this.#programNftables(families, wanted);
    const stays = refused.flatMap((name) => ofFamily(this.#current, name));
    this.#current = [...wanted.filter((one) => !refused.some((name) => ofFamily([one], name).length > 0)), ...stays];
    this.#inherited = new Set([...this.#inherited].filter((name) => refused.includes(name)));
  }

  /** The families for which what stood before still stands. */
  #programNftables(families: readonly TableFamily[], wanted: readonly TranslatedDestination[]): readonly TableFamily[] {
    const reason = this.#host.transact(planFullNat([], wanted, new Set(families)));
    if (reason === undefined) return [];
    if (this.#current.length > 0 || wanted.length === 0) {
      this.#say(`nftables refused a change of table ${FULL_NAT_TABLE}: ${reason}`);
      return families;
    }
    this.#legacy = true;
    this.#remember(wanted);
    return this.#programLegacy(families, wanted, reason);
  }

  /** The families for which what stood before still stands. */
  #programLegacy(
    families: readonly TableFamily[],
    wanted: readonly TranslatedDestination[],
    why?: string,
  ): readonly TableFamily[] {
    return families.filter((family) => {
      const jumps = this.#host.iptables(family, ['-t', 'nat', '-C', ...fullNatJump]).ok;
      const result = this.#host.iptables(family, ['--noflush'], fullNatRestore(ofFamily(wanted, family), jumps));
      if (result.ok) return false;
      this.#say(`FNAT: sources cannot be translated by ${family}tables: ${result.reason}`);
      if (why !== undefined) this.#say(`FNAT: nor can they by nftables: ${why}`);
      return true;
    });
  }

  #trackConnections(): void {
    const value = this.#host.readSetting(CONNTRACK);
    if (value === undefined) this.#say('FNAT: IPVS of this kernel has no connection tracking (CONFIG_IP_VS_NFCT)');
    if (value === undefined || value === '1') return;
    this.#conntrackBefore = value;
    this.#remember(this.#current);
    if (this.#host.writeSetting(CONNTRACK, '1')) return;
    this.#conntrackBefore = undefined;
    this.#say(`FNAT: unable to set ${CONNTRACK.replaceAll('/', '.')}`);
  }

  #leaveConnections(): void {
    const value = this.#conntrackBefore;
    if (value !== undefined) this.#host.writeSetting(CONNTRACK, value);
    this.#conntrackBefore = undefined;
  }

  /** Tells the next run what it finds when rules stand for these. */
  #remember(destinations: readonly TranslatedDestination[]): void {
    const families = (['ip', 'ip6'] as const).filter(
      (name) => this.#inherited.has(name) || ofFamily(destinations, name).length > 0,
    );
    const values = new Map<string, string>();
    if (this.#conntrackBefore !== undefined) values.set(CONNTRACK, this.#conntrackBefore);
    if (families.length > 0) {
      values.set(FILTER, this.#legacy ? 'iptables' : 'nftables').set(FAMILIES, families.join(' '));
    }
    const text = JSON.stringify([...values]);
    if (text === this.#remembered) return;
    this.#remembered = text;
    this.#host.remember(values);
  }

  #say(message: string): void {
    this.#log({ level: 'err', message });
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

function familiesOf(destinations: readonly TranslatedDestination[]): readonly TableFamily[] {
  return (['ip', 'ip6'] as const).filter((name) => ofFamily(destinations, name).length > 0);
}

/** local_address may name both families. */
function sourcesFor(address: IpAddress, ranges: readonly AddressRange[]): readonly AddressRange[] {
  return ranges.filter(({ first }) => addressFamily(first) === addressFamily(address));
}
