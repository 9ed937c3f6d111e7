import { addressFamily, hostLength, type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import { macText } from '../../../src/lib/mac-text.ts';
import type { Mutable } from '../../../src/lib/mutable.ts';
import { iprouteNumber } from '../../iproute-names.ts';
import type { Scope, Statement, ValueKind } from '../../keyword.ts';
import { maximumInterfaceName, quote } from '../../values.ts';
import { settleFamily } from './family.ts';

/** use_vmac or use_ipvlan; the words of several such lines add up. */
export interface VirtualInterfaceLine {
  readonly kind: 'macvlan' | 'ipvlan';
  readonly name?: string;
  /** Six octets, or five when the last one is the virtual router identifier. */
  readonly mac?: readonly number[];
  readonly group?: number;
  readonly netlinkNotify?: true;
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
  readonly mode?: 'bridge' | 'private' | 'vepa';
}

type Draft = Mutable<VirtualInterfaceLine>;

export const macvlan: ValueKind<VirtualInterfaceLine> = {
  syntax: 'nothing, or in any order: a name, a MAC address, group with a number, netlink_notify_msg',
  example: 'vrrp.51',
  words: {
    name: 'the next word is the name of the interface',
    group: 'the next word is the link group of the interface',
    netlink_notify_msg: 'the base interface is announced anew',
  },
  read(statement) {
    const { words, scope } = statement;
    const draft: Draft = { ...(lineOf(scope, 'macvlan') ?? { kind: 'macvlan' }) };
    delete scope.values.use_ipvlan;
    for (let at = 1; at < words.length; at++) {
      const word = words[at] as string;
      if (word === 'netlink_notify_msg') draft.netlinkNotify = true;
      else if (word === 'group') setGroup(statement, draft, ++at);
      else if (word.includes(':')) setMac(statement, draft, at);
      else setName(statement, draft, word === 'name' && at + 1 < words.length ? ++at : at);
    }
    return draft;
  },
  print: printLine,
};

export const ipvlan: ValueKind<VirtualInterfaceLine> = {
  syntax: 'nothing, or in any order: a name, an address, bridge, private or vepa, group with a number',
  example: 'ipvl51 192.0.2.30/24 bridge',
  words: {
    name: 'the next word is the name of the interface',
    group: 'the next word is the link group of the interface',
  },
  read(statement) {
    const { words, scope } = statement;
    if (scope.values.use_ipvlan !== undefined) {
      return statement.refuse(`(${scope.name}) use_ipvlan already specified`, 0);
    }
    const draft: Draft = { kind: 'ipvlan' };
    for (let at = 1; at < words.length; at++) {
      const word = words[at] as string;
      if (word === 'bridge' || word === 'private' || word === 'vepa') setMode(statement, draft, word, at);
      else if (word === 'group') setGroup(statement, draft, ++at);
      else if (readPrefix(word)) setAddress(statement, draft, at);
      else setName(statement, draft, word === 'name' && at + 1 < words.length ? ++at : at);
    }
    delete scope.values.use_vmac;
    return draft;
  },
  print: printLine,
};

function lineOf(scope: Scope, kind: VirtualInterfaceLine['kind']): VirtualInterfaceLine | undefined {
  const keyword = kind === 'macvlan' ? 'use_vmac' : 'use_ipvlan';
  return scope.values[keyword] as VirtualInterfaceLine | undefined;
}

function setName(statement: Statement, draft: Draft, at: number): undefined {
  const { words, scope, surroundings } = statement;
  const name = words[at] as string;
  const vmac = draft.kind === 'macvlan';
  if (!vmac && /[/:]/.test(name)) {
    return statement.refuse(`(${scope.name}) invalid ipvlan address '${name}' - ignoring`, at);
  }
  if (draft.name !== undefined) {
    const message = `(${scope.name}) IPVLAN interface already specified - ignoring '${name}'`;
    return statement.refuse(vmac ? 'VMAC interface name already specified' : message, at);
  }
  if (name.length > maximumInterfaceName || !/^[^/:\s]+$/.test(name) || name === '.' || name === '..') {
    const message = vmac
      ? `VMAC interface name '${name}' too long or invalid characters - ignoring`
      : `(${scope.name}) IPVLAN interface name '${name}' too long - ignoring`;
    return statement.refuse(message, at);
  }
  const user = siblings(scope).find((other) => (other.use_vmac ?? other.use_ipvlan)?.name === name);
  if (user) {
    return statement.refuse(`(${scope.name}) VRRP instance ${user.name} is already using ${name} - ignoring name`, at);
  }
  const kind = surroundings.interfaceKind(name);
  if (kind !== undefined && kind !== draft.kind) {
    const message = vmac
      ? `(${scope.name}) interface ${name} already exists and is not a private macvlan; ignoring vmac if_name`
      : `(${scope.name}) interface ${name} already exists and is not an l2 ipvlan; ignoring ipvlan if_name`;
    return statement.refuse(message, at);
  }
  draft.name = name;
}

interface Sibling {
  readonly name: string;
  readonly use_vmac?: VirtualInterfaceLine;
  readonly use_ipvlan?: VirtualInterfaceLine;
}

function siblings(scope: Scope): readonly Sibling[] {
  return (scope.parent?.values.vrrp_instance ?? []) as readonly Sibling[];
}

function setGroup(statement: Statement, draft: Draft, at: number): undefined {
  const word = statement.words[at];
  const group = word === undefined ? undefined : iprouteNumber(statement, 'group', word);
  if (group !== undefined) draft.group = group;
  else statement.refuse(`VMAC group ${word ?? ''} not found`, at);
}

function setMac(statement: Statement, draft: Draft, at: number): undefined {
  const word = statement.words[at] as string;
  if (draft.mac) return statement.refuse('VMAC interface address already specified', at);
  const parts = word.split(':').slice(0, 6);
  if (parts.at(-1) === '') parts.pop();
  if (!parts.every((part) => /^[0-9a-fA-F]{0,2}$/.test(part))) {
    return statement.refuse(`VMAC invalid MAC address ${word}`, at);
  }
  if (parts.length < 5 || parts.includes('')) return statement.refuse(`VMAC invalid MAC address ${word} - ignored`, at);
  const mac = parts.map((part) => Number.parseInt(part, 16));
  if ((mac[0] as number) & 1) return statement.refuse(`VMAC MAC address is multicast ${word} - ignoring`, at);
  // 00-00-5E-00-01 and -02 (RFC 5798, section 7.3).
  const [a, b, c, d, e] = mac;
  if (a === 0 && b === 0 && c === 0x5e && d === 0 && (e === 1 || e === 2)) {
    return statement.refuse(`VMAC MAC address not allowed to be RFC5798 address (${word}) - ignoring`, at);
  }
  draft.mac = mac;
}

function setMode(statement: Statement, draft: Draft, mode: 'bridge' | 'private' | 'vepa', at: number): undefined {
  if (draft.mode === undefined) draft.mode = mode;
  else statement.refuse(`(${statement.scope.name}) ipvlan type already specified - ignoring '${mode}'`, at);
}

function readPrefix(word: string): { address: IpAddress; prefixLength: number } | undefined {
  const [host = '', length] = word.split('/');
  const address = parseIp(host);
  if (address === undefined) return undefined;
  const bits = hostLength(address);
  if (length === undefined) return { address, prefixLength: bits };
  const prefixLength = /^\d+$/.test(length) ? Number(length) : -1;
  return prefixLength < 0 || prefixLength > bits ? undefined : { address, prefixLength };
}

function setAddress(statement: Statement, draft: Draft, at: number): undefined {
  const word = statement.words[at] as string;
  const { scope } = statement;
  const prefix = readPrefix(word);
  if (!prefix) return;
  if (draft.address)
    return statement.refuse(`(${scope.name}) ipvlan address already specified - ignoring '${word}'`, at);
  if (!settleFamily(scope, addressFamily(prefix.address))) {
    const message = `(${scope.name}) ipvlan address[${word}] MUST match vrrp instance family !!! Skipping...`;
    return statement.refuse(message, at);
  }
  draft.address = prefix;
}

function printLine({ name, mac, address, mode, group, netlinkNotify }: VirtualInterfaceLine): string {
  return [
    ...(name === undefined ? [] : ['name', quote(name)]),
    ...(mac ? [macText(mac)] : []),
    ...(address ? [`${address.address}/${address.prefixLength}`] : []),
    ...(mode ? [mode] : []),
    ...(group === undefined ? [] : ['group', String(group)]),
    ...(netlinkNotify ? ['netlink_notify_msg'] : []),
  ].join(' ');
}
