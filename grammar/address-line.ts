import { addressFamily, hostLength, type IpAddress, ipBytes, parseIp, printIp } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import { iprouteNumber } from './iproute-names.ts';
import type { Statement, ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';
import { readPrefix } from './prefix.ts';
import { definedBefore, globalSettings } from './scope.ts';
import { maximumInterfaceName, maximumUnsigned, quote } from './values.ts';

/** A line of virtual_ipaddress or virtual_ipaddress_excluded. */
export interface AddressLine {
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly interface?: string;
  readonly scope?: number;
  readonly broadcast?: IpAddress;
  readonly label?: string;
  readonly peer?: IpAddress;
  /** `-nodad`: leave duplicate address detection on. */
  readonly detectDuplicates?: true;
  readonly home?: true;
  readonly mngtmpaddr?: true;
  readonly noprefixroute?: true;
  readonly autojoin?: true;
  readonly noTrack?: true;
  /** The address is to have a virtual MAC address of its interface. */
  readonly useVmac?: true;
  /** Seconds or forever. */
  readonly preferredLifetime?: number | 'forever';
  /** Of static addresses. */
  readonly trackGroup?: string;
}

type Draft = Mutable<AddressLine>;

/** `refused` drops the line, `ended` leaves its rest alone; otherwise the number of words taken after the keyword. */
type Outcome = number | 'refused' | 'ended';

interface Word {
  readonly draft: Draft;
  readonly statement: Statement;
  /** Position of the keyword. */
  readonly at: number;
  readonly next: string;
  /** The address as written. */
  readonly written: string;
}

function complain({ statement, at }: Word, message: string, expected?: string): void {
  statement.report('general-error', message, at, expected);
}

const flagWords: ReadonlyMap<string, FlagName> = new Map([
  ['home', 'home'],
  ['-nodad', 'detectDuplicates'],
  ['mngtmpaddr', 'mngtmpaddr'],
  ['noprefixroute', 'noprefixroute'],
  ['autojoin', 'autojoin'],
  ['no_track', 'noTrack'],
]);

type FlagName = 'home' | 'detectDuplicates' | 'mngtmpaddr' | 'noprefixroute' | 'autojoin' | 'noTrack';

const valueWords: ReadonlyMap<string, (word: Word) => Outcome> = new Map([
  ['dev', readDevice],
  ['scope', readScope],
  ['broadcast', readBroadcast],
  ['brd', readBroadcast],
  ['label', readLabel],
  ['peer', readPeer],
  ['preferred_lft', readLifetime],
]);

function readDevice(word: Word): Outcome {
  const { draft, next, statement, written } = word;
  if (draft.interface !== undefined) {
    complain(word, `Cannot specify ipaddress device more than once for ${written}`);
    return 'refused';
  }
  if (next.length > maximumInterfaceName || !statement.surroundings.interfaceExists(next)) {
    statement.report(
      'warning',
      `WARNING - interface ${next} for ip address ${written} doesn't exist`,
      word.at + 1,
      'an interface that exists',
    );
    statement.badInterface();
    return 'refused';
  }
  draft.interface = next;
  return 1;
}

function readScope(word: Word): Outcome {
  const { draft, next, statement, written } = word;
  const scope = iprouteNumber(statement, 'rt_scopes', next);
  if (scope === undefined) {
    complain(word, `Invalid scope '${next}' specified for ${written} - ignoring`, 'a scope name or 0 to 255');
  } else draft.scope = scope;
  return 1;
}

function readBroadcast(word: Word): Outcome {
  const { draft, next, statement, at, written } = word;
  if (addressFamily(draft.address) === 6) {
    const message = `VRRP is trying to assign a broadcast ${statement.words[at]} to the IPv6 address ${written} !!?? WTF... skipping VIP...`;
    complain(word, message);
    return 'refused';
  }
  if (next === '+' || next === '-') {
    // A peer rules a broadcast address out altogether, whatever the prefix length.
    if (draft.prefixLength > 30 && draft.peer === undefined) {
      complain(word, `Address prefix length ${draft.prefixLength} too long for broadcast`);
    } else draft.broadcast = hostBits(draft.address, draft.prefixLength, next === '+');
    return 1;
  }
  const broadcast = parseIp(next);
  if (!broadcast || addressFamily(broadcast) !== 4) {
    complain(word, `VRRP is trying to assign invalid broadcast ${next}. skipping VIP...`, 'an IPv4 address, + or -');
    return 'refused';
  }
  draft.broadcast = broadcast;
  return 1;
}

function hostBits(address: IpAddress, prefixLength: number, ones: boolean): IpAddress {
  const bytes = ipBytes(address);
  for (let bit = prefixLength; bit < 32; bit++) {
    const mask = 0x80 >> (bit % 8);
    const byte = bytes[bit >> 3] as number;
    bytes[bit >> 3] = ones ? byte | mask : byte & ~mask;
  }
  return printIp(bytes);
}

function readLabel(word: Word): Outcome {
  const { draft, next } = word;
  if (next.length > 15) {
    complain(word, `Address label ${next} is longer than maximum length 15 - removing address`);
    return 'refused';
  }
  draft.label = next;
  return 1;
}

function readPeer(word: Word): Outcome {
  const { draft, next, written } = word;
  if (draft.peer !== undefined) {
    complain(word, `Peer ${next} - another peer has already been specified`);
    return 0;
  }
  const peer = parseIp(next);
  if (!peer) {
    complain(word, `VRRP parsed invalid IP ${next}. skipping IP...`);
    complain(word, `Invalid peer address ${next}`, 'an address of the same family, without a prefix length');
  } else if (addressFamily(peer) !== addressFamily(draft.address)) {
    complain(word, `Peer address ${next} does not match address family`);
  } else {
    draft.peer = peer;
    const full = hostLength(draft.address);
    if (written.includes('/') && draft.prefixLength !== full) {
      complain(word, 'Cannot specify address prefix when specifying peer address - ignoring');
    }
    draft.prefixLength = full;
  }
  return 1;
}

function readLifetime(word: Word): Outcome {
  const { draft, next, statement, at } = word;
  if (next === 'forever') draft.preferredLifetime = 'forever';
  else {
    const value = readIntegerText(next, statement, at + 1, 0, maximumUnsigned);
    if (value === undefined) complain(word, `preferred_lft ${next} is invalid`, 'seconds or forever');
    else draft.preferredLifetime = value;
  }
  return 1;
}

function readWords(statement: Statement, ofStaticBlock: boolean): AddressLine | undefined {
  const written = statement.words[0] as string;
  const start = readPrefix(statement, written, 0);
  if (!start) return undefined;
  const draft: Draft = { ...start };
  for (let at = 1; at < statement.words.length; at++) {
    const name = statement.words[at] as string;
    const flagName = flagWords.get(name);
    const readValue = name === 'track_group' && ofStaticBlock ? readTrackGroup : valueWords.get(name);
    if (flagName !== undefined) draft[flagName] = true;
    else if (name === 'use_vmac' && !ofStaticBlock) draft.useVmac = true;
    else if (readValue) {
      const next = statement.words[at + 1];
      if (next === undefined) {
        return statement.refuse(`No ${name} parameter specified for ${written}`, at);
      }
      const taken = readValue({ draft, statement, at, next, written });
      if (taken === 'refused') return undefined;
      if (taken === 'ended') break;
      at += taken;
    } else {
      statement.report('general-error', `Unknown configuration entry '${name}' for ip address - ignoring`, at);
    }
  }
  if (addressFamily(draft.address) === 6) {
    for (const key of ['scope', 'label'] as const) {
      if (draft[key] === undefined || draft[key] === 0) continue;
      const message = `Cannot specify ${key} for IPv6 addresses (${written}) - ignoring ${key}`;
      statement.report('general-error', message, 0);
      delete draft[key];
    }
  }
  if (draft.peer !== undefined && draft.broadcast !== undefined) {
    statement.report('general-error', 'Cannot specify broadcast and peer addresses - ignoring broadcast address', 0);
    delete draft.broadcast;
  }
  return draft;
}

const syntax = 'an address with an optional prefix length, then dev, scope, brd, label, peer and other options';
const words: Readonly<Record<string, string>> = {
  dev: 'Interface that carries the address.',
  scope: 'Scope by name or number, IPv4 only.',
  broadcast: 'Broadcast address, IPv4 only; + sets all bits of the host, - clears them.',
  brd: 'The same as broadcast.',
  label: 'Label of at most 15 characters, IPv4 only.',
  peer: 'Address of the other end.',
  home: 'Home address of mobile IPv6.',
  '-nodad': 'Leave duplicate address detection on.',
  mngtmpaddr: 'Template for temporary addresses.',
  noprefixroute: 'Without the route to its network.',
  autojoin: 'Join the multicast group of this address.',
  no_track: 'Nothing happens when somebody removes the address.',
  use_vmac: 'Held on an interface with the MAC address of the virtual router.',
  preferred_lft: 'Preferred lifetime in seconds, or forever, IPv6 only.',
};

const { use_vmac: _, ...wordsOfStatic } = words;

/** One line of an address block: the address, then its options in any order. */
export const addressLine: ValueKind<AddressLine> = {
  syntax,
  example: '192.0.2.10/24 dev eth0',
  words,
  read: (statement) => readWords(statement, false),
  print: printAddressLine,
};

/** One line of static_ipaddress, which always has an interface. */
export const staticAddressLine: ValueKind<AddressLine & { readonly interface: string }> = {
  syntax,
  example: '192.0.2.10/24 dev eth0',
  words: { ...wordsOfStatic, track_group: 'Instances that follow what becomes of the address.' },
  read(statement) {
    const line = readWords(statement, true);
    if (!line) return undefined;
    const name = line.interface ?? defaultInterface(statement);
    if (line.interface !== undefined || statement.surroundings.interfaceExists(name))
      return { ...line, interface: name };
    const message = `Static address ${statement.words[0]} requires either an interface or default interface must exist`;
    statement.report('fatal', message, 0, 'dev');
    statement.badInterface();
    return undefined;
  },
  print: printAddressLine,
};

function defaultInterface({ scope }: Statement): string {
  return (globalSettings(scope).default_interface as string | undefined) ?? 'eth0';
}

function readTrackGroup(word: Word): Outcome {
  const { draft, next, statement } = word;
  if (!definedBefore(statement.scope, 'track_group', next)) {
    complain(word, `track_group ${next} not found`, 'a track_group defined before');
  } else if (draft.trackGroup !== undefined) {
    complain(word, `track_group ${next} is a duplicate`);
    return 'ended';
  } else draft.trackGroup = next;
  return 1;
}

function printAddressLine(line: AddressLine): string {
  const full = hostLength(line.address);
  return [
    line.peer !== undefined && line.prefixLength === full ? line.address : `${line.address}/${line.prefixLength}`,
    line.interface !== undefined && `dev ${quote(line.interface)}`,
    line.scope !== undefined && `scope ${line.scope}`,
    line.broadcast !== undefined && `brd ${line.broadcast}`,
    line.label !== undefined && `label ${quote(line.label)}`,
    line.peer !== undefined && `peer ${line.peer}`,
    line.home && 'home',
    line.detectDuplicates && '-nodad',
    line.mngtmpaddr && 'mngtmpaddr',
    line.noprefixroute && 'noprefixroute',
    line.autojoin && 'autojoin',
    line.noTrack && 'no_track',
    line.useVmac && 'use_vmac',
    line.preferredLifetime !== undefined && `preferred_lft ${line.preferredLifetime}`,
    line.trackGroup !== undefined && `track_group ${quote(line.trackGroup)}`,
  ]
    .filter((part) => part !== false && part !== undefined)
    .join(' ');
}
