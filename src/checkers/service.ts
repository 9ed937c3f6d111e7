import type { RealServer, VirtualServer } from '../config/types.ts';
import { assertNever } from '../lib/assert-never.ts';
import { kernelWeight } from '../lib/kernel-weight.ts';
import { realServerName, virtualServerName } from './names.ts';
import { aliveWeight, quorumChange, quorumTurn } from './quorum.ts';
import {
  logAction,
  quorumNotifications,
  quorumObserved,
  realServerChange,
  realServerMail,
  realServerNotifications,
  realServerObserved,
  type ServiceAction,
  serversUp,
  sorryServerChange,
} from './service-action.ts';
import type { Judged } from './verdict.ts';

export interface RealServerState {
  /** No checker holds it failed. */
  readonly alive: boolean;
  /** Effective weight: configured, plus what checkers contribute. */
  readonly weight: number;
  readonly failedCheckers: number;
}

/** One virtual server at run time; real servers in the order of the configuration. */
export interface ServiceState {
  readonly quorumUp: boolean;
  /** The sorry server stands in for the real servers. */
  readonly sorryActive: boolean;
  readonly realServers: readonly RealServerState[];
}

export type ServiceEvent =
  /** `realServersUp`: rs_init_notifies. */
  | { readonly type: 'start'; readonly notifyRealServers: boolean }
  /** A checker changed its verdict; `mail` is what it says of that, under the state that its server is in. */
  | {
      readonly type: 'checkerUp' | 'checkerDown';
      readonly realServer: number;
      readonly mail: string;
      /** Mails tell of each checker, not only of the server. */
      readonly mailsAll?: boolean;
    }
  /** The first run of an alpha checker confirmed that the server is up or down; no mail tells of it. */
  | { readonly type: 'checkerConfirmed'; readonly realServer: number; readonly up: boolean }
  /** `quiet`: the change is not worth a line. */
  | {
      readonly type: 'weightChanged';
      readonly realServer: number;
      readonly weight: number;
      readonly quiet?: boolean;
    }
  /** `eachServer`: real servers are removed, named and notified one by one, rather than with the whole service. */
  | { readonly type: 'stop'; readonly eachServer: boolean };

export interface ServiceStep {
  readonly state: ServiceState;
  readonly actions: readonly ServiceAction[];
}

/** A real server's weight: the configured one, unless a checker puts another in its place, and what checkers add. */
export function effectiveWeight(real: RealServer, checks: readonly Judged[]): number {
  return checks.reduce((sum, { verdict: { weight } }) => {
    if (weight === undefined) return sum;
    return sum + ('to' in weight ? weight.to - real.weight : weight.by);
  }, real.weight);
}

/** How many of a real server's checkers hold it down. */
export function failedOf(checks: readonly Judged[]): number {
  return checks.reduce((failed, { verdict }) => (verdict.up ? failed : failed + 1), 0);
}

/** A virtual server before `start`; checkers that are not up (alpha) hold their real servers down. */
export function initialService(server: VirtualServer, checks: readonly (readonly Judged[])[]): ServiceState {
  return {
    quorumUp: false,
    sorryActive: false,
    realServers: server.realServers.map((real, i) => {
      const judged = checks[i] ?? [];
      const failed = failedOf(judged);
      return { alive: failed === 0, weight: effectiveWeight(real, judged), failedCheckers: failed };
    }),
  };
}

/**
 * Takes one event in; the order of the actions is the order of keepalived's log. Mail of a real server comes from its
 * checker, once all that the change called for is done: after that of the virtual server.
 */
export function transition(server: VirtualServer, state: ServiceState, event: ServiceEvent): ServiceStep {
  switch (event.type) {
    case 'start':
      return start(server, state, event.notifyRealServers);
    case 'checkerUp':
      return checkerUp(server, state, event);
    case 'checkerDown':
      return checkerDown(server, state, event);
    case 'checkerConfirmed':
      return { state, actions: confirmed(server, state, event) };
    case 'weightChanged':
      return weightChanged(server, state, event);
    case 'stop':
      return stop(server, state, event.eachServer);
    default:
      return assertNever(event);
  }
}

/** The state that `start` leads to, for whoever has no time for its actions yet. */
export function started(server: VirtualServer, state: ServiceState): ServiceState {
  const turn = quorumTurn(server, state, aliveWeight(state.realServers), true);
  return turn === undefined ? state : withQuorum(server, state, turn === 'gained');
}

function withQuorum(server: VirtualServer, { realServers }: ServiceState, quorumUp: boolean): ServiceState {
  return { quorumUp, sorryActive: !quorumUp && server.sorryServer !== undefined, realServers };
}

/** Brings quorum and sorry server in line with the real servers. */
export function settleQuorum(server: VirtualServer, state: ServiceState, starting: boolean): ServiceStep {
  const change = quorumChange(server, state, aliveWeight(state.realServers), starting);
  if (!change) return { state, actions: [] };
  const name = virtualServerName(server.key);
  const actions: ServiceAction[] = [logAction(`${change.arithmetic} for VS ${name}`)];
  const settled = withQuorum(server, state, change.type === 'gained');
  const { quorumUp, sorryActive } = settled;
  if (server.sorryServer && sorryActive !== state.sorryActive) {
    const verb = sorryActive ? 'Removing alive servers from' : 'Adding alive servers to';
    actions.push(sorryServerChange(server, server.sorryServer, sorryActive));
    actions.push(logAction(`${verb} the pool for VS ${name}`), { type: 'program' });
  }
  const observed = quorumObserved(server, quorumUp ? 'met' : 'notMet', serversUp(state.realServers));
  actions.push(...quorumNotifications(server, quorumUp, change.mail, observed));
  return { state: settled, actions };
}

function start(server: VirtualServer, state: ServiceState, notifyRealServers: boolean): ServiceStep {
  const settled = settleQuorum(server, state, true);
  const up = serversUp(state.realServers);
  const announced = notifyRealServers
    ? server.realServers.flatMap((real, i) =>
        state.realServers[i]?.alive ? realServerNotifications(server, real, true, up) : [],
      )
    : [];
  return { state: settled.state, actions: [{ type: 'program' }, ...announced, ...settled.actions] };
}

export type CheckerEvent = Extract<ServiceEvent, { type: 'checkerUp' | 'checkerDown' }>;

function checkerUp(server: VirtualServer, state: ServiceState, event: CheckerEvent): ServiceStep {
  const { realServer: index, mail, mailsAll } = event;
  const [real, before] = at(server, state, index);
  const failedCheckers = Math.max(0, before.failedCheckers - 1);
  const alive = failedCheckers === 0;
  const next = replaced(state, index, { ...before, failedCheckers, alive });
  if (!alive || before.alive)
    return { state: next, actions: mailsAll ? realServerMail(server, real, alive, mail) : [] };
  const settled = settleQuorum(server, next, false);
  return {
    state: settled.state,
    actions: [
      realServerChange(server, real, true),
      { type: 'program' },
      ...realServerNotifications(server, real, true, serversUp(next.realServers)),
      ...settled.actions,
      ...realServerMail(server, real, true, mail),
    ],
  };
}

/**
 * A return to service that the kernel refused: the server counts as down, and so does a quorum that it brought or held.
 * A mail tells of the checker under the state that its server is in. `before` is the state before the event.
 */
export function refused(
  server: VirtualServer,
  before: ServiceState,
  state: ServiceState,
  { realServer: index, mail, mailsAll }: CheckerEvent,
): ServiceStep {
  const [real, now] = at(server, state, index);
  const down = replaced(state, index, { ...now, alive: false, failedCheckers: now.failedCheckers + 1 });
  const mails = mailsAll ? realServerMail(server, real, false, mail) : [];
  if (!before.quorumUp) return { state: { ...down, quorumUp: false }, actions: mails };
  const settled = settleQuorum(server, down, false);
  return { state: settled.state, actions: [...settled.actions, ...mails] };
}

function checkerDown(server: VirtualServer, state: ServiceState, event: CheckerEvent): ServiceStep {
  const { realServer: index, mail, mailsAll } = event;
  const [real, before] = at(server, state, index);
  const next = replaced(state, index, { ...before, failedCheckers: before.failedCheckers + 1, alive: false });
  if (!before.alive) return { state: next, actions: mailsAll ? realServerMail(server, real, false, mail) : [] };
  const settled = settleQuorum(server, next, false);
  return {
    state: settled.state,
    actions: [
      realServerChange(server, real, false),
      { type: 'program' },
      ...realServerNotifications(server, real, false, serversUp(next.realServers)),
      ...settled.actions,
      ...realServerMail(server, real, false, mail),
    ],
  };
}

function confirmed(
  server: VirtualServer,
  state: ServiceState,
  { realServer: index, up }: Extract<ServiceEvent, { type: 'checkerConfirmed' }>,
): ServiceAction[] {
  const [real, { alive }] = at(server, state, index);
  return alive === up ? realServerNotifications(server, real, up, serversUp(state.realServers)) : [];
}

function weightChanged(
  server: VirtualServer,
  state: ServiceState,
  { realServer: index, weight, quiet }: Extract<ServiceEvent, { type: 'weightChanged' }>,
): ServiceStep {
  const [real, before] = at(server, state, index);
  if (before.weight === weight) return { state, actions: [] };
  const settled = settleQuorum(server, replaced(state, index, { ...before, weight }), false);
  const said = quiet === true ? [] : weightChange(server, real, before, weight);
  return { state: settled.state, actions: [...said, { type: 'program' }, ...settled.actions] };
}

/** The log line of a weight that changes, if that makes a difference to the kernel. */
export function weightChange(
  server: VirtualServer,
  real: RealServer,
  before: RealServerState,
  weight: number,
): ServiceAction[] {
  const [from, to] = [kernelWeight(before.weight), kernelWeight(weight)];
  if (from === to) return [];
  const activity = before.alive ? 'active' : 'inactive';
  const names = `${realServerName(server, real)} of VS ${virtualServerName(server.key)}`;
  return [logAction(`Changing weight from ${from} to ${to} for ${activity} service ${names}`)];
}

/** Those who watch from outside are told in any case, scripts and FIFOs only with omega. */
function stop(server: VirtualServer, state: ServiceState, eachServer: boolean): ServiceStep {
  const name = virtualServerName(server.key);
  const body = '=> Shutting down <=';
  let left = serversUp(state.realServers);
  const actions = (eachServer ? server.realServers : []).flatMap((real, i): ServiceAction[] => {
    const alive = state.realServers[i]?.alive === true;
    const inhibited = !alive && real.inhibitOnFailure ? '(inhibited) ' : '';
    const said = logAction(`Shutting down ${inhibited}service ${realServerName(server, real)} from VS ${name}`);
    if (alive) left -= 1;
    if (server.omega && alive) {
      return [
        said,
        ...realServerNotifications(server, real, false, left),
        ...realServerMail(server, real, false, body),
      ];
    }
    return alive || real.inhibitOnFailure ? [said, realServerObserved(server, real, false, left)] : [said];
  });
  const observed = quorumObserved(server, 'shutdown', left);
  if (server.omega) actions.push(...quorumNotifications(server, false, body, observed));
  else actions.push(observed);
  return { state, actions };
}

function replaced(state: ServiceState, index: number, real: RealServerState): ServiceState {
  return { ...state, realServers: state.realServers.with(index, real) };
}

function at(server: VirtualServer, state: ServiceState, index: number): [RealServer, RealServerState] {
  const real = server.realServers[index];
  const before = state.realServers[index];
  if (!real || !before) throw new Error(`no real server ${index} in ${virtualServerName(server.key)}`);
  return [real, before];
}
