import type { InterfaceDelay } from '../config/types.ts';
import { micros } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import { type DumpLines, present, title } from './dump-text.ts';
import { timestamp } from './dump-time.ts';
import type { DelayGroup } from './dump-garp.ts';
import type { InterfaceRuntime, PrintTime } from './runtime.ts';
import { macText } from '../lib/mac-text.ts';

const LOOPBACK = 772;
const ETHERNET = 1;
const INFINIBAND = 32;

/** Section "Interfaces". */
export function interfaceLines(
  interfaces: readonly InterfaceRuntime[] | undefined,
  delays: readonly InterfaceDelay[],
  groups: readonly DelayGroup[],
  printTime: PrintTime | undefined,
): string[] {
  if (!interfaces || interfaces.length === 0) return [];
  const delayOf = (name: string) => delays.find((delay) => delay.interface === name);
  const spacings = new Map(groups.flatMap((group) => group.interfaces.map((name) => [name, group] as const)));
  return [
    title('Interfaces'),
    ...present(interfaces.flatMap((one) => oneInterface(one, delayOf(one.name), spacings.get(one.name), printTime))),
  ];
}

function oneInterface(
  one: InterfaceRuntime,
  delay: InterfaceDelay | undefined,
  spacing: DelayGroup | undefined,
  printTime: PrintTime | undefined,
): DumpLines {
  const { garp = 0, gna = 0 } = spacing ?? {};
  return [
    ` Name = ${one.name}`,
    `   index = ${one.index}`,
    ...addressLines('IPv4', one.addresses4),
    ...addressLines('IPv6', one.addresses6),
    ...macLines(one),
    `   State = ${stateText(one)}`,
    `   Seen up = ${Number(one.seenUp)}`,
    `   Delayed state change running = ${one.delayed}`,
    `   Up debounce timer = ${delay?.up ?? micros(0)}us`,
    `   Down debounce timer = ${delay?.down ?? micros(0)}us`,
    `   Group = ${one.group}`,
    ...virtualLines(one),
    one.virtual?.ours === true && '   I/f created by keepalived',
    one.changeable && '   Interface type/base can be changed',
    `   MTU = ${one.mtu}`,
    hardwareLine(one.type),
    `   NIC ${one.polling ? pollingNames[one.polling] : 'netlink status update'}`,
    garp > 0 && `   Gratuitous ARP interval ${Math.trunc(garp / 1000)}ms`,
    gna > 0 && `   Gratuitous NA interval ${Math.trunc(gna / 1000)}ms`,
    ...settingLines(one),
    one.forwardsIpv6 && `   ${one.forwardsIpv6.forwards ? '' : 'Not '}IPv6 forwarding. ${checkedText(one, printTime)}`,
    one.tracking.length > 0 && '   Tracking VRRP instances :',
    ...one.tracking.map(({ name, weight, reverse }) => `     ${name}, weight ${weight}${reverse ? ' reverse' : ''}`),
  ];
}

const pollingNames = {
  MII: 'support MII regs',
  ETHTOOL: 'support ETHTOOL GLINK interface',
  IOCTL: 'ioctl refresh polling',
} as const;

/** keepalived calls them original, and shows what the kernel has now. */
function settingLines({ settings }: InterfaceRuntime): DumpLines {
  return [
    `   Reset ARP config counter ${settings?.users ?? 0}`,
    `   Original arp_ignore ${settings?.arpIgnore ?? 0}`,
    `   Original arp_filter ${settings?.arpFilter ?? 0}`,
    settings?.rpFilter !== undefined && `   rp_filter ${settings.rpFilter}`,
    `   Original promote_secondaries ${settings?.promoteSecondaries ?? 0}`,
    `   Reset promote_secondaries counter ${Number(settings?.promotes ?? false)}`,
  ];
}

/** The primary address, then the others under a title of their own. */
function addressLines(family: 'IPv4' | 'IPv6', [first, ...others]: readonly IpAddress[]): DumpLines {
  return [
    `   ${family} address = ${first ?? '(none)'}`,
    others.length > 0 && `   Additional ${family} addresses :`,
    ...others.map((address) => `     ${address}`),
  ];
}

/** Here the fraction stands behind the year. */
function checkedText({ forwardsIpv6 }: InterfaceRuntime, printTime: PrintTime | undefined): string {
  const at = forwardsIpv6?.at ?? 0;
  const [, fraction = ''] = timestamp(at).split('.');
  const date = printTime === undefined ? '' : ` (${printTime(at, '')}.${fraction})`;
  return `Last checked ${timestamp(at)}${date}`;
}

/** A tunnel between any two ends has one of zeros, which is none. */
function macLines({ mac, macBroadcast }: InterfaceRuntime): DumpLines {
  if (mac.every((byte) => byte === 0)) return [];
  return [`   MAC = ${macText(mac)}`, macBroadcast.length > 0 && `   MAC broadcast = ${macText(macBroadcast)}`];
}

function upText(up: boolean, running: boolean): string {
  return `${up ? '' : 'not '}UP, ${running ? '' : 'not '}RUNNING`;
}

function stateText(one: InterfaceRuntime): string {
  return [
    upText(one.up, one.running),
    ...(one.broadcast ? [] : ['no broadcast']),
    ...(one.loopback ? ['loopback'] : []),
    ...(one.pointToPoint ? ['point to point'] : []),
    ...(one.noArp ? ['no arp'] : []),
    ...(one.multicast ? [] : ['no multicast']),
    ...(one.virtual && !(one.virtual.parentUp && one.virtual.parentRunning) ? ['master down'] : []),
  ].join(', ');
}

function virtualLines({ virtual }: InterfaceRuntime): DumpLines {
  if (!virtual || (virtual.kind !== 'VMAC' && virtual.kind !== 'IPVLAN')) return [];
  const { kind, mode, parent, parentIndex, parentUp, parentRunning } = virtual;
  const what = `   ${kind} type ${mode ?? 'private'}`;
  return [
    parent === undefined
      ? `${what}, underlying ifindex = ${parentIndex ?? 0}`
      : `${what}, underlying interface = ${parent}, state = ${upText(parentUp, parentRunning)}`,
  ];
}

function hardwareLine(type: number): string {
  if (type === LOOPBACK) return '   HW Type = LOOPBACK';
  if (type === ETHERNET) return '   HW Type = ETHERNET';
  return type === INFINIBAND ? '   HW Type = INFINIBAND' : `   HW Type = UNKNOWN (${type})`;
}
