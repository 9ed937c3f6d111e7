import { type AddressFamily, addressFamily, type IpAddress } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import { ruleAction } from '../src/lib/routing-numbers.ts';
import { cNumber, readCInteger, readUnsigned64 } from './c-numbers.ts';
import { iprouteNumber, readRealms } from './iproute-names.ts';
import {
  complain,
  lineFlag,
  type LineReader,
  type LineWord,
  lineWord,
  type LineWords,
  readFamilyWord,
  settleFamily,
  take,
} from './line-reader.ts';
import { readIntegerText } from './numbers.ts';
import { type Prefix, readPrefix } from './prefix.ts';
import { ipProtocolNumber } from './ip-protocols.ts';
import { maximumUnsigned } from './values.ts';

interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** A line of virtual_rules or static_rules; numbers are those of linux/fib_rules.h. */
export interface RuleLine {
  readonly family: AddressFamily;
  /** FR_ACT_*; 1 is to table. */
  readonly action: number;
  readonly invert: boolean;
  readonly source?: Prefix;
  readonly destination?: Prefix;
  readonly table?: number;
  readonly preference: number;
  /** Preference that `goto` leads to. */
  readonly target?: number;
  readonly tos?: number;
  readonly fwmark?: number;
  readonly fwmask?: number;
  readonly realms?: number;
  readonly suppressPrefixLength?: number;
  readonly suppressInterfaceGroup?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly tunnelId?: bigint;
  readonly userIds?: NumberRange;
  readonly l3mdev: boolean;
  /** RTPROT_*; absent: none was asked for. */
  readonly protocol?: number;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  readonly tracked: boolean;
  readonly trackGroup?: string;
}

/** A rule on its way. */
export type RuleDraft = Mutable<Omit<RuleLine, 'family' | 'action' | 'preference'>> & {
  action?: number;
  preference?: number;
};
type Reader = LineReader<RuleDraft>;

/** Types of route that are actions of rules as well. */
const typeActions: ReadonlyMap<string, number> = new Map([
  ['blackhole', ruleAction.blackhole],
  ['unreachable', ruleAction.unreachable],
  ['prohibit', ruleAction.prohibit],
]);

/** Types of route that are no actions. */
const otherTypes: ReadonlySet<string> = new Set(
  'unicast local broadcast brd anycast multicast throw nat xresolve'.split(' '),
);

const oneAction = 'Cannot specify more than one of table/nop/goto/blackhole/prohibit/unreachable';

const word = lineWord<RuleDraft>;
const mark = lineFlag<RuleDraft>;

const selector = (documentation: string, key: 'source' | 'destination', name: 'from' | 'to') =>
  word(documentation, (reader) => {
    const written = take(reader);
    if (written === undefined) return false;
    const prefix = readSelector(reader, written);
    if (!prefix) return complain(reader, `Invalid rule ${name} address ${written}`);
    // One that says nothing of a family fits only while there is none.
    const unsettled = ['default', 'any', 'all'].includes(written);
    const fits = unsettled ? reader.family === undefined : settleFamily(reader, addressFamily(prefix.address));
    if (!fits) return complain(reader, 'rule specification has mixed IPv4 and IPv6');
    reader.draft[key] = prefix;
    return true;
  });

export const anything: Prefix = { address: '0.0.0.0' as IpAddress, prefixLength: 0 };
export const anything6: Prefix = { address: '::' as IpAddress, prefixLength: 0 };

function readSelector(reader: Reader, written: string): Prefix | undefined {
  if (['default', 'any', 'all'].includes(written)) return anything;
  if (written === 'default6') return anything6;
  return readPrefix(reader.statement, written, reader.at);
}

const table = word('Action: look the destination up in this table.', (reader) => {
  const text = take(reader);
  if (text === undefined) return false;
  const number = iprouteNumber(reader.statement, 'rt_tables', text);
  if (number === undefined) return complain(reader, `Routing table ${text} not found for rule`, 'a table');
  if (number === 0) return complain(reader, 'Table 0 is not valid', 'a table');
  if (reader.draft.action !== undefined) return complain(reader, `${oneAction} for rule`);
  reader.draft.action = ruleAction.toTable;
  reader.draft.table = number;
  return true;
});

const preference = word('Place among the rules; the lowest is looked at first.', (reader) => {
  const keyword = reader.statement.words[reader.at];
  const text = take(reader);
  if (text === undefined) return false;
  const value = readCInteger(text, reader.statement, reader.at);
  if (value === undefined) return complain(reader, `Invalid rule preference ${keyword} specified`);
  reader.draft.preference = value;
  return true;
});

const tos = word('Differentiated services field of the packets.', (reader) => {
  const text = take(reader);
  if (text === undefined) return false;
  const value = iprouteNumber(reader.statement, 'rt_dsfield', text);
  if (value === undefined) return complain(reader, `TOS value ${text} is invalid`, 'a name or 0 to 255');
  reader.draft.tos = value;
  return true;
});

const suppressPrefixLength = word('Ignore routes whose prefix is at most this long.', (reader) => {
  const keyword = reader.statement.words[reader.at];
  const text = take(reader);
  if (text === undefined) return false;
  const value = readIntegerText(text, reader.statement, reader.at, 0, 0x7fffffff, 'exact');
  if (value === undefined) return complain(reader, `Invalid suppress_prefixlength ${keyword} specified`);
  reader.draft.suppressPrefixLength = value;
  return true;
});

const suppressInterfaceGroup = word('Ignore routes through interfaces of this group.', (reader) => {
  const text = take(reader);
  if (text === undefined) return false;
  const value = iprouteNumber(reader.statement, 'group', text);
  if (value === undefined) return complain(reader, `suppress_group ${text} is invalid`, 'a group of interfaces');
  reader.draft.suppressInterfaceGroup = value;
  return true;
});

const device = (documentation: string, key: 'inputInterface' | 'outputInterface') =>
  word(documentation, (reader) => {
    const name = take(reader);
    if (name === undefined) return false;
    const { statement } = reader;
    if (!statement.surroundings.interfaceExists(name)) {
      const message = `WARNING - interface ${name} for rule doesn't exist`;
      statement.report('warning', message, reader.at, 'an interface that exists');
      statement.badInterface();
      return false;
    }
    reader.draft[key] = name;
    return true;
  });

const input = device('Interface that packets come in by.', 'inputInterface');

/** `FIRST-LAST` as sscanf(3) reads it; what does not fit `bits` loses its upper ones. */
function readRange(text: string, bits: number): NumberRange | undefined {
  const match = /^\s*([+-]?\d+)-\s*([+-]?\d+)/.exec(text);
  if (!match) return undefined;
  const [first, last] = [match[1], match[2]].map((digits) => Number(BigInt.asUintN(bits, BigInt(digits as string))));
  return { first: first as number, last: last as number };
}

const ports = (documentation: string, key: 'sourcePorts' | 'destinationPorts', name: string) =>
  word(documentation, (reader) => {
    const text = take(reader);
    if (text === undefined) return false;
    const range = readRange(text, 16);
    if (range) reader.draft[key] = range;
    else complain(reader, `invalid ${name} range ${text}`, 'two ports with - between them');
    return true;
  });

export const ruleWords: LineWords<RuleDraft> = new Map<string, LineWord<RuleDraft>>([
  ['inet', word('A rule of IPv4; the word after it is skipped.', (reader) => readFamilyWord(reader, 'rule'))],
  ['inet6', word('A rule of IPv6; the word after it is skipped.', (reader) => readFamilyWord(reader, 'rule'))],
  ['from', selector('Source of the packets.', 'source', 'from')],
  ['to', selector('Destination of the packets.', 'destination', 'to')],
  ['table', table],
  ['lookup', table],
  ['not', mark('The rule is for packets that the selectors do not fit.', { invert: true })],
  ['preference', preference],
  ['order', preference],
  ['priority', preference],
  ['tos', tos],
  ['dsfield', tos],
  ['fwmark', word('Firewall mark of the packets, with a mask after /.', readMark)],
  ['realms', word('Realms that the lookup gives, IPv4 only.', readRuleRealms)],
  ['suppress_prefixlength', suppressPrefixLength],
  ['sup_pl', suppressPrefixLength],
  ['suppress_ifgroup', suppressInterfaceGroup],
  ['sup_group', suppressInterfaceGroup],
  ['dev', input],
  ['iif', input],
  ['oif', device('Interface that packets of local sockets are bound to.', 'outputInterface')],
  ['tunnel-id', word('Tunnel that packets came by.', readTunnelId)],
  ['uidrange', word('Users whose sockets send the packets.', readUserIds)],
  ['l3mdev', word('Action: look up in the table of the VRF.', readL3mdev)],
  ['protocol', word('Who set the rule.', readProtocol)],
  ['ipproto', word('Protocol of the packets.', readIpProtocol)],
  ['sport', ports('Source ports of the packets.', 'sourcePorts', 'sport')],
  ['dport', ports('Destination ports of the packets.', 'destinationPorts', 'dport')],
  ['no_track', mark('Nothing happens when somebody removes the rule.', { tracked: false })],
  ['type', word('Stands before an action.', (reader) => take(reader) !== undefined && readAction(reader))],
  ['goto', word('Action: go on with the rule of this preference.', readGoto)],
  ['blackhole', word('Action: drop in silence.', readAction)],
  ['unreachable', word('Action: refuse as unreachable.', readAction)],
  ['prohibit', word('Action: refuse as prohibited.', readAction)],
  ['nop', word('Action: none.', (reader) => setAction(reader, ruleAction.nop))],
]);

function setAction(reader: Reader, action: number): boolean {
  if (reader.draft.action !== undefined) return complain(reader, `${oneAction}/l3mdev for rule`);
  reader.draft.action = action;
  return true;
}

function readMark(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const slash = text.indexOf('/');
  const mask = slash === -1 ? undefined : markOf(text.slice(slash + 1));
  const value = markOf(slash === -1 ? text : text.slice(0, slash));
  if (value === undefined || (slash !== -1 && mask === undefined)) {
    return complain(reader, `Invalid rule fwmark ${text} specified`, 'a mark, with a mask after /');
  }
  reader.draft.fwmark = value;
  if (mask !== undefined) reader.draft.fwmask = mask;
  return true;
}

function markOf(text: string): number | undefined {
  const value = cNumber(text);
  return value === undefined || value > BigInt(maximumUnsigned) ? undefined : Number(value);
}

function readRuleRealms(reader: Reader): boolean {
  if (!settleFamily(reader, 4)) return complain(reader, 'realms is only valid for IPv4');
  const text = take(reader);
  if (text === undefined) return false;
  const realms = readRealms(reader.statement, text);
  if (realms === undefined) return complain(reader, `invalid realms ${text} for rule`, '[from/]to, each 0 to 255');
  reader.draft.realms = realms;
  return true;
}

function readTunnelId(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const id = readUnsigned64(text, reader.statement, reader.at);
  if (id === undefined) return complain(reader, 'Invalid tunnel-id tunnel-id specified');
  reader.draft.tunnelId = id;
  return true;
}

function readUserIds(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const range = readRange(text, 32);
  if (!range) return complain(reader, 'Invalid uidrange uidrange specified', 'two user ids with - between them');
  reader.draft.userIds = range;
  return true;
}

function readL3mdev(reader: Reader): boolean {
  if (reader.draft.action !== undefined) return complain(reader, 'Cannot specify l3mdev with other action');
  reader.draft.action = ruleAction.toTable;
  reader.draft.l3mdev = true;
  return true;
}

function readProtocol(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const value = readIntegerText(text, reader.statement, reader.at, 0, 255, 'exact');
  if (value === undefined) complain(reader, `Invalid protocol ${text}`);
  else reader.draft.protocol = value;
  return true;
}

function readIpProtocol(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const value = ipProtocolNumber(text);
  if (value === undefined) complain(reader, `Invalid ipproto ${text}`, 'a protocol or 0 to 255');
  else reader.draft.ipProtocol = value;
  return true;
}

function readGoto(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const target = readIntegerText(text, reader.statement, reader.at, 0, maximumUnsigned, 'exact');
  if (target === undefined) return complain(reader, 'Invalid target goto specified');
  if (!setAction(reader, ruleAction.goto)) return false;
  reader.draft.target = target;
  return true;
}

/** The word at hand is one of the actions that are types of route, by name or number. */
export function readAction(reader: Reader): boolean {
  const text = reader.statement.words[reader.at] as string;
  const number = text === '' ? undefined : cNumber(text);
  const action = typeActions.get(text) ?? (number !== undefined && number <= 255n ? Number(number) : undefined);
  if (action === undefined && !otherTypes.has(text)) return complain(reader, `Unknown rule option ${text}`);
  const values: readonly (number | undefined)[] = [...typeActions.values()];
  if (!values.includes(action)) return complain(reader, `Invalid rule action ${text}`);
  return setAction(reader, action as number);
}
