import type { AddressRange, ServiceKey, TransportProtocol } from '../config/types.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';
import type { Request } from '../netlink/message.ts';
import { transportProtocols } from '../netlink/shared-numbers.ts';
import { type SetElement, TableCommands } from './command.ts';
import {
  chance,
  decideBy,
  equals,
  type Expression,
  load,
  loadMeta,
  loadOriginal,
  masquerade,
  translateSource,
} from './expression.ts';
import {
  connection,
  dataType,
  destinationAddress,
  family,
  header,
  hook,
  hostWord,
  meta,
  register,
  type TableFamily,
  VERDICT_DATA,
} from './numbers.ts';

/*
 * FullNAT: IPVS translates the destination, and connection tracking the source, of one connection. Connection tracking
 * still knows what the client asked for, so a rule after routing recognises connections of a service on their way to
 * one of its real servers.
 */

/** Connections to `service` that IPVS sends to `destination` get their source from `sources`. */
export interface TranslatedDestination {
  readonly service: ServiceKey;
  /** Port 0 is the port of the packet. */
  readonly destination: { readonly address: IpAddress; readonly port: number };
  /** Of the service's family; none: the address of the interface that the packet leaves by. */
  readonly sources: readonly AddressRange[];
}

export const FULL_NAT_TABLE = 'evenkeel_fnat';
const CHAIN = 'postrouting';
/** Just before NF_IP_PRI_NAT_SRC, so that a rule for all that leaves an interface does not come first. */
const PRIORITY = 99;

/** By family: the type that nft(8) shows an address as, and the registers that follow one in the first. */
const addresses = {
  ip: { type: dataType.ip, second: register.secondWord, third: register.thirdWord },
  ip6: { type: dataType.ip6, second: register.two, third: register.three },
} as const;

/**
 * One transaction that makes the tables say `desired` whatever they said before; none when `current` is the same and no
 * family is `inherited`. The table of a family that is not needed any more goes.
 */
export function planFullNat(
  current: readonly TranslatedDestination[],
  desired: readonly TranslatedDestination[],
  inherited?: Inherited,
): readonly Request[] {
  return changedFamilies(current, desired, inherited).flatMap((name) => replaceTable(name, ofFamily(desired, name)));
}

/** Families whose rules stand from a former run, saying nobody knows what. */
export type Inherited = ReadonlySet<TableFamily>;

export function changedFamilies(
  current: readonly TranslatedDestination[],
  desired: readonly TranslatedDestination[],
  inherited: Inherited = new Set(),
): readonly TableFamily[] {
  return (['ip', 'ip6'] as const).filter(
    (name) =>
      inherited.has(name) || JSON.stringify(ofFamily(current, name)) !== JSON.stringify(ofFamily(desired, name)),
  );
}

export function ofFamily(
  destinations: readonly TranslatedDestination[],
  name: TableFamily,
): readonly TranslatedDestination[] {
  const wanted = name === 'ip' ? 4 : 6;
  return destinations.filter(({ destination }) => addressFamily(destination.address) === wanted);
}

/** A table can be deleted only if it is there, so it is made first. */
function replaceTable(name: TableFamily, destinations: readonly TranslatedDestination[]): Request[] {
  const commands = new TableCommands(name, FULL_NAT_TABLE);
  const cleared = [commands.create(), commands.delete()];
  if (destinations.length === 0) return cleared;
  const chains = new Map<string, string>();
  const requests = [...cleared, commands.create()];
  requests.push(commands.chain(CHAIN, { hook: hook.postRouting, priority: PRIORITY, type: 'nat' }));
  for (const { sources } of destinations) {
    const pool = JSON.stringify(sources);
    if (chains.has(pool)) continue;
    const chain = `sources_${chains.size + 1}`;
    chains.set(pool, chain);
    requests.push(commands.chain(chain), ...sourceRules(name, sources).map((rule) => commands.rule(chain, rule)));
  }
  let id = 0;
  for (const map of mapsOf(name, destinations, chains)) {
    const { keyType, keyLength, rule, elements } = map;
    requests.push(
      commands.set({ name: map.name, keyType, keyLength, order: 'host', dataType: VERDICT_DATA, id: ++id }),
    );
    requests.push(...commands.addElements(map.name, elements));
    requests.push(commands.rule(CHAIN, [...rule, decideBy(map.name)]));
  }
  return requests;
}

/** Each range in proportion to its addresses. */
function sourceRules(name: TableFamily, sources: readonly AddressRange[]): Expression[][] {
  if (sources.length === 0) return [[masquerade]];
  return shares(sources).map(({ range, share, total }) => [
    ...(share < total ? chance(share, total) : []),
    ...translateSource(family[name], ipBytes(range.first), ipBytes(range.last)),
  ]);
}

/** How often each range is to be taken when those before it were not: `share` of `total`. */
export function shares(
  sources: readonly AddressRange[],
): readonly { readonly range: AddressRange; readonly share: number; readonly total: number }[] {
  const sizes = sources.map(sizeOf);
  return sources.map((range, i) => {
    return { range, share: sizes[i] ?? 1, total: sizes.slice(i).reduce((sum, size) => sum + size, 0) };
  });
}

/** Beyond this many addresses a range counts no more; no service has more connections than that many can carry. */
const LARGEST = 65_536;

function sizeOf({ first, last }: AddressRange): number {
  const number = (address: IpAddress): bigint => ipBytes(address).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const size = number(last) - number(first) + 1n;
  return size > LARGEST ? LARGEST : Number(size);
}

interface VerdictMap {
  readonly name: string;
  readonly keyType: number;
  /** Bytes. */
  readonly keyLength: number;
  /** Loads the key, after what all elements have in common was compared. */
  readonly rule: readonly Expression[];
  readonly elements: SetElement[];
}

/**
 * One map for each protocol and port of services, by service address, destination and its port. Services of every port
 * and of firewall marks have maps of their own, which come last, so that the narrower service counts.
 */
function mapsOf(
  name: TableFamily,
  destinations: readonly TranslatedDestination[],
  chains: ReadonlyMap<string, string>,
): readonly VerdictMap[] {
  const maps = new Map<string, VerdictMap>();
  const seen = new Set<string>();
  for (const { service, destination, sources } of destinations) {
    const chain = chains.get(JSON.stringify(sources)) as string;
    const empty = emptyMap(name, service, destination.port);
    const map = maps.get(empty.name) ?? empty;
    maps.set(map.name, map);
    const key = keyOf(service, destination);
    const identity = `${map.name} ${key.join('.')}`;
    if (!seen.has(identity)) map.elements.push({ key, chain });
    seen.add(identity);
  }
  const width = ({ name: map }: VerdictMap): number => (map.startsWith('mark') ? 2 : map.includes('any') ? 1 : 0);
  return [...maps.values()].sort((a, b) => width(a) - width(b));
}

function emptyMap(name: TableFamily, service: ServiceKey, port: number): VerdictMap {
  const { offset, length } = destinationAddress[name];
  const { type, second, third } = addresses[name];
  const to = (where: number): Expression => load(header.network, offset, length, where);
  const toPort = (where: number): Expression => load(header.transport, 2, 2, where);
  if (service.kind === 'fwmark') {
    return {
      name: 'marks',
      keyType: (dataType.mark << 6) | type,
      keyLength: 4 + length,
      rule: [loadMeta(meta.mark, register.one), to(register.secondWord)],
      elements: [],
    };
  }
  const protocol = [loadMeta(meta.protocol, register.one), equals(Uint8Array.of(transportProtocols[service.protocol]))];
  const bothAddresses = [loadOriginal(connection[name]), to(second)];
  const anyServicePort = service.port === 0;
  const asked = anyServicePort
    ? []
    : [loadOriginal(connection.destinationPort), equals(Uint8Array.of(service.port >> 8, service.port & 0xff))];
  const anyPort = port === 0;
  return {
    name: mapName(service.protocol, service.port, anyPort),
    keyType: anyPort ? (type << 6) | type : (((type << 6) | type) << 6) | dataType.port,
    keyLength: 2 * length + (anyPort ? 0 : 4),
    rule: [...protocol, ...asked, ...bothAddresses, ...(anyPort ? [] : [toPort(third)])],
    elements: [],
  };
}

function mapName(protocol: TransportProtocol, port: number, anyPort: boolean): string {
  return `${protocol.toLowerCase()}_${port === 0 ? 'any' : port}${anyPort ? '_same_port' : ''}`;
}

function keyOf(service: ServiceKey, { address, port }: TranslatedDestination['destination']): Uint8Array {
  if (service.kind === 'fwmark') return Uint8Array.from([...hostWord(service.fwmark), ...ipBytes(address)]);
  const both = [...ipBytes(service.address), ...ipBytes(address)];
  return Uint8Array.from(port === 0 ? both : [...both, port >> 8, port & 0xff, 0, 0]);
}
