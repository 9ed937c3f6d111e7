import type { Config, VrrpInstance } from '../../config/types.ts';
import type { InstanceSurvey, VrrpSurvey } from '../../ipc/observation.ts';
import { seconds } from '../../lib/duration.ts';
import { ipBytes } from '../../lib/ip.ts';
import type { ShownState } from '../../lib/vrrp-words.ts';
import type { Counter } from '../../vrrp/statistics.ts';
import { type Columns, type Indexed, scalars, type SnmpTable, snmpTable } from './tree.ts';
import { type Cell, choice, counter, integer, ticks } from './values.ts';

/** VRRP-MIB (RFC 2787). */
export const VRRP_V2_MIB = [1, 3, 6, 1, 2, 1, 68] as const;
const OPERATIONS = [...VRRP_V2_MIB, 1];
export const OPERATIONS_ENTRY_2 = [...OPERATIONS, 3, 1];
const ADDRESS_ENTRY = [...OPERATIONS, 4, 1];
const STATISTICS = [...VRRP_V2_MIB, 2];
const STATISTICS_ENTRY = [...STATISTICS, 4, 1];

const STATES: Readonly<Partial<Record<ShownState, number>>> = { BACKUP: 2, MASTER: 3 };
const INITIALIZE = 1;
const ROW_ACTIVE = integer(1);
const UP = integer(1);
/** vrrpOperProtocol: ip(1). */
const IP = integer(1);
const NOBODY: Cell = ['ipAddress', '0.0.0.0'];

/** An instance and what is known of it. */
export interface Known {
  readonly instance: VrrpInstance;
  readonly runtime: InstanceSurvey;
}

/** Instances with what is known of them. */
export function knownInstances({ instances }: Config, survey: VrrpSurvey): Known[] {
  const known = new Map(survey.instances.map((runtime) => [runtime.name, runtime]));
  return instances.flatMap((instance) => {
    const runtime = known.get(instance.name);
    return runtime ? [{ instance, runtime }] : [];
  });
}

/** vrrpOperState; in a fault an instance is as good as not started. */
export function operationState(state: ShownState): Cell {
  return integer(STATES[state] ?? INITIALIZE);
}

export function total(rows: readonly Known[], name: Counter): number {
  return rows.reduce((sum, { runtime }) => sum + (runtime.statistics[name] ?? 0), 0);
}

/** Version 2 and IPv4 only: all that the MIB of RFC 2787 can say. */
export function rfc2787Tables(config: Config, survey: VrrpSurvey): SnmpTable[] {
  const known = knownInstances(config, survey);
  const routers = known.filter(({ instance }) => instance.version === 2 && instance.family === 4);
  const rows = routers.map((row): Indexed<Known> => ({ index: index2(row), row }));
  const addresses = rows.flatMap(({ index, row }) =>
    row.instance.virtualAddresses.map(({ address }) => ({ index: [...index, ...ipBytes(address)], row: undefined })),
  );
  return [
    ...scalars(OPERATIONS, { 1: integer(2), 2: choice(config.global.snmp.traps) }),
    snmpTable(OPERATIONS_ENTRY_2, operationColumns(survey.startedAt), rows),
    snmpTable(ADDRESS_ENTRY, { 2: () => ROW_ACTIVE }, addresses),
    ...scalars(STATISTICS, {
      1: counter(total(routers, 'checksumError')),
      2: counter(total(routers, 'versionError')),
      3: counter(0),
    }),
    snmpTable(STATISTICS_ENTRY, statisticsColumns, rows),
  ];
}

/** Interface and virtual router. */
function index2({ instance, runtime }: Known): readonly number[] {
  return [runtime.interfaceIndex, instance.virtualRouterId];
}

function operationColumns(startedAt: number): Columns<Known> {
  return {
    2: ({ runtime }) => ['octets', runtime.mac ?? ''],
    3: ({ runtime }) => operationState(runtime.state),
    4: () => UP,
    5: ({ runtime }) => integer(runtime.basePriority),
    6: ({ instance }) => integer(instance.virtualAddresses.length),
    // "The source in the last advertisement received", which a master does not have.
    7: ({ runtime: { state, masterAddress } }) =>
      state === 'MASTER' || masterAddress === undefined ? NOBODY : ['ipAddress', masterAddress],
    8: ({ runtime }) => ['ipAddress', runtime.sourceAddress ?? '0.0.0.0'],
    9: ({ instance }) => integer({ none: 1, pass: 2, ah: 3 }[instance.authentication.type]),
    11: ({ instance }) => integer(Math.round(instance.advertisementInterval / seconds(1))),
    12: ({ instance, runtime }) => choice(runtime.preempt ?? instance.preempt),
    // sysUpTime of the VRRP process's own agent, as keepalived counts it.
    13: ({ runtime }) => ticks(runtime.workingSince === undefined ? 0 : runtime.workingSince - startedAt),
    14: () => IP,
    15: () => ROW_ACTIVE,
  };
}

function counted(name: Counter) {
  return ({ runtime }: Known): Cell => counter(runtime.statistics[name] ?? 0);
}

const statisticsColumns: Columns<Known> = {
  1: counted('becomeMaster'),
  2: counted('advertReceived'),
  3: counted('advertIntervalError'),
  4: counted('authFailure'),
  5: counted('ipTtlError'),
  6: counted('priorityZeroReceived'),
  7: counted('priorityZeroSent'),
  8: counted('invalidTypeReceived'),
  9: counted('addressListError'),
  10: counted('invalidAuthType'),
  11: counted('authTypeMismatch'),
  12: counted('packetLengthError'),
};
