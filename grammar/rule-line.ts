import { type AddressFamily, printPrefix } from '../src/lib/ip.ts';
import { keepalivedProtocol, ruleAction } from '../src/lib/routing-numbers.ts';
import { printRealms } from './iproute-names.ts';
import type { Scope, Statement, ValueKind } from './keyword.ts';
import { complain, documentationOf, type LineReader, type LineWords, readTrackGroup, warn } from './line-reader.ts';
import { anything, anything6, type RuleDraft, type RuleLine, readAction, ruleWords } from './rule-words.ts';
import { rootOf } from './scope.ts';
import { quote } from './values.ts';

type Reader = LineReader<RuleDraft>;

/** The first preference given to a rule without one; each further one of its family is lower. */
const firstFreePreference = 0x4000;

/** Counts over the whole configuration, so that the same file gives the same numbers. */
function freePreference(scope: Scope, family: AddressFamily): number {
  const { facts } = rootOf(scope);
  const key = `free rule preference ${family}`;
  const preference = (facts.get(key) as number | undefined) ?? firstFreePreference;
  facts.set(key, preference - 1);
  return preference;
}

function finish(reader: Reader): RuleLine | undefined {
  const { draft, statement } = reader;
  const { action, l3mdev, preference, target } = draft;
  if (action === undefined) {
    complain(reader, 'No action specified for rule - ignoring', 'table, goto, nop, blackhole or another action');
    return undefined;
  }
  if (action === ruleAction.goto) {
    if (preference === undefined) {
      complain(reader, `Invalid rule - goto target ${target} specified without preference`);
      return undefined;
    }
    if (preference >= (target as number)) {
      complain(reader, `Invalid rule - preference ${preference} >= goto target ${target}`);
      return undefined;
    }
  }
  const { realms, suppressPrefixLength, suppressInterfaceGroup } = draft;
  const needsTable = [realms, suppressPrefixLength, suppressInterfaceGroup].some((value) => value !== undefined);
  if (needsTable && action !== ruleAction.toTable && !l3mdev) {
    complain(reader, 'suppressor/realm specified for non table action - skipping');
    return undefined;
  }
  const family = reader.family ?? 4;
  if (draft.tracked) {
    if ((draft.protocol ?? keepalivedProtocol) !== keepalivedProtocol) {
      const message = 'Rule cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol';
      warn(reader, message);
    }
    draft.protocol = keepalivedProtocol;
  }
  if (draft.trackGroup !== undefined && draft.inputInterface === undefined) {
    complain(reader, 'Static rule cannot have track_group if dev/iif not specified', 'dev');
    delete draft.trackGroup;
  }
  // `any` before the first IPv6 address was taken for IPv4's.
  if (family === 6 && draft.source === anything) draft.source = anything6;
  if (family === 6 && draft.destination === anything) draft.destination = anything6;
  if (preference !== undefined) return { ...draft, action, family, preference };
  const free = freePreference(statement.scope, family);
  warn(reader, `Rule has no preference specified - setting to ${free}. This is probably not what you want.`);
  return { ...draft, action, family, preference: free };
}

function read(statement: Statement, ofStaticBlock: boolean): RuleLine | undefined {
  const reader: Reader = {
    statement,
    ofStaticBlock,
    at: 0,
    family: undefined,
    draft: { invert: false, l3mdev: false, tracked: true },
  };
  const { words } = statement;
  for (; reader.at < words.length; reader.at++) {
    const text = words[reader.at] as string;
    if (ofStaticBlock && text === 'track_group') {
      const outcome = readTrackGroup(reader);
      if (outcome === 'missing') return undefined;
      // A second one ends the line, and what stands after it is not read.
      if (outcome === 'duplicate') break;
      continue;
    }
    if (!(ruleWords.get(text)?.read(reader) ?? readAction(reader))) return undefined;
  }
  return finish(reader);
}

const syntax = 'from, to and other selectors of ip-rule(8), an action, and a preference';

/** One line of virtual_rules. */
export const ruleLine: ValueKind<RuleLine> = {
  syntax,
  words: documentationOf(ruleWords as LineWords<never>),
  read: (statement) => read(statement, false),
  print: printRuleLine,
};

/** One line of static_rules. */
export const staticRuleLine: ValueKind<RuleLine> = {
  syntax,
  words: { ...ruleLine.words, track_group: 'Instances that follow what becomes of the rule; needs dev.' },
  read: (statement) => read(statement, true),
  print: printRuleLine,
};

function printRuleLine(rule: RuleLine): string {
  const pair = (name: string, value: string | number | bigint | undefined) =>
    value === undefined ? [] : [name, String(value)];
  const range = (name: string, ends: { readonly first: number; readonly last: number } | undefined) =>
    ends === undefined ? [] : [name, `${ends.first}-${ends.last}`];
  const { source, destination, fwmark, fwmask } = rule;
  const settled = source ?? destination;
  return [
    // Said by an address otherwise.
    ...(settled === undefined && rule.family === 6 ? ['inet6', '-'] : []),
    ...(rule.invert ? ['not'] : []),
    ...pair('from', source && printPrefix(source)),
    ...pair('to', destination && printPrefix(destination)),
    ...pair('preference', rule.preference),
    ...pair('tos', rule.tos),
    ...pair('fwmark', fwmark === undefined ? undefined : fwmask === undefined ? fwmark : `${fwmark}/${fwmask}`),
    ...pair('realms', rule.realms === undefined ? undefined : printRealms(rule.realms)),
    ...pair('suppress_prefixlength', rule.suppressPrefixLength),
    ...pair('suppress_ifgroup', rule.suppressInterfaceGroup),
    ...pair('iif', rule.inputInterface && quote(rule.inputInterface)),
    ...pair('oif', rule.outputInterface && quote(rule.outputInterface)),
    ...pair('tunnel-id', rule.tunnelId),
    ...range('uidrange', rule.userIds),
    ...pair('protocol', rule.tracked ? undefined : rule.protocol),
    ...pair('ipproto', rule.ipProtocol),
    ...range('sport', rule.sourcePorts),
    ...range('dport', rule.destinationPorts),
    ...printAction(rule),
    ...(rule.tracked ? [] : ['no_track']),
    ...pair('track_group', rule.trackGroup && quote(rule.trackGroup)),
  ].join(' ');
}

function printAction({ action, l3mdev, table, target }: RuleLine): string[] {
  if (l3mdev) return ['l3mdev'];
  if (action === ruleAction.toTable) return ['table', String(table)];
  if (action === ruleAction.goto) return ['goto', String(target)];
  return action === ruleAction.nop ? ['nop'] : [String(action)];
}
