import type { Config, VrrpInstance } from '../config/types.ts';
import type { InstanceSurvey, SurveyEvent } from '../ipc/messages.ts';
import { centiseconds, seconds } from '../lib/duration.ts';
import { type IpAddress, ipBytes } from '../lib/ip.ts';
import { virtualMac } from '../vrrp/virtual-mac.ts';
import { addressValue, type Trap } from './snmp-keepalived.ts';
import { type Cell, scalar, type SnmpVariable, tableRow } from './snmp-values.ts';

/** VRRP-MIB (RFC 2787) and VRRPV3-MIB (RFC 6527). */
export const VRRP_V2_MIB = [1, 3, 6, 1, 2, 1, 68] as const;
export const VRRP_V3_MIB = [1, 3, 6, 1, 2, 1, 207] as const;
const V2_OPERATIONS = [...VRRP_V2_MIB, 1];
const V2_STATISTICS = [...VRRP_V2_MIB, 2];
const V3_OPERATIONS = [...VRRP_V3_MIB, 1, 1];
const V3_STATISTICS = [...VRRP_V3_MIB, 1, 2];

const MASTER = 3;
const STATES: Readonly<Record<string, number>> = { BACKUP: 2, MASTER };
const ROW_ACTIVE: Cell = ['integer', 1];
const TRUE_OR_FALSE = (value: boolean): Cell => ['integer', value ? 1 : 2];
const INITIALIZE = 1;

interface Known {
  readonly instance: VrrpInstance;
  readonly runtime: InstanceSurvey;
}

/** Version 2 and IPv4 only: all that the MIB of RFC 2787 can say. */
export function rfc2787Variables(config: Config, survey: SurveyEvent): SnmpVariable[] {
  const routers = pairs(config, survey).filter(({ instance }) => instance.version === 2 && instance.family === 4);
  return [
    scalar([...V2_OPERATIONS, 1], 'integer', 2),
    scalar([...V2_OPERATIONS, 2], 'integer', config.global.snmp.traps ? 1 : 2),
    ...routers.flatMap(({ instance, runtime }) => operations2(instance, runtime)),
    scalar([...V2_STATISTICS, 1], 'counter', sum(routers, 'checksumError')),
    scalar([...V2_STATISTICS, 2], 'counter', sum(routers, 'versionError')),
    scalar([...V2_STATISTICS, 3], 'counter', 0),
    ...routers.flatMap(({ instance, runtime }) => statistics2(instance, runtime)),
  ];
}

function operations2(instance: VrrpInstance, runtime: InstanceSurvey): SnmpVariable[] {
  const index = [runtime.interfaceIndex, instance.virtualRouterId];
  const authentication = { none: 1, pass: 2, ah: 3 }[instance.authentication.type];
  return [
    ...tableRow([...V2_OPERATIONS, 3, 1], index, {
      2: ['octets', virtualMac(instance)],
      3: ['integer', STATES[runtime.state] ?? INITIALIZE],
      4: ['integer', 1],
      5: ['integer', runtime.effectivePriority],
      6: ['integer', instance.virtualAddresses.length],
      7: ['ipAddress', masterOf(runtime) ?? '0.0.0.0'],
      8: ['ipAddress', runtime.sourceAddress ?? '0.0.0.0'],
      9: ['integer', authentication],
      10: ['octets', ''],
      11: ['integer', Math.round(instance.advertisementInterval / seconds(1))],
      12: TRUE_OR_FALSE(instance.preempt),
      14: ['integer', 1],
      15: ROW_ACTIVE,
    }),
    ...instance.virtualAddresses.flatMap(({ address }) =>
      tableRow([...V2_OPERATIONS, 4, 1], [...index, ...ipBytes(address)], { 2: ROW_ACTIVE }),
    ),
  ];
}

function statistics2(instance: VrrpInstance, { interfaceIndex, statistics }: InstanceSurvey): SnmpVariable[] {
  const counted = (name: string): Cell => ['counter', statistics[name] ?? 0];
  return tableRow([...V2_STATISTICS, 4, 1], [interfaceIndex, instance.virtualRouterId], {
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
  });
}

/** Every instance, as keepalived has it: the newer MIB is for both versions. `now`: wall time in microseconds. */
export function rfc6527Variables(config: Config, survey: SurveyEvent, now: number): SnmpVariable[] {
  const routers = pairs(config, survey);
  return [
    ...routers.flatMap(({ instance, runtime }) => operations3(instance, runtime, now)),
    scalar([...V3_STATISTICS, 1], 'counter64', sum(routers, 'checksumError')),
    scalar([...V3_STATISTICS, 2], 'counter64', sum(routers, 'versionError')),
    scalar([...V3_STATISTICS, 3], 'counter64', 0),
    scalar([...V3_STATISTICS, 4], 'ticks', 0),
    ...routers.flatMap(({ instance, runtime }) => statistics3(instance, runtime)),
  ];
}

function index3({ virtualRouterId, family }: VrrpInstance, { interfaceIndex }: InstanceSurvey): number[] {
  return [interfaceIndex, virtualRouterId, family === 4 ? 1 : 2];
}

function operations3(instance: VrrpInstance, runtime: InstanceSurvey, now: number): SnmpVariable[] {
  const index = index3(instance, runtime);
  const since = Math.max(0, Math.floor((now - runtime.lastTransition) / centiseconds(1)));
  return [
    ...tableRow([...V3_OPERATIONS, 1, 1], index, {
      3: addressValue(masterOf(runtime)) ?? ['octets', ''],
      4: addressValue(runtime.sourceAddress) ?? ['octets', ''],
      5: ['octets', virtualMac(instance)],
      6: ['integer', STATES[runtime.state] ?? INITIALIZE],
      7: ['gauge', runtime.effectivePriority],
      8: ['integer', instance.virtualAddresses.length],
      9: ['integer', Math.round(instance.advertisementInterval / centiseconds(1))],
      10: TRUE_OR_FALSE(instance.preempt),
      11: TRUE_OR_FALSE(instance.accept),
      12: ['ticks', runtime.state === 'INIT' ? 0 : since % 2 ** 32],
      13: ROW_ACTIVE,
    }),
    ...instance.virtualAddresses.flatMap(({ address }) => {
      // keepalived leaves out the length that RFC 2578, section 7.7, wants before the address.
      return tableRow([...V3_OPERATIONS, 2, 1], [...index, ...ipBytes(address)], { 2: ROW_ACTIVE });
    }),
  ];
}

function statistics3(instance: VrrpInstance, runtime: InstanceSurvey): SnmpVariable[] {
  const counted = (name: string): Cell => ['counter64', runtime.statistics[name] ?? 0];
  return tableRow([...V3_STATISTICS, 5, 1], index3(instance, runtime), {
    1: ['counter', runtime.statistics.becomeMaster ?? 0],
    3: counted('advertReceived'),
    4: counted('advertIntervalError'),
    5: counted('ipTtlError'),
    7: counted('priorityZeroReceived'),
    8: counted('priorityZeroSent'),
    9: counted('invalidTypeReceived'),
    10: counted('addressListError'),
    11: counted('packetLengthError'),
  });
}

/** vrrpTrapNewMaster or vrrpv3NewMaster, as the instance's version has it. */
export function newMasterTrap({ instance, runtime }: Known): Trap {
  const source = runtime.sourceAddress;
  if (instance.version === 2) {
    const index = [runtime.interfaceIndex, instance.virtualRouterId];
    const variables = tableRow([...V2_OPERATIONS, 3, 1], index, { 7: ['ipAddress', source ?? '0.0.0.0'] });
    return { oid: [...VRRP_V2_MIB, 0, 1], variables };
  }
  const address = addressValue(source) ?? (['octets', ''] as const);
  const variables = tableRow([...V3_OPERATIONS, 1, 1], index3(instance, runtime), { 3: address });
  return { oid: [...VRRP_V3_MIB, 0, 1], variables };
}

/** Instances with what is known of them. */
export function pairs(config: Config, survey: SurveyEvent): Known[] {
  const known = new Map(survey.instances.map((runtime) => [runtime.name, runtime]));
  return config.instances.flatMap((instance) => {
    const runtime = known.get(instance.name);
    return runtime ? [{ instance, runtime }] : [];
  });
}

function masterOf({ state, sourceAddress, masterAddress }: InstanceSurvey): IpAddress | undefined {
  return state === 'MASTER' ? sourceAddress : masterAddress;
}

function sum(routers: readonly Known[], counter: string): number {
  return routers.reduce((total, { runtime }) => total + (runtime.statistics[counter] ?? 0), 0);
}
