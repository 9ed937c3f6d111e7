import type { State } from './state.ts';

/** `initialize` until every member has its tracked scripts' first results. */
export type GroupState = 'initialize' | 'backup' | 'master' | 'fault';

/** What a sync group needs to know of a member. */
export interface Member {
  readonly name: string;
  readonly state: State;
  /** It cannot work by itself, whatever the group does. */
  readonly faulty: boolean;
  /** First results of its tracked scripts are still awaited. */
  readonly waiting: boolean;
  /** An address owner configured to begin as master. */
  readonly masterAtOnce: boolean;
}

/** What one member does to the others. */
export interface GroupStep {
  readonly state: GroupState;
  /** The others to be taken along, in the group's order. */
  readonly moves: readonly { readonly name: string; readonly to: 'master' | 'backup' | 'fault' | 'release' }[];
  /** The group's new state is told once all of them have followed. */
  readonly notify: boolean;
}

/** Master only where every member is an owner that begins as one. */
export function initialGroupState(members: readonly Member[]): GroupState {
  if (members.some(({ faulty }) => faulty)) return 'fault';
  if (members.some(({ waiting }) => waiting)) return 'initialize';
  return members.every(({ masterAtOnce }) => masterAtOnce) ? 'master' : 'backup';
}

/** What members that go on after a reload make of their group; those that are yet to start would begin as backups. */
export function adoptedGroupState(members: readonly Member[]): GroupState {
  if (members.some(({ faulty }) => faulty)) return 'fault';
  if (members.some(({ state, waiting }) => state.name === 'initialize' && waiting)) return 'initialize';
  const isMaster = ({ state, masterAtOnce }: Member) =>
    state.name === 'master' || (state.name === 'initialize' && masterAtOnce);
  return members.every(isMaster) ? 'master' : 'backup';
}

/** Owners do not wait for their time; where first results were awaited, they are masters with the last of these. */
export function mayBeginAsMaster(group: GroupState, members: readonly Member[]): boolean {
  return group === 'master' || (group === 'initialize' && members.every(({ masterAtOnce }) => masterAtOnce));
}

/** A member whose time has come waits for all the others to want the same. */
export function mayBecomeMaster(group: GroupState, members: readonly Member[], name: string): boolean {
  if (group === 'master') return true;
  return members.every(({ name: other, state, faulty, waiting }) => {
    if (other === name) return true;
    if (faulty || waiting) return false;
    return state.name === 'master' || (state.name === 'backup' && state.wantsMaster === true);
  });
}

/** Nobody leaves the fault state, or begins, while any member has a reason for a fault or awaits a first result. */
export function mayWork(members: readonly Member[]): boolean {
  return members.every(({ faulty, waiting }) => !faulty && !waiting);
}

/** Member `name` has just changed its state; `released`: somebody took an address from it. */
export function followMember(
  group: GroupState,
  members: readonly Member[],
  name: string,
  { released = false }: { readonly released?: boolean } = {},
): GroupStep {
  const to = members.find((member) => member.name === name)?.state.name;
  if (to === undefined || to === 'initialize' || to === group) return { state: group, moves: [], notify: false };
  const follows: Readonly<Record<typeof to, readonly State['name'][]>> = {
    master: ['backup', 'initialize'],
    fault: ['master', 'backup'],
    backup: released ? ['master'] : ['master', 'fault', 'initialize'],
  };
  const moves = members
    .filter(({ name: other, state }) => other !== name && follows[to].includes(state.name))
    .map(({ name: other }) => ({ name: other, to: released ? ('release' as const) : to }));
  return { state: to, moves, notify: !released };
}
