import type { Config, SyncGroup, VrrpInstance } from '../../config/types.ts';
import type { InstanceSurvey, VrrpSurvey } from '../../ipc/observation.ts';
import { centiseconds, seconds } from '../../lib/duration.ts';
import type { ScriptCommand } from '../../lib/script.ts';
import type { ShownState } from '../../lib/vrrp-words.ts';
import { advertInterface } from '../../vrrp/virtual-mac.ts';
import { scriptWords } from '../dump-text.ts';
import { KEEPALIVED_MIB } from './global.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import { addressType, addressValue, type Cell, choice, gauge, given, integer, text, wholeSeconds } from './values.ts';

export const VRRP = [...KEEPALIVED_MIB, 2];
export const GROUP_ENTRY = [...VRRP, 1, 1];
const MEMBER_ENTRY = [...VRRP, 2, 1];
export const INSTANCE_ENTRY = [...VRRP, 3, 1];

const STATES: Readonly<Record<ShownState, number>> = { INIT: 0, BACKUP: 1, MASTER: 2, FAULT: 3, STOP: 5, DELETED: 6 };

/** VrrpState of the MIB. */
export function stateNumber(state: ShownState): number {
  return STATES[state];
}

export function initialState({ initialState: state }: VrrpInstance): number {
  return stateNumber(state === 'master' ? 'MASTER' : 'BACKUP');
}

/** Whether the instance of a name has its addresses, routes and rules in place. */
export function holders(survey: VrrpSurvey): (name: string) => boolean {
  const names = new Set(survey.instances.filter(({ holdsAddresses }) => holdsAddresses).map(({ name }) => name));
  return (name) => names.has(name);
}

export function command(script: ScriptCommand | undefined): Cell | undefined {
  return given(script, (known) => text(scriptWords(known)));
}

/** Instances, sync groups and their members. */
export function instanceTables({ instances, syncGroups }: Config, survey: VrrpSurvey): SnmpTable[] {
  const known = new Map(survey.instances.map((instance) => [instance.name, instance]));
  const states = new Map(survey.groups.map(({ name, state }) => [name, state]));
  const groups = syncGroups.map((group) => ({ group, state: states.get(group.name) ?? 'INIT' }));
  const members = syncGroups.flatMap(({ members: names }, at) => numbered(names, [at + 1]));
  const rows = instances.map((instance) => ({ instance, runtime: known.get(instance.name) }));
  return [
    snmpTable(GROUP_ENTRY, groupColumns, numbered(groups)),
    snmpTable<string>(MEMBER_ENTRY, { 2: text }, members),
    snmpTable(INSTANCE_ENTRY, instanceColumns, numbered(rows)),
  ];
}

const groupColumns: Columns<{ readonly group: SyncGroup; readonly state: ShownState }> = {
  2: ({ group }) => text(group.name),
  3: ({ state }) => integer(stateNumber(state)),
  4: ({ group }) => choice(group.smtpAlert),
  5: ({ group }) => choice(Object.keys(group.notify).length > 0),
  6: ({ group }) => command(group.notify.master),
  7: ({ group }) => command(group.notify.backup),
  8: ({ group }) => command(group.notify.fault),
  9: ({ group }) => command(group.notify.any),
  10: ({ group }) => choice(group.trackingWeight),
  11: ({ group }) => command(group.notify.stop),
};

interface InstanceRow {
  readonly instance: VrrpInstance;
  readonly runtime: InstanceSurvey | undefined;
}

const instanceColumns: Columns<InstanceRow> = {
  2: ({ instance }) => text(instance.name),
  3: ({ instance }) => gauge(instance.virtualRouterId),
  4: ({ runtime }) => integer(stateNumber(runtime?.state ?? 'INIT')),
  5: ({ instance }) => integer(initialState(instance)),
  6: ({ runtime }) => integer(stateNumber(runtime?.wantedState ?? 'INIT')),
  7: ({ instance, runtime }) => integer(runtime?.basePriority ?? instance.priority),
  8: ({ instance, runtime }) => integer(runtime?.effectivePriority ?? instance.priority),
  9: ({ runtime }) => choice(runtime?.holdsAddresses === true),
  10: ({ instance }) => text(instance.vmac?.name ?? advertInterface(instance)),
  // Whether anything beside the own interface is tracked, whatever the name of the column says.
  11: ({ instance }) => choice(instance.trackInterfaces.length > 0),
  12: ({ instance }) => advertisementInterval(instance),
  13: ({ instance, runtime }) => choice(runtime?.preempt ?? instance.preempt),
  14: ({ instance }) => wholeSeconds(instance.preemptDelay),
  15: ({ instance }) => integer({ none: 0, pass: 1, ah: 2 }[instance.authentication.type]),
  16: ({ instance }) => choice(instance.lvsSyncDaemonInterface !== undefined),
  17: ({ instance }) => given(instance.lvsSyncDaemonInterface, text),
  18: ({ instance }) => given(instance.syncGroup, text),
  19: ({ instance }) => wholeSeconds(instance.garp.delay),
  20: ({ instance }) => choice(instance.smtpAlert),
  21: ({ instance: { notify } }) => choice(Object.values(notify).some((value) => typeof value !== 'boolean')),
  22: ({ instance }) => command(instance.notify.master),
  23: ({ instance }) => command(instance.notify.backup),
  24: ({ instance }) => command(instance.notify.fault),
  25: ({ instance }) => command(instance.notify.stop),
  26: ({ instance }) => command(instance.notify.any),
  27: ({ instance }) => (instance.version === 2 ? integer(0) : choice(instance.accept)),
  28: ({ instance }) => choice(instance.promoteSecondaries),
  29: ({ instance }) => choice(instance.linkbeatUsePolling),
  30: ({ instance }) => integer(instance.version),
  31: ({ instance }) => command(instance.notify.masterRxLowerPriority),
  32: ({ instance }) => command(instance.notify.deleted),
  33: ({ instance }) => choice(instance.notify.reportDeleted),
  34: ({ instance }) => (instance.unicast ? undefined : addressType(instance.multicastGroup)),
  35: ({ instance }) => (instance.unicast ? undefined : addressValue(instance.multicastGroup)),
  36: ({ instance }) => choice(instance.v3ChecksumAsV2),
};

/** Seconds of version 2, centiseconds of version 3. */
function advertisementInterval({ version, advertisementInterval: interval }: VrrpInstance): Cell {
  return gauge(Math.round(interval / (version === 2 ? seconds(1) : centiseconds(1))));
}
