import type { Config } from '../../config/types.ts';
import type { ChangeEvent, NewMaster, RefusalEvent, ServiceChangeEvent } from '../../ipc/observation.ts';
import { ROUTER_ID } from './global.ts';
import { GROUP_ENTRY, INSTANCE_ENTRY, initialState, stateNumber, VRRP } from './instances.ts';
import { REAL_SERVER_ENTRY } from './real-servers.ts';
import { OPERATIONS_ENTRY_2, VRRP_V2_MIB } from './rfc2787.ts';
import {
  index3,
  NEW_MASTER_REASONS,
  OPERATIONS_ENTRY_3,
  PROTOCOL_ERRORS,
  STATISTICS_ENTRY_3,
  VRRP_V3_MIB,
} from './rfc6527.ts';
import {
  addressType,
  addressValue,
  type Cell,
  choice,
  familyType,
  gauge,
  integer,
  type Oid,
  type SnmpVariable,
  text,
  variable,
} from './values.ts';
import { CHECK, serverKind, VIRTUAL_SERVER_ENTRY } from './virtual-servers.ts';

const VRRP_TRAPS = [...VRRP, 10, 0];
const CHECK_TRAPS = [...CHECK, 5, 0];
const PACKET_SOURCE = [...VRRP_V2_MIB, 1, 5];
const AUTHENTICATION_ERROR = [...VRRP_V2_MIB, 1, 6];

/** vrrpTrapAuthErrorType. */
const AUTHENTICATION_ERRORS = { invalidAuthType: 1, authTypeMismatch: 2, authFailure: 3 } as const;
const QUORUM_STATUS = { met: 1, notMet: 2, shutdown: 3 } as const;

/** A trap: what it is, and the variables it carries. */
export interface Trap {
  readonly oid: Oid;
  readonly variables: readonly SnmpVariable[];
}

/** keepalived names the columns in its own traps without the index of the row. */
function columnsOf(entry: Oid, cells: Readonly<Record<number, Cell>>, ...order: readonly number[]): SnmpVariable[] {
  return order.flatMap((column) => {
    const cell = cells[column];
    return cell ? [variable([...entry, column], cell)] : [];
  });
}

function routerId({ global }: Config): SnmpVariable {
  return variable(ROUTER_ID, text(global.routerId));
}

/** vrrpInstanceStateChange or vrrpSyncGroupStateChange. An instance that a reload removed may be in `config` no more. */
export function stateTrap(config: Config, { object, name, state }: ChangeEvent): Trap {
  if (object === 'group') {
    const cells = { 2: text(name), 3: integer(stateNumber(state)) };
    return { oid: [...VRRP_TRAPS, 1], variables: [...columnsOf(GROUP_ENTRY, cells, 2, 3), routerId(config)] };
  }
  const instance = config.instances.find((one) => one.name === name);
  const cells = {
    2: text(name),
    4: integer(stateNumber(state)),
    5: integer(instance === undefined ? stateNumber('BACKUP') : initialState(instance)),
  };
  return { oid: [...VRRP_TRAPS, 2], variables: [...columnsOf(INSTANCE_ENTRY, cells, 2, 4, 5), routerId(config)] };
}

/** vrrpTrapNewMaster of RFC 2787. */
export function newMasterTrap2({ sourceAddress, interfaceIndex, virtualRouterId }: NewMaster): Trap {
  const master: Cell = ['ipAddress', sourceAddress ?? '0.0.0.0'];
  const variables = [variable([...OPERATIONS_ENTRY_2, 7, interfaceIndex, virtualRouterId], master)];
  return { oid: [...VRRP_V2_MIB, 0, 1], variables };
}

/** vrrpv3NewMaster of RFC 6527. */
export function newMasterTrap3({ sourceAddress, interfaceIndex, reason, ...router }: NewMaster): Trap {
  const index = index3(router, interfaceIndex);
  const master = sourceAddress === undefined ? text('') : addressValue(sourceAddress);
  const variables = [
    variable([...OPERATIONS_ENTRY_3, 3, ...index], master),
    variable([...STATISTICS_ENTRY_3, 2, ...index], integer(NEW_MASTER_REASONS[reason])),
  ];
  return { oid: [...VRRP_V3_MIB, 0, 1], variables };
}

/** vrrpTrapAuthFailure or vrrpv3ProtoError. */
export function refusalTrap({ reason, from, interfaceIndex, virtualRouterId, family }: RefusalEvent): Trap {
  const index = [interfaceIndex, virtualRouterId];
  if (reason === 'ipTtlError' || reason === 'versionError' || reason === 'checksumError') {
    const oid = [...STATISTICS_ENTRY_3, 6, ...index3({ virtualRouterId, family }, interfaceIndex)];
    return { oid: [...VRRP_V3_MIB, 0, 2], variables: [variable(oid, integer(PROTOCOL_ERRORS[reason]))] };
  }
  const variables = [
    variable([...PACKET_SOURCE, ...index], ['ipAddress', from]),
    variable([...AUTHENTICATION_ERROR, ...index], integer(AUTHENTICATION_ERRORS[reason])),
  ];
  return { oid: [...VRRP_V2_MIB, 0, 2], variables };
}

/** realServerStateChange or virtualServerQuorumStateChange. */
export function serviceTrap(config: Config, event: ServiceChangeEvent): Trap {
  const { change } = event;
  const server = serverCells(event);
  const counted = (...first: readonly number[]): SnmpVariable[] => [
    ...columnsOf(VIRTUAL_SERVER_ENTRY, server, 2, 3, 4, 5, 6, 7, 8, ...first, 21, 20),
    routerId(config),
  ];
  if (change.object === 'quorum') return { oid: [...CHECK_TRAPS, 2], variables: counted(23, 22) };
  const { address, port, up } = change;
  const real = { 3: addressType(address), 4: addressValue(address), 5: gauge(port), 6: choice(up) };
  return { oid: [...CHECK_TRAPS, 1], variables: [...columnsOf(REAL_SERVER_ENTRY, real, 3, 4, 5, 6), ...counted()] };
}

function serverCells({ key, family, quorum, serversUp, servers, change }: ServiceChangeEvent): Record<number, Cell> {
  const cells: Record<number, Cell> = {
    2: integer(serverKind({ key })),
    // A virtual server of firewall marks has no protocol, which keepalived's traps call UDP.
    8: integer(key.kind === 'fwmark' ? 2 : { TCP: 1, UDP: 2, SCTP: 3 }[key.protocol ?? 'UDP']),
    20: gauge(servers),
    21: gauge(serversUp),
    22: gauge(quorum),
  };
  if (change.object === 'quorum') cells[23] = integer(QUORUM_STATUS[change.status]);
  if (key.kind === 'group') cells[3] = text(key.group);
  else if (key.kind === 'fwmark') cells[4] = gauge(key.fwmark);
  else {
    cells[5] = familyType(family);
    cells[6] = addressValue(key.address);
    cells[7] = gauge(key.port);
  }
  return cells;
}
