import type { AddressLine } from '../../grammar/address-line.ts';
import { type AddressFamily, addressFamily, printPrefix } from '../lib/ip.ts';
import { macText } from '../lib/mac-text.ts';
import { virtualRouterMac } from '../lib/virtual-router-mac.ts';
import type { InstanceDraft, RuleContext, VirtualCarrier } from './instance-draft.ts';

/** What carries an address: an interface as it is, or a virtual one and the one below. */
export type AddressCarrier = VirtualCarrier | { readonly interface: string };

/** A virtual interface with a name. Several may be the same one: whoever needs the same MAC address there shares it. */
interface Named extends VirtualCarrier {
  readonly kind: 'macvlan' | 'ipvlan';
  readonly mac: string;
}

/**
 * Names virtual interfaces, one instance after the other, each followed by those of its addresses: the configured one, else
 * one made of the prefix and the identifier that nobody uses, or that is on the same interface with the same MAC address.
 */
export function nameVirtualInterfaces(drafts: readonly InstanceDraft[], context: RuleContext): void {
  const configured = new Set(drafts.flatMap(({ virtualInterface: line }) => line?.name ?? []));
  const known: Named[] = [];
  for (const draft of drafts) {
    nameOwn(draft, known, configured, context);
    const carriers = new Map<AddressLine, VirtualCarrier>();
    for (const line of [...draft.addresses, ...draft.excluded]) {
      if (wantsVirtual(draft, line)) carriers.set(line, named(draft, line, known, configured, context));
    }
    draft.carriers = carriers;
  }
}

function nameOwn(draft: InstanceDraft, known: Named[], configured: ReadonlySet<string>, context: RuleContext): void {
  const { virtualInterface: line, interface: base, family } = draft;
  if (!line) return;
  const { kind } = line;
  const wanted = { kind, base, mac: kind === 'ipvlan' ? draft.name : macOf(draft, family) };
  const found = foundFor(wanted, context);
  if (found !== undefined && line.name !== undefined && line.name !== found) {
    context.log(`(${draft.name}) vmac name mismatch ${line.name} <=> ${found}. changing to ${found}.`);
  }
  const { vmacPrefix } = context.global;
  const interfaceName = found ?? line.name ?? freeName(vmacPrefix, draft, family, wanted, known, configured, context);
  context.claimInterface(interfaceName);
  draft.virtualName = interfaceName;
  known.push({ ...wanted, interface: interfaceName });
}

function named(
  draft: InstanceDraft,
  line: AddressLine,
  known: Named[],
  configured: ReadonlySet<string>,
  context: RuleContext,
): VirtualCarrier {
  const family = addressFamily(line.address);
  const base = line.interface ?? draft.interface;
  const wanted = { kind: 'macvlan' as const, base, mac: macOf(draft, family) };
  const shared = known.find((one) => isSame(one, wanted));
  if (shared) return { interface: shared.interface, base };
  const { vmacAddressPrefix: prefix } = context.global;
  const name = foundFor(wanted, context) ?? freeName(prefix, draft, family, wanted, known, configured, context);
  context.claimInterface(name);
  const made = { ...wanted, interface: name };
  known.push(made);
  return { interface: made.interface, base };
}

/** It asks for one, or the instance does for all that are on other interfaces or of the other family. */
function wantsVirtual(draft: InstanceDraft, line: AddressLine): boolean {
  if (line.useVmac) return true;
  const elsewhere = line.interface !== undefined && line.interface !== draft.interface;
  return draft.vmacAddresses && (elsewhere || addressFamily(line.address) !== draft.family);
}

function freeName(
  prefix: string,
  { raw }: InstanceDraft,
  family: AddressFamily,
  wanted: Omit<Named, 'interface'>,
  known: readonly Named[],
  configured: ReadonlySet<string>,
  context: RuleContext,
): string {
  const isFree = (name: string): boolean => {
    const one = known.find((other) => other.interface === name);
    if (one) return isSame(one, wanted);
    if (configured.has(name)) return false;
    const there = context.interfaceFacts(name);
    return !there || (there.kind === wanted.kind && there.base === below(wanted.base, context));
  };
  for (const suffix of family === 6 ? ['', '6'] : ['']) {
    const name = `${prefix}${suffix}.${raw.virtual_router_id}`;
    if (isFree(name)) return name;
  }
  for (let number = 1; ; number++) {
    const name = `${prefix}${number}.${raw.virtual_router_id}`;
    if (isFree(name)) return name;
  }
}

/** One that somebody has made is used, whatever it is called. */
function foundFor({ kind, base, mac }: Omit<Named, 'interface'>, context: RuleContext): string | undefined {
  return kind === 'macvlan' ? context.foundMacvlan(below(base, context), mac) : undefined;
}

/** What really carries an interface that stands on `base`: the kernel puts no macvlan upon another. */
function below(base: string, context: RuleContext): string {
  const facts = context.interfaceFacts(base);
  return facts?.kind === 'macvlan' && facts.base !== undefined ? facts.base : base;
}

function isSame(one: Omit<Named, 'interface'>, other: Omit<Named, 'interface'>): boolean {
  return one.kind === other.kind && one.base === other.base && one.mac === other.mac;
}

/** The configured MAC address is that of all virtual interfaces of an instance. */
function macOf({ virtualInterface: line, raw }: InstanceDraft, family: AddressFamily): string {
  return macText(line?.mac ?? virtualRouterMac(family, raw.virtual_router_id as number));
}

/** Where an address is put: on the instance's own virtual interface only if it is of the instance's family. */
export function carrierOf(draft: InstanceDraft, line: AddressLine): AddressCarrier {
  const { interface: base, virtualName, family } = draft;
  const carrier = draft.carriers.get(line);
  if (carrier) return carrier;
  const below = line.interface ?? base;
  const isOwn = below === base && addressFamily(line.address) === family;
  return virtualName !== undefined && isOwn ? { interface: virtualName, base } : { interface: below };
}

/** A virtual interface serves one instance, or those of one sync group: else one of them would take it from the other. */
export function sharedCarriers(drafts: readonly InstanceDraft[], { log }: RuleContext): void {
  const users = drafts.map((draft) => ({ draft, uses: usesOf(draft) })).filter(({ uses }) => uses.length > 0);
  for (const [i, { draft: one, uses }] of users.entries()) {
    const taken = new Map(uses.map(({ name, what }) => [name, what]));
    for (const { draft: other, uses: wanted } of users.slice(i + 1)) {
      if (one.group && one.group === other.group) continue;
      const shared = wanted.find(({ name, what }) => taken.has(name) && (what !== '' || taken.get(name) !== ''));
      if (!shared) continue;
      const { name, what } = shared;
      const user = what === '' ? 'it' : what.trim();
      log(
        `(${other.name}) ${user} uses same VMAC as VRRP instance ${one.name}${taken.get(name)}, disabling ${other.name}`,
      );
      other.configurationFault = true;
    }
  }
}

/** The virtual interfaces that an instance needs: its own, and those that carry single addresses. */
function usesOf(draft: InstanceDraft): { readonly name: string; readonly what: string }[] {
  const own = draft.virtualName === undefined ? [] : [{ name: draft.virtualName, what: '' }];
  const carried = [...draft.addresses, ...draft.excluded].flatMap((line) => {
    const carrier = draft.carriers.get(line);
    return carrier ? [{ name: carrier.interface, what: ` VIP/eVIP ${printPrefix(line)}` }] : [];
  });
  return [...own, ...carried];
}
