import type { Config, SyncGroup, VirtualAddress, VrrpInstance } from '../config/types.ts';
import type { InstanceSurvey, SurveyEvent } from '../ipc/messages.ts';
import { centiseconds, seconds } from '../lib/duration.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';
import { type Cell, scalar, type SnmpVariable, tableRow } from './snmp-values.ts';

/** KEEPALIVED-MIB: enterprises.debian.project.keepalived. */
export const KEEPALIVED_MIB = [1, 3, 6, 1, 4, 1, 9586, 100, 5] as const;
const GLOBAL = [...KEEPALIVED_MIB, 1];
const VRRP = [...KEEPALIVED_MIB, 2];
const GROUP_ENTRY = [...VRRP, 1, 1];
const MEMBER_ENTRY = [...VRRP, 2, 1];
const INSTANCE_ENTRY = [...VRRP, 3, 1];
const ADDRESS_ENTRY = [...VRRP, 6, 1];
const TRAPS = [...VRRP, 10, 0];
export const ROUTER_ID = [...GLOBAL, 2, 0] as const;

/** InetScopeType. */
const SCOPE_GLOBAL = 14;
const NO_BROADCAST: Cell = ['octets', new Uint8Array(4)];

const STATES: Readonly<Record<string, number>> = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3, STOP: 5, DELETED: 6 };

/** VrrpState of the MIB. */
export function snmpState(state: string): number {
  return STATES[state] ?? 4;
}

export function text(value: string | undefined): Cell {
  return ['octets', value ?? ''];
}

/** enabled(1) or disabled(2), true(1) or false(2): every choice of two counts so. */
export function choice(first: boolean): Cell {
  return ['integer', first ? 1 : 2];
}

/** InetAddressType. */
export function addressType(address: IpAddress): Cell {
  return ['integer', addressFamily(address) === 4 ? 1 : 2];
}

export function addressValue(address: IpAddress | undefined): Cell | undefined {
  return address === undefined ? undefined : ['octets', ipBytes(address)];
}

export function globalVariables({ global }: Config, version: string): SnmpVariable[] {
  return [
    scalar([...GLOBAL, 1], 'octets', version),
    scalar([...GLOBAL, 2], 'octets', global.routerId),
    scalar([...GLOBAL, 4], 'integer', global.snmp.traps ? 1 : 2),
    scalar([...GLOBAL, 5], 'integer', global.linkbeatUsePolling ? 2 : 1),
    scalar([...GLOBAL, 6], 'integer', global.lvsFlush ? 1 : 2),
    scalar([...GLOBAL, 7], 'integer', 1),
    scalar([...GLOBAL, 8], 'octets', global.netNamespace ?? ''),
    scalar([...GLOBAL, 9], 'integer', global.dbus ? 1 : 2),
  ];
}

export function vrrpVariables(config: Config, survey: SurveyEvent): SnmpVariable[] {
  const known = new Map(survey.instances.map((instance) => [instance.name, instance]));
  const groups = new Map(survey.groups.map(({ name, state }) => [name, state]));
  return [
    ...config.syncGroups.flatMap((group, at) => [
      ...groupRow(group, groups.get(group.name) ?? 'INIT', at + 1),
      ...group.members.flatMap((member, place) => tableRow(MEMBER_ENTRY, [at + 1, place + 1], { 2: text(member) })),
    ]),
    ...config.instances.flatMap((instance, at) => {
      const runtime = known.get(instance.name);
      return [...instanceRow(instance, runtime, at + 1), ...addressRows(instance, runtime, at + 1)];
    }),
  ];
}

function groupRow(group: SyncGroup, state: string, index: number): SnmpVariable[] {
  const { notify } = group;
  return tableRow(GROUP_ENTRY, [index], {
    2: text(group.name),
    3: ['integer', snmpState(state)],
    4: choice(group.smtpAlert),
    5: choice(Object.keys(notify).length > 0),
    6: command(notify.master),
    7: command(notify.backup),
    8: command(notify.fault),
    9: command(notify.any),
    10: choice(group.trackingWeight),
    11: command(notify.stop),
  });
}

function instanceRow(instance: VrrpInstance, runtime: InstanceSurvey | undefined, index: number): SnmpVariable[] {
  const { notify } = instance;
  const { reportDeleted, ...scripts } = notify;
  const authentication = { none: 0, pass: 1, ah: 2 }[instance.authentication.type];
  return tableRow(INSTANCE_ENTRY, [index], {
    2: text(instance.name),
    3: ['gauge', instance.virtualRouterId],
    4: ['integer', snmpState(runtime?.state ?? 'INIT')],
    5: ['integer', snmpState(instance.initialState === 'master' ? 'MASTER' : 'BACKUP')],
    6: ['integer', snmpState(runtime?.wantedState ?? 'INIT')],
    7: ['integer', instance.priority],
    8: ['integer', runtime?.effectivePriority ?? instance.priority],
    9: choice(runtime?.holdsAddresses === true),
    10: text(instance.interface),
    11: choice(instance.trackInterfaces.some(({ name }) => name === instance.interface)),
    12: ['gauge', advertisementInterval(instance)],
    13: choice(instance.preempt),
    14: ['gauge', wholeSeconds(instance.preemptDelay)],
    15: ['integer', authentication],
    16: choice(instance.lvsSyncDaemonInterface !== undefined),
    17: instance.lvsSyncDaemonInterface === undefined ? undefined : text(instance.lvsSyncDaemonInterface),
    18: instance.syncGroup === undefined ? undefined : text(instance.syncGroup),
    19: ['gauge', wholeSeconds(instance.garp.delay)],
    20: choice(instance.smtpAlert),
    21: choice(Object.keys(scripts).length > 0),
    22: command(notify.master),
    23: command(notify.backup),
    24: command(notify.fault),
    25: command(notify.stop),
    26: command(notify.any),
    27: instance.version === 2 ? ['integer', 0] : choice(instance.accept),
    28: choice(instance.promoteSecondaries),
    29: choice(instance.linkbeatUsePolling),
    30: ['integer', instance.version],
    31: command(notify.masterRxLowerPriority),
    32: command(notify.deleted),
    33: choice(reportDeleted),
    34: instance.unicast ? undefined : addressType(instance.multicastGroup),
    35: instance.unicast ? undefined : addressValue(instance.multicastGroup),
  });
}

function addressRows(instance: VrrpInstance, runtime: InstanceSurvey | undefined, index: number): SnmpVariable[] {
  const held = runtime?.holdsAddresses === true;
  const row = (address: VirtualAddress, place: number, advertised: boolean): SnmpVariable[] =>
    tableRow(ADDRESS_ENTRY, [index, place + 1], {
      2: addressType(address.address),
      3: addressValue(address.address),
      4: addressFamily(address.address) === 6 ? undefined : (addressValue(address.broadcast) ?? NO_BROADCAST),
      5: ['gauge', address.prefixLength],
      6: ['integer', address.scope === 0 ? SCOPE_GLOBAL : address.scope],
      7: address.interface === instance.interface ? ['integer', runtime?.interfaceIndex ?? 0] : undefined,
      8: text(address.interface),
      9: address.label === undefined ? undefined : text(address.label),
      10: choice(held),
      11: choice(advertised),
      12: addressValue(address.peer?.address),
    });
  const { virtualAddresses, excludedAddresses } = instance;
  return [
    ...virtualAddresses.flatMap((address, place) => row(address, place, true)),
    ...excludedAddresses.flatMap((address, place) => row(address, virtualAddresses.length + place, false)),
  ];
}

/** A trap: what it is, and the variables it carries. */
export interface Trap {
  readonly oid: readonly number[];
  readonly variables: readonly SnmpVariable[];
}

/** vrrpInstanceStateChange; undefined for an instance that is not in the configuration. */
export function instanceTrap(config: Config, name: string, state: string): Trap | undefined {
  const at = config.instances.findIndex((instance) => instance.name === name);
  const instance = config.instances[at];
  if (instance === undefined) return undefined;
  const initial = snmpState(instance.initialState === 'master' ? 'MASTER' : 'BACKUP');
  const row = tableRow(INSTANCE_ENTRY, [at + 1], {
    2: text(name),
    4: ['integer', snmpState(state)],
    5: ['integer', initial],
  });
  return { oid: [...TRAPS, 2], variables: [...row, routerId(config)] };
}

/** vrrpSyncGroupStateChange. */
export function groupTrap(config: Config, name: string, state: string): Trap | undefined {
  const at = config.syncGroups.findIndex((group) => group.name === name);
  if (at < 0) return undefined;
  const row = tableRow(GROUP_ENTRY, [at + 1], { 2: text(name), 3: ['integer', snmpState(state)] });
  return { oid: [...TRAPS, 1], variables: [...row, routerId(config)] };
}

function routerId({ global }: Config): SnmpVariable {
  return { oid: ROUTER_ID, type: 'octets', value: global.routerId };
}

function command(script: ScriptCommand | undefined): Cell | undefined {
  return script && text(script.argv.join(' '));
}

/** Seconds of version 2, centiseconds of version 3. */
function advertisementInterval({ version, advertisementInterval: interval }: VrrpInstance): number {
  return version === 2 ? wholeSeconds(interval) : Math.round(interval / centiseconds(1));
}

function wholeSeconds(span: number): number {
  return Math.round(span / seconds(1));
}
