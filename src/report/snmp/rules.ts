import type { Config, RoutingRule } from '../../config/types.ts';
import type { VrrpSurvey } from '../../ipc/observation.ts';
import { ruleAction } from '../../lib/routing-numbers.ts';
import { holders, VRRP } from './instances.ts';
import { realm, routeProtocol } from './routes.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import { addressValue, choice, familyType, gauge, given, highHalf, integer, lowHalf, text } from './values.ts';

const RULE_ENTRY = [...VRRP, 8, 1];
interface RuleRow {
  readonly rule: RoutingRule;
  readonly isSet: boolean;
}

/** Static rules as those of instance 0, then the instances' own. */
export function ruleTable({ staticRules, instances }: Config, survey: VrrpSurvey): SnmpTable {
  const holds = holders(survey);
  const fixed = staticRules.map((rule): RuleRow => ({ rule, isSet: true }));
  const rows = instances.flatMap(({ name, virtualRules }, at) =>
    numbered(
      virtualRules.map((rule): RuleRow => ({ rule, isSet: holds(name) })),
      [at + 1],
    ),
  );
  return snmpTable(RULE_ENTRY, columns, [...numbered(fixed, [0]), ...rows]);
}

function direction({ source, destination }: RoutingRule): string {
  if (source && destination) return 'both';
  if (source) return 'from';
  return destination ? 'to' : '';
}

/** What the older columns show, which have room for one address. */
function either({ source, destination }: RoutingRule): RoutingRule['source'] {
  return destination ?? source;
}

function table({ rule }: RuleRow) {
  return rule.action === ruleAction.toTable ? gauge(rule.table ?? 0) : undefined;
}

const columns: Columns<RuleRow> = {
  2: ({ rule }) => text(direction(rule)),
  3: ({ rule }) => given(either(rule), () => familyType(rule.family)),
  4: ({ rule }) => given(either(rule)?.address, addressValue),
  5: ({ rule }) => given(either(rule)?.prefixLength, gauge),
  6: table,
  7: ({ isSet }) => choice(isSet),
  8: ({ rule }) => choice(rule.invert),
  9: ({ rule }) => given(rule.destination, () => familyType(rule.family)),
  10: ({ rule }) => given(rule.destination?.address, addressValue),
  11: ({ rule }) => given(rule.destination?.prefixLength, gauge),
  12: ({ rule }) => given(rule.source, () => familyType(rule.family)),
  13: ({ rule }) => given(rule.source?.address, addressValue),
  14: ({ rule }) => given(rule.source?.prefixLength, gauge),
  15: ({ rule }) => gauge(rule.tos ?? 0),
  16: ({ rule }) => given(rule.fwmark, gauge),
  17: ({ rule }) => given(rule.fwmask, gauge),
  18: ({ rule }) => realm(rule.realms, 'destination'),
  19: ({ rule }) => realm(rule.realms, 'source'),
  20: ({ rule }) => given(rule.inputInterface, text),
  21: ({ rule }) => given(rule.outputInterface, text),
  22: ({ rule }) => given(rule.target, gauge),
  // RuleAction of the MIB counts as the kernel does.
  23: ({ rule }) => integer(rule.action),
  24: table,
  25: ({ rule }) => gauge(rule.preference),
  26: ({ rule }) => given(rule.suppressPrefixLength, gauge),
  27: ({ rule }) => given(rule.suppressInterfaceGroup, (group) => text(String(group))),
  28: ({ rule }) => given(rule.tunnelId, highHalf),
  29: ({ rule }) => given(rule.tunnelId, lowHalf),
  30: ({ rule }) => given(rule.userIds?.first, gauge),
  31: ({ rule }) => given(rule.userIds?.last, gauge),
  32: ({ rule }) => (rule.l3mdev ? choice(true) : undefined),
  33: ({ rule }) => routeProtocol(rule.protocol),
  34: ({ rule }) => given(rule.ipProtocol, gauge),
  35: ({ rule }) => given(rule.sourcePorts?.first, gauge),
  36: ({ rule }) => given(rule.sourcePorts?.last, gauge),
  37: ({ rule }) => given(rule.destinationPorts?.first, gauge),
  38: ({ rule }) => given(rule.destinationPorts?.last, gauge),
};
