import type { Config, VrrpInstance } from '../../config/types.ts';
import type { InstanceSurvey, VrrpSurvey } from '../../ipc/observation.ts';
import { centiseconds, millis } from '../../lib/duration.ts';
import { type IpAddress, ipBytes } from '../../lib/ip.ts';
import type { Counter } from '../../vrrp/statistics.ts';
import { type Known, knownInstances, operationState, total } from './rfc2787.ts';
import { type Columns, type Indexed, scalars, type SnmpTable, snmpTable } from './tree.ts';
import { addressValue, type Cell, choice, counter, counter64, gauge, integer, noAddress, ticks } from './values.ts';

/** VRRPV3-MIB (RFC 6527). */
export const VRRP_V3_MIB = [1, 3, 6, 1, 2, 1, 207] as const;
const OPERATIONS = [...VRRP_V3_MIB, 1, 1];
export const OPERATIONS_ENTRY_3 = [...OPERATIONS, 1, 1];
const ADDRESS_ENTRY = [...OPERATIONS, 2, 1];
const STATISTICS = [...VRRP_V3_MIB, 1, 2];
export const STATISTICS_ENTRY_3 = [...STATISTICS, 5, 1];

const ROW_ACTIVE = integer(1);
const NEVER: Cell = ['ticks', 0];

/** vrrpv3StatisticsNewMasterReason and vrrpv3StatisticsProtoErrReason. */
export const NEW_MASTER_REASONS = { notMaster: 0, priority: 1, preempted: 2, masterNoResponse: 3 } as const;
export const PROTOCOL_ERRORS = { noError: 0, ipTtlError: 1, versionError: 2, checksumError: 3 } as const;

/** Every instance, as keepalived has it: the newer MIB is for both versions. `now`: wall time in microseconds. */
export function rfc6527Tables(config: Config, survey: VrrpSurvey, now: number): SnmpTable[] {
  const routers = knownInstances(config, survey);
  const rows = routers.map((row): Indexed<Known> => ({ index: index3(row.instance, row.runtime.interfaceIndex), row }));
  const addresses = rows.flatMap(({ index, row }) =>
    // keepalived leaves out the length that RFC 2578, section 7.7, wants before the address.
    row.instance.virtualAddresses.map(({ address }) => ({ index: [...index, ...ipBytes(address)], row: undefined })),
  );
  return [
    snmpTable(OPERATIONS_ENTRY_3, operationColumns(now), rows),
    snmpTable(ADDRESS_ENTRY, { 2: () => ROW_ACTIVE }, addresses),
    ...scalars(STATISTICS, {
      1: counter64(total(routers, 'checksumError')),
      2: counter64(total(routers, 'versionError')),
      3: counter64(0),
      4: NEVER,
    }),
    snmpTable(STATISTICS_ENTRY_3, statisticsColumns, rows),
  ];
}

/** Interface, virtual router and InetAddressType. */
export function index3(
  { virtualRouterId, family }: Pick<VrrpInstance, 'virtualRouterId' | 'family'>,
  interfaceIndex: number,
): readonly number[] {
  return [interfaceIndex, virtualRouterId, family === 4 ? 1 : 2];
}

function masterOf({ state, sourceAddress, masterAddress }: InstanceSurvey): IpAddress | undefined {
  return state === 'MASTER' ? sourceAddress : masterAddress;
}

function addressOrNone(address: IpAddress | undefined, { family }: VrrpInstance): Cell {
  return address === undefined ? noAddress(family) : addressValue(address);
}

function operationColumns(now: number): Columns<Known> {
  return {
    3: ({ instance, runtime }) => addressOrNone(masterOf(runtime), instance),
    4: ({ instance, runtime }) => addressOrNone(runtime.sourceAddress, instance),
    5: ({ runtime }) => ['octets', runtime.mac ?? ''],
    6: ({ runtime }) => operationState(runtime.state),
    7: ({ runtime }) => gauge(runtime.basePriority),
    8: ({ instance }) => integer(instance.virtualAddresses.length),
    9: ({ instance }) => integer(Math.round(instance.advertisementInterval / centiseconds(1))),
    10: ({ instance, runtime }) => choice(runtime.preempt ?? instance.preempt),
    11: ({ instance }) => choice(instance.accept),
    12: ({ runtime }) => ticks(runtime.workingSince === undefined ? 0 : now - runtime.workingSince),
    13: () => ROW_ACTIVE,
  };
}

function counted(name: Counter) {
  return ({ runtime }: Known): Cell => counter64(runtime.statistics[name] ?? 0);
}

const statisticsColumns: Columns<Known> = {
  1: ({ runtime }) => counter(runtime.statistics.becomeMaster ?? 0),
  2: ({ runtime }) => integer(NEW_MASTER_REASONS[runtime.newMasterReason]),
  3: counted('advertReceived'),
  4: counted('advertIntervalError'),
  5: counted('ipTtlError'),
  6: ({ runtime }) => integer(PROTOCOL_ERRORS[runtime.protocolError]),
  7: counted('priorityZeroReceived'),
  8: counted('priorityZeroSent'),
  9: counted('invalidTypeReceived'),
  10: counted('addressListError'),
  11: counted('packetLengthError'),
  12: () => NEVER,
  13: ({ instance }) => gauge(Math.round(instance.advertisementInterval / millis(1))),
};
