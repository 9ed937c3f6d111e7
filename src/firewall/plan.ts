import { concatenate } from '../lib/concatenate.ts';
import { addressFamily, type IpAddress, ipBytes, isLinkLocal } from '../lib/ip.ts';
import type { Request } from '../netlink/message.ts';
import { type NamedElements, type SetElement, TableCommands } from './command.ts';
import { counter, decide, equals, type Expression, inSet, load, loadMeta } from './expression.ts';
import { dataType, header, hook, hostWord, meta, register, type TableFamily } from './numbers.ts';

/** What configuration says of the tables. */
export interface FilterSettings {
  readonly table: string;
  /** Of the base chains. */
  readonly priority: number;
  readonly counters: boolean;
}

/** What the packet filter has to do for the virtual routers of this machine. */
export interface Filter {
  /** Addresses that nothing here may be reached at or speak from; link-local ones with their interface. */
  readonly dropped: readonly { readonly address: IpAddress; readonly ifindex: number }[];
  /** Virtual interfaces whose IGMP and MLD reports leave by the interface below. */
  readonly virtualInterfaces: readonly VirtualInterface[];
}

export interface VirtualInterface {
  readonly family: 4 | 6;
  readonly ifindex: number;
  readonly parent: number;
}

export const emptyFilter: Filter = { dropped: [], virtualInterfaces: [] };

/** Which parts of the two tables stand already; they stay until the tables go. */
export interface Structure {
  readonly ip: FamilyStructure;
  readonly ip6: FamilyStructure;
}

interface FamilyStructure {
  readonly table: boolean;
  readonly out: boolean;
  readonly virtualInterfaces: boolean;
  readonly dropped: boolean;
}

const noElements: NamedElements = new Map();
const nothing: FamilyStructure = { table: false, out: false, virtualInterfaces: false, dropped: false };
export const noStructure: Structure = { ip: nothing, ip6: nothing };

export interface FilterPlan {
  /** One transaction; empty when nothing differs. */
  readonly requests: readonly Request[];
  readonly structure: Structure;
}

/** What brings the tables from one filter to another. Tables, chains and rules are made when first needed. */
export function planFilter(settings: FilterSettings, before: Structure, current: Filter, desired: Filter): FilterPlan {
  const requests: Request[] = [];
  const structure = {
    ip: planFamily(settings, 'ip', before.ip, current, desired, requests),
    ip6: planFamily(settings, 'ip6', before.ip6, current, desired, requests),
  };
  return { requests, structure };
}

/** Removes what stands. */
export function planRemoval(settings: FilterSettings, structure: Structure): readonly Request[] {
  return (['ip', 'ip6'] as const)
    .filter((name) => structure[name].table)
    .map((name) => new TableCommands(name, settings.table).delete());
}

function planFamily(
  settings: FilterSettings,
  name: TableFamily,
  before: FamilyStructure,
  current: Filter,
  desired: Filter,
  requests: Request[],
): FamilyStructure {
  const commands = new TableCommands(name, settings.table);
  const sets = setsOf(name, desired);
  const old = setsOf(name, current);
  let structure = before;
  const has = (set: string): boolean => (sets.get(set) ?? noElements).size > 0;
  const wantsInterfaces = has('vmac_map');
  const wantsDropped = has('vips') || has('vips_link_local');
  if ((wantsInterfaces || wantsDropped) && !structure.table) {
    requests.push(commands.create());
    structure = { ...structure, table: true };
  }
  const makeOut = (): void => {
    if (structure.out) return;
    requests.push(commands.chain('out', { hook: hook.localOut, priority: settings.priority, type: 'filter' }));
    structure = { ...structure, out: true };
  };
  if (wantsInterfaces && !structure.virtualInterfaces) {
    makeOut();
    requests.push(...interfaceRules(commands, name, settings));
    structure = { ...structure, virtualInterfaces: true };
  }
  if (wantsDropped && !structure.dropped) {
    makeOut();
    requests.push(commands.chain('in', { hook: hook.localIn, priority: settings.priority, type: 'filter' }));
    requests.push(...(name === 'ip' ? droppedRules4(commands, settings) : droppedRules6(commands, settings)));
    structure = { ...structure, dropped: true };
  }
  for (const [set, elements] of sets)
    requests.push(...commands.changeElements(set, old.get(set) ?? noElements, elements));
  return structure;
}

/** The elements of every set of a family that changes with state. */
function setsOf(name: TableFamily, { dropped, virtualInterfaces }: Filter): ReadonlyMap<string, NamedElements> {
  const family = name === 'ip' ? 4 : 6;
  const map = new Map<string, () => SetElement>();
  const indexes = new Map<string, () => SetElement>();
  for (const { family: own, ifindex, parent } of virtualInterfaces) {
    if (own !== family) continue;
    map.set(`${ifindex} ${parent}`, () => ({ key: hostWord(ifindex), data: hostWord(parent) }));
    indexes.set(`${ifindex}`, () => ({ key: hostWord(ifindex) }));
  }
  const global = new Map<string, () => SetElement>();
  const linkLocal = new Map<string, () => SetElement>();
  for (const { address, ifindex } of dropped) {
    if (addressFamily(address) !== family) continue;
    if (!isLinkLocal(address)) global.set(address, () => ({ key: ipBytes(address) }));
    else linkLocal.set(`${address} ${ifindex}`, () => ({ key: concatenate([ipBytes(address), hostWord(ifindex)]) }));
  }
  const sets = [['vmac_map', map] as const, ['vips', global] as const];
  if (family === 4) return new Map(sets);
  return new Map([...sets, ['vmac_set', indexes], ['vips_link_local', linkLocal]]);
}

const IPPROTO_IGMP = 2;
const IPPROTO_ICMPV6 = 58;
const ICMP6 = { routerSolicit: 133, neighborSolicit: 135, neighborAdvert: 136, mldReport: 143 } as const;
/** IFNAMSIZ */
const macvlan = new Uint8Array(16);
macvlan.set(new TextEncoder().encode('macvlan'));

const counted = ({ counters }: FilterSettings, ...rule: readonly Expression[]): readonly Expression[] => {
  return counters ? [...rule.slice(0, -1), counter, rule.at(-1) as Expression] : rule;
};

/** Reports of membership go out with the address of the interface below, where switches expect them. */
function interfaceRules(commands: TableCommands, name: TableFamily, settings: FilterSettings): Request[] {
  const definition = { keyType: dataType.interfaceIndex, keyLength: 4, order: 'host' } as const;
  const map = commands.set({
    name: 'vmac_map',
    ...definition,
    dataType: dataType.interfaceIndex,
    dataLength: 4,
    id: 1,
  });
  const fromVirtual = [loadMeta(meta.outputKind), equals(macvlan, register.two), loadMeta(meta.outputIndex)];
  const send: Expression = { name: 'dup', data: { address: register.one, device: register.two } };
  const divert = [...fromVirtual, inSet('vmac_map', register.two, true), send, decide('drop')];
  if (name === 'ip') {
    const igmp = [load(header.network, 9, 1), equals(Uint8Array.of(IPPROTO_IGMP)), load(header.network, 16, 4)];
    return [map, commands.rule('out', counted(settings, ...igmp, ...divert))];
  }
  const destination = load(header.network, 24, 16);
  const solicit = [...icmp6(ICMP6.routerSolicit), ...fromVirtual, inSet('vmac_set', register.two), decide('drop')];
  return [
    map,
    commands.set({ name: 'vmac_set', ...definition, id: 2 }),
    commands.rule('out', counted(settings, ...icmp6(ICMP6.mldReport), destination, ...divert)),
    commands.rule('out', counted(settings, ...solicit)),
  ];
}

function icmp6(type: number): Expression[] {
  return [
    loadMeta(meta.protocol, register.one),
    equals(Uint8Array.of(IPPROTO_ICMPV6)),
    load(header.transport, 0, 1),
    equals(Uint8Array.of(type)),
  ];
}

function droppedRules4(commands: TableCommands, settings: FilterSettings): Request[] {
  const drop = (offset: number) => counted(settings, load(header.network, offset, 4), inSet('vips'), decide('drop'));
  return [
    commands.set({ name: 'vips', keyType: dataType.ip, keyLength: 4, order: 'network', id: 3 }),
    commands.rule('in', drop(16)),
    commands.rule('out', drop(12)),
  ];
}

/** Neighbour discovery is let through, so that the addresses can still be resolved. */
function droppedRules6(commands: TableCommands, settings: FilterSettings): Request[] {
  const discovery = [
    load(header.network, 6, 1),
    equals(Uint8Array.of(IPPROTO_ICMPV6)),
    load(header.transport, 0, 1),
    inSet('neighbor-discovery'),
    decide('accept'),
  ];
  const linkLocal = (offset: number, chain: string) => [
    load(header.network, offset, 16),
    maskTenBits,
    equals(linkLocalPrefix),
    decide('goto', chain),
  ];
  const drop = (offset: number) => [load(header.network, offset, 16), inSet('vips'), decide('drop')];
  const dropOn = (offset: number, key: number) => [
    load(header.network, offset, 16),
    loadMeta(key),
    inSet('vips_link_local'),
    decide('drop'),
  ];
  const concatenated = (dataType.ip6 << 6) | dataType.interfaceIndex;
  const rule = (chain: string, expressions: readonly Expression[]) =>
    commands.rule(chain, counted(settings, ...expressions));
  return [
    commands.chain('in_link_local'),
    commands.chain('out_link_local'),
    commands.set({ name: 'vips', keyType: dataType.ip6, keyLength: 16, order: 'network', id: 3 }),
    commands.set({
      name: 'neighbor-discovery',
      keyType: dataType.icmp6,
      keyLength: 1,
      order: 'host',
      constant: true,
      id: 4,
    }),
    ...commands.addElements('neighbor-discovery', [
      { key: Uint8Array.of(ICMP6.neighborSolicit) },
      { key: Uint8Array.of(ICMP6.neighborAdvert) },
    ]),
    rule('in', discovery),
    rule('in', linkLocal(24, 'in_link_local')),
    rule('out', discovery),
    rule('out', linkLocal(8, 'out_link_local')),
    rule('in', drop(24)),
    rule('out', drop(8)),
    commands.set({ name: 'vips_link_local', keyType: concatenated, keyLength: 20, order: 'host', id: 5 }),
    rule('in_link_local', dropOn(24, meta.inputIndex)),
    rule('out_link_local', dropOn(8, meta.outputIndex)),
  ];
}

const tenBits = new Uint8Array(16);
tenBits.set([0xff, 0xc0]);
const linkLocalPrefix = new Uint8Array(16);
linkLocalPrefix.set([0xfe, 0x80]);
const maskTenBits: Expression = {
  name: 'bitwise',
  data: {
    source: register.one,
    destination: register.one,
    length: 16,
    mask: { value: tenBits },
    xor: { value: new Uint8Array(16) },
  },
};
