import { inSeconds } from '../../lib/duration.ts';
import { compareIp, type IpAddress } from '../../lib/ip.ts';
import { isOwner } from '../../lib/priority.ts';
import type { Config, VrrpInstance } from '../types.ts';
import { weightsOf } from './instances.ts';

/** One of the configurations that are to work together. */
export interface PairMember {
  readonly file: string;
  readonly config: Config;
}

/** A disagreement between two files, placed in the first of them. */
export interface PairFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string;
  readonly instance: string;
  readonly keyword: string;
}

/** Who will hold a virtual router's addresses once both run, and why. */
export interface Election {
  readonly virtualRouter: string;
  readonly master: string;
  readonly reason: string;
}

export interface PairReport {
  readonly findings: readonly PairFinding[];
  readonly elections: readonly Election[];
}

interface Side {
  readonly file: string;
  readonly instance: VrrpInstance;
}

/** Compares every two files that have a virtual router in common; a router that only one has is a finding too. */
export function comparePair(members: readonly PairMember[]): PairReport {
  const findings: PairFinding[] = [];
  const elections: Election[] = [];
  for (const [virtualRouter, sides] of sidesByRouter(members)) {
    const [first, ...others] = sides as [Side, ...Side[]];
    if (others.length === 0) {
      const message = `${virtualRouter} stands in no other file: nobody takes its addresses over.`;
      findings.push(finding('router-without-peer', 'warning', first, 'virtual_router_id', message));
      continue;
    }
    for (const other of others) findings.push(...disagreements(first, other));
    elections.push(electionOf(virtualRouter, sides));
  }
  return { findings, elections };
}

/** Identifiers are those of a network: a file that has one twice uses it on two, which their interfaces tell apart. */
function sidesByRouter(members: readonly PairMember[]): ReadonlyMap<string, readonly Side[]> {
  const sides = members.flatMap(({ file, config }) => config.instances.map((instance) => ({ file, instance })));
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { file, instance } of sides) {
    const router = routerName(instance);
    if (seen.has(`${file} ${router}`)) repeated.add(router);
    seen.add(`${file} ${router}`);
  }
  const byRouter = new Map<string, Side[]>();
  for (const side of sides) {
    const router = routerName(side.instance);
    const name = repeated.has(router) ? `${router} on ${side.instance.interface}` : router;
    byRouter.set(name, [...(byRouter.get(name) ?? []), side]);
  }
  return byRouter;
}

function routerName({ virtualRouterId, family }: VrrpInstance): string {
  return `virtual router ${virtualRouterId} (IPv${family})`;
}

function finding(
  rule: string,
  severity: PairFinding['severity'],
  { file, instance }: Side,
  keyword: string,
  message: string,
): PairFinding {
  return { rule, severity, message, file, instance: instance.name, keyword };
}

function disagreements(a: Side, b: Side): PairFinding[] {
  const found: PairFinding[] = [];
  const differ = (rule: string, keyword: string, mine: unknown, theirs: unknown, consequence: string): void => {
    if (String(mine) === String(theirs)) return;
    const message = `${keyword} is ${mine} here and ${theirs} in ${b.file} (${b.instance.name}): ${consequence}`;
    found.push(finding(rule, 'error', a, keyword, message));
  };
  const one = a.instance;
  const two = b.instance;
  differ('version-differs', 'version', one.version, two.version, 'each drops the other, and both become master.');
  if (one.version === 2 || two.version === 2) {
    const consequence = 'version 2 drops adverts of another interval, and both become master.';
    differ('interval-differs', 'advert_int', text(one), text(two), consequence);
  }
  const authentication = ({ authentication: { type } }: VrrpInstance) => type.toUpperCase();
  differ('authentication-differs', 'authentication', authentication(one), authentication(two), dropped);
  if (one.authentication.type !== 'none' && two.authentication.type !== 'none') {
    if (authentication(one) === authentication(two) && one.authentication.password !== two.authentication.password) {
      const message = `the password is not that of ${b.file} (${two.name}): ${dropped}`;
      found.push(finding('password-differs', 'error', a, 'authentication', message));
    }
  }
  const way = ({ unicast }: VrrpInstance) => (unicast ? 'unicast' : 'multicast');
  differ('transport-differs', 'unicast_peer', way(one), way(two), 'neither hears the other.');
  if (!one.unicast && !two.unicast) {
    const consequence = 'neither hears the other.';
    differ('group-differs', 'mcast_dst_ip', one.multicastGroup, two.multicastGroup, consequence);
  }
  found.push(...unicastDisagreements(a, b));
  const addresses = ({ virtualAddresses }: VrrpInstance) => virtualAddresses.map(({ address }) => address).sort();
  const consequence = 'the one with more loses addresses at each failover.';
  differ('addresses-differ', 'virtual_ipaddress', addresses(one).join(' '), addresses(two).join(' '), consequence);
  if (one.priority === two.priority) {
    const message = `priority is ${one.priority} here and in ${b.file} (${two.name}): the higher source address decides, and a restart may move the addresses.`;
    found.push(finding('priority-equal', 'warning', a, 'priority', message));
  }
  if (one.initialState === 'master' && two.initialState === 'master') {
    const message = `state is MASTER here and in ${b.file} (${two.name}): only the priorities decide.`;
    found.push(finding('state-master-twice', 'warning', a, 'state', message));
  }
  return [...found, ...ineffectiveWeights(a, b)];
}

const dropped = 'each drops the other, and both become master.';

function text({ advertisementInterval }: VrrpInstance): string {
  return `${inSeconds(advertisementInterval)} s`;
}

function unicastDisagreements(a: Side, b: Side): PairFinding[] {
  const found: PairFinding[] = [];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const source = to.instance.sourceAddress;
    const peers = from.instance.unicast?.peers.map(({ address }) => address);
    if (!peers || source === undefined || peers.includes(source as IpAddress)) continue;
    const message = `unicast_peer does not name ${source}, which ${to.file} (${to.instance.name}) sends from: it gets no adverts from here.`;
    found.push(finding('peer-missing', 'error', from, 'unicast_peer', message));
  }
  return found;
}

/** Weights too small to bring the master below its peer, or the backup above it. */
function ineffectiveWeights(a: Side, b: Side): PairFinding[] {
  const [high, low] = a.instance.priority >= b.instance.priority ? [a, b] : [b, a];
  const gap = high.instance.priority - low.instance.priority;
  const swing = (instance: VrrpInstance): number =>
    weightsOf(instance).reduce((sum, weight) => sum + Math.abs(weight), 0);
  const highest = swing(high.instance);
  const lowest = swing(low.instance);
  if (highest + lowest === 0 || highest + lowest > gap) return [];
  const message = `all weights together move the priorities by ${highest + lowest}, but ${low.file} (${low.instance.name}) is ${gap} lower: no failed check can ever move the addresses.`;
  return [finding('weight-too-small', 'warning', high, 'priority', message)];
}

function electionOf(virtualRouter: string, sides: readonly Side[]): Election {
  const ordered = [...sides].sort((x, y) => y.instance.priority - x.instance.priority);
  const [best, second] = ordered as [Side, Side];
  const { priority, sourceAddress } = best.instance;
  const name = (side: Side): string => `${side.file} (${side.instance.name})`;
  if (priority !== second.instance.priority) {
    const preempts = best.instance.preempt ? '' : '; nopreempt: only if it is the first to start';
    const owner = isOwner(best.instance)
      ? 'owns the addresses'
      : `priority ${priority} against ${second.instance.priority}`;
    return { virtualRouter, master: name(best), reason: `${owner}${preempts}` };
  }
  const other = second.instance.sourceAddress;
  if (sourceAddress === undefined || other === undefined) {
    return { virtualRouter, master: 'undecided', reason: `equal priorities of ${priority}; the higher address wins` };
  }
  const winner = compareIp(sourceAddress, other) >= 0 ? best : second;
  return { virtualRouter, master: name(winner), reason: `equal priorities of ${priority}, and the higher address` };
}
