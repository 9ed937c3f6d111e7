import type { InstanceStatus, RealServerStatus, Status, VirtualServerStatus } from './status.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PROCESS_NAMES = { vrrp: 'VRRP', checker: 'checker', bfd: 'BFD' } as const;

/** The live state of a daemon for people; what needs attention begins with `!`. */
export function printStatus(status: Status): string[] {
  const { configuration, now } = status;
  return [
    `${status.version}, process ${status.pid}, running for ${spanText(now - status.startedAt)}`,
    `${configuration.file}, read ${spanText(now - configuration.readAt)} ago`,
    ...(configuration.refusal === undefined ? [] : [`! ${configuration.refusal}`]),
    ...status.processes.flatMap(processTroubles),
    ...block(
      ['VRRP instance', 'state', 'for', 'priority', 'master', 'addresses'],
      status.instances.map((instance) => ({ cells: instanceCells(instance, now), remarks: instance.faults })),
    ),
    ...block(
      ['sync group', 'state', 'members'],
      status.groups.map(({ name, state, members }) => ({ cells: [name, state, members.join(' ')], remarks: [] })),
    ),
    ...block(
      ['tracked', 'name', 'state'],
      status.tracked.map(({ kind, name, state }) => ({ cells: [kind, name, state], remarks: [] })),
    ),
    ...block(
      ['virtual or real server', 'state', 'weight', 'connections'],
      status.virtualServers.flatMap((server) => [virtualServerRow(server), ...server.realServers.map(realServerRow)]),
    ),
  ];
}

function processTroubles({ role, pid, restarts, answers }: Status['processes'][number]): string[] {
  const name = `the ${PROCESS_NAMES[role]} process`;
  const again = `! ${name} has been started again ${restarts === 1 ? 'once' : `${restarts} times`}: see the log`;
  return [
    ...(pid === undefined ? [`! ${name} is not running and will be started again`] : []),
    ...(pid !== undefined && answers === false ? [`! ${name} (${pid}) does not answer`] : []),
    ...(restarts > 0 ? [again] : []),
  ];
}

interface Row {
  readonly cells: readonly string[];
  /** Lines below it that need attention. */
  readonly remarks: readonly string[];
}

function instanceCells(instance: InstanceStatus, now: number): string[] {
  const { name, state, since, priority, basePriority, master, holdsAddresses, addresses } = instance;
  const [first = 'none', ...others] = addresses;
  const whose = state === 'MASTER' ? 'this node' : master && `${master.address} (${master.priority})`;
  return [
    name,
    state,
    since === undefined ? '-' : spanText(now - since),
    priority === basePriority ? String(priority) : `${priority} of ${basePriority}`,
    whose ?? '-',
    `${holdsAddresses ? 'holds ' : ''}${first.replace(' scope global', '')}${others.length === 0 ? '' : ` and ${others.length} more`}`,
  ];
}

function virtualServerRow(server: VirtualServerStatus): Row {
  const { name, scheduler, forwardingMethod, quorum, quorumUp, sorryServer, realServers } = server;
  const up = realServers.filter((real) => real.up).length;
  const title = `${name} ${scheduler} ${forwardingMethod}`;
  return {
    cells: [title, `${up} of ${realServers.length} up`, '', ''],
    remarks: [
      ...(quorumUp ? [] : [`the quorum of ${quorum} is not met`]),
      ...(sorryServer?.active === true ? [`the sorry server ${sorryServer.name} stands in`] : []),
    ],
  };
}

function realServerRow({ name, up, weight, activeConnections, inactiveConnections, checks }: RealServerStatus): Row {
  const connections =
    activeConnections === undefined ? '-' : `${activeConnections} and ${inactiveConnections} inactive`;
  const waiting = checks.some(({ state }) => state === 'not run yet') ? ', not all checks have run yet' : '';
  return {
    cells: [`  ${name}`, `${up ? 'up' : 'down'}${waiting}`, String(weight), connections],
    remarks: checks.flatMap(({ kind, state, trouble }) => {
      if (trouble !== undefined) return [`${kind}: ${trouble}`];
      return state === 'down' ? [`${kind}: down`] : [];
    }),
  };
}

/** A table with its heading after an empty line; nothing where there are no rows. */
function block(heading: readonly string[], rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const widths = heading.map((title, at) => Math.max(title.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    '',
    line(heading),
    ...rows.flatMap(({ cells, remarks }) => {
      const margin = /^ */.exec(cells[0] ?? '')?.[0] ?? '';
      return [line(cells), ...remarks.map((text) => `${margin}  ! ${text}`)];
    }),
  ];
}

/** A span of seconds in its two largest units: `3 d 4 h`, `12 s`. */
function spanText(span: number): string {
  const whole = Math.max(0, span);
  if (whole >= DAY) return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
  if (whole >= HOUR) return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
  if (whole >= MINUTE) return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  return `${whole} s`;
}
