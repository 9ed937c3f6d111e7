import type { RoutingRule, StaticRule } from '../config/types.ts';
import { printPrefix } from '../lib/ip.ts';
import { ruleAction } from '../lib/routing-numbers.ts';
import { joined, labelled } from './dump-text.ts';

/** Actions that go by the name of a type of route. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [ruleAction.blackhole, 'blackhole'],
  [ruleAction.unreachable, 'unreachable'],
  [ruleAction.prohibit, 'prohibit'],
]);

/** A routing rule as dumps and JSON show it: `from 10.0.0.0/8 priority 5 tos 0x0 protocol 18 lookup 100`. */
export function ruleText(rule: RoutingRule | StaticRule): string {
  const { source, destination, fwmark, fwmask } = rule;
  const hexadecimal = (value: number) => `0x${value.toString(16)}`;
  const range = (label: string, ends: { readonly first: number; readonly last: number } | undefined) =>
    ends && `${label} ${ends.first}-${ends.last}`;
  return joined([
    rule.invert && 'not',
    rule.family === 6 && !source && !destination && 'inet6',
    selectorText(rule),
    `priority ${rule.preference}`,
    `tos ${hexadecimal(rule.tos ?? 0)}`,
    fwmark !== undefined && `fwmark ${hexadecimal(fwmark)}${fwmask === undefined ? '' : `/${hexadecimal(fwmask)}`}`,
    labelled('suppress_prefixlen', rule.suppressPrefixLength),
    labelled('suppress_ifgroup', rule.suppressInterfaceGroup),
    labelled('iif', rule.inputInterface),
    labelled('oif', rule.outputInterface),
    labelled('tunnel-id', rule.tunnelId),
    range('uidrange', rule.userIds),
    rule.l3mdev && 'l3mdev',
    labelled('protocol', rule.protocol),
    labelled('ipproto', rule.ipProtocol),
    range('sport', rule.sourcePorts),
    range('dport', rule.destinationPorts),
    rule.realms !== undefined && `realms ${rule.realms >>> 16}/${rule.realms & 0xffff}`,
    actionText(rule),
    !rule.tracked && 'no_track',
    'trackGroup' in rule && labelled('track_group', rule.trackGroup),
  ]);
}

/** Whose packets it is for: `from all to 10.0.0.0/8`. */
export function selectorText({ source, destination }: RoutingRule): string {
  return `from ${source ? printPrefix(source) : 'all'}${destination ? ` to ${printPrefix(destination)}` : ''}`;
}

function actionText({ action, table, target }: RoutingRule): string {
  if (action === ruleAction.toTable) return `lookup ${table ?? 0}`;
  if (action === ruleAction.goto) return `goto ${target}`;
  return action === ruleAction.nop ? 'nop' : `type ${typeNames.get(action) ?? action}`;
}
