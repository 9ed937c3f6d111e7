import type { RoutingRule } from '../config/types.ts';
import { hostIsLittleEndian } from '../lib/byte-order.ts';
import type { AddressFamily } from '../lib/ip.ts';
import { type Attributes, decodeAttributes, encodeAttributes, type Table } from '../netlink/attribute.ts';
import { be64, cstring, ipAddress, type Kind, u8, u32 } from '../netlink/kinds.ts';
import { type Message, messageFlag, type Request } from '../netlink/message.ts';
import { addressFamilies, familyOf } from '../netlink/shared-numbers.ts';
import { routeMessage } from './numbers.ts';

interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** struct fib_rule_port_range */
const portRange: Kind<NumberRange> = {
  encode: (writer, { first, last }) => {
    writer.u16(first);
    writer.u16(last);
  },
  decode: (view, offset, length) =>
    length < 4
      ? undefined
      : { first: view.getUint16(offset, hostIsLittleEndian), last: view.getUint16(offset + 2, hostIsLittleEndian) },
};

/** struct fib_rule_uid_range */
const userIdRange: Kind<NumberRange> = {
  encode: (writer, { first, last }) => {
    writer.u32(first);
    writer.u32(last);
  },
  decode: (view, offset, length) =>
    length < 8
      ? undefined
      : { first: view.getUint32(offset, hostIsLittleEndian), last: view.getUint32(offset + 4, hostIsLittleEndian) },
};

/** linux/fib_rules.h: FRA_*, in the order keepalived sends them. */
export const ruleAttributes = {
  /** FRA_TABLE */ table: [15, u32],
  /** FRA_SRC */ source: [2, ipAddress],
  /** FRA_DST */ destination: [1, ipAddress],
  /** FRA_PRIORITY */ preference: [6, u32],
  /** FRA_FWMARK */ fwmark: [10, u32],
  /** FRA_FWMASK */ fwmask: [16, u32],
  /** FRA_FLOW */ realms: [11, u32],
  /** FRA_SUPPRESS_PREFIXLEN */ suppressPrefixLength: [14, u32],
  /** FRA_SUPPRESS_IFGROUP */ suppressInterfaceGroup: [13, u32],
  /** FRA_IIFNAME */ inputInterface: [3, cstring(16)],
  /** FRA_OIFNAME */ outputInterface: [17, cstring(16)],
  /** FRA_TUN_ID */ tunnelId: [12, be64],
  /** FRA_UID_RANGE */ userIds: [20, userIdRange],
  /** FRA_L3MDEV */ l3mdev: [19, u8],
  /** FRA_PROTOCOL */ protocol: [21, u8],
  /** FRA_IP_PROTO */ ipProtocol: [22, u8],
  /** FRA_SPORT_RANGE */ sourcePorts: [23, portRange],
  /** FRA_DPORT_RANGE */ destinationPorts: [24, portRange],
  /** FRA_GOTO */ target: [4, u32],
} as const satisfies Table;

/** struct fib_rule_hdr: family, dst_len, src_len, tos, table, two reserved, action, all u8, then flags u32 */
const HEADER_LENGTH = 12;
/** FIB_RULE_INVERT */
const INVERT = 2;
/** FR_ACT_TO_TBL */
const TO_TABLE = 1;

/** RTM_NEWRULE with CREATE and EXCL: an equal rule is refused with EEXIST. */
export function addRuleRequest(rule: RoutingRule): Request {
  return ruleRequest(routeMessage.newRule, messageFlag.create | messageFlag.exclusive, rule);
}

/** RTM_DELRULE: the first rule that fits all that is said. */
export function deleteRuleRequest(rule: RoutingRule): Request {
  return ruleRequest(routeMessage.deleteRule, 0, rule);
}

function ruleRequest(type: number, flags: number, rule: RoutingRule): Request {
  const table = rule.action === TO_TABLE ? (rule.table ?? 0) : 0;
  const attributes: Attributes<typeof ruleAttributes> = {
    ...rule,
    table: table > 255 ? table : undefined,
    source: rule.source?.address,
    destination: rule.destination?.address,
    l3mdev: rule.l3mdev ? 1 : undefined,
  };
  return {
    type,
    flags,
    body: (writer) => {
      writer.u8(addressFamilies[rule.family]);
      writer.u8(rule.destination?.prefixLength ?? 0);
      writer.u8(rule.source?.prefixLength ?? 0);
      writer.u8(rule.tos ?? 0);
      writer.u8(table > 255 ? 0 : table);
      writer.u16(0);
      writer.u8(rule.action);
      writer.u32(rule.invert ? INVERT : 0);
      encodeAttributes(writer, ruleAttributes, attributes);
    },
  };
}

/** A rule as the kernel reports it: its header, and those attributes that say which packets it is for. */
export interface KernelRule {
  readonly family: AddressFamily;
  readonly action: number;
  readonly invert: boolean;
  readonly tos: number;
  readonly table: number;
  readonly sourceLength: number;
  readonly destinationLength: number;
  readonly attributes: Attributes<typeof ruleAttributes>;
}

/** The rule of an RTM_NEWRULE or RTM_DELRULE message; undefined when it is damaged or not of IP. */
export function decodeRule({ view, start, end }: Message): KernelRule | undefined {
  if (start + HEADER_LENGTH > end) return undefined;
  const family = familyOf(view.getUint8(start));
  const decoded = decodeAttributes(ruleAttributes, view, start + HEADER_LENGTH, end);
  if (family === undefined || !decoded.ok) return undefined;
  return {
    family,
    action: view.getUint8(start + 7),
    invert: (view.getUint32(start + 8, hostIsLittleEndian) & INVERT) !== 0,
    tos: view.getUint8(start + 3),
    table: decoded.value.table ?? view.getUint8(start + 4),
    sourceLength: view.getUint8(start + 2),
    destinationLength: view.getUint8(start + 1),
    attributes: decoded.value,
  };
}

/** Attributes that tell rules of one preference apart; their values are compared as text. */
const telling = [
  'fwmark',
  'inputInterface',
  'outputInterface',
  'tunnelId',
  'target',
  'ipProtocol',
  'sourcePorts',
  'destinationPorts',
  'userIds',
] as const satisfies readonly (keyof typeof ruleAttributes)[];

/** Whether the kernel's `reported` is the wanted rule. What the kernel leaves at its default is not reported. */
export function isRule(reported: KernelRule, wanted: RoutingRule): boolean {
  const { attributes } = reported;
  const shown = (value: unknown): string =>
    value === undefined || value === 0 || value === 0n
      ? ''
      : typeof value === 'object'
        ? rangeText(value)
        : String(value);
  return (
    reported.family === wanted.family &&
    reported.action === wanted.action &&
    reported.invert === wanted.invert &&
    reported.tos === (wanted.tos ?? 0) &&
    (attributes.preference ?? 0) === wanted.preference &&
    (wanted.action !== TO_TABLE || wanted.l3mdev || reported.table === wanted.table) &&
    reported.sourceLength === (wanted.source?.prefixLength ?? 0) &&
    reported.destinationLength === (wanted.destination?.prefixLength ?? 0) &&
    (reported.sourceLength === 0 || attributes.source === wanted.source?.address) &&
    (reported.destinationLength === 0 || attributes.destination === wanted.destination?.address) &&
    telling.every((name) => shown(attributes[name]) === shown(wanted[name]))
  );
}

function rangeText(value: object | null): string {
  const { first, last } = value as NumberRange;
  return `${first}-${last}`;
}
