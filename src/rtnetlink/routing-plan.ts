import type { Route, RoutingRule } from '../config/types.ts';
import { errno, errnoText } from '../lib/errno.ts';
import type { Request } from '../netlink/message.ts';
import { addRouteRequest, deleteRouteRequest, type IndexOf, type MissingInterface } from './route.ts';
import { addRuleRequest, deleteRuleRequest } from './rule.ts';
import { routeMessage } from './numbers.ts';

/** One kernel command each. */
export type RoutingCommand =
  | { readonly kind: 'addRoute' | 'deleteRoute'; readonly route: Route }
  | { readonly kind: 'addRule' | 'deleteRule'; readonly rule: RoutingRule };

/** Text that two routes, or two rules, have in common when they are the same line of a configuration. */
export function routingKey(item: Route | RoutingRule): string {
  return JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

export interface RoutingDifference<T> {
  readonly gone: readonly T[];
  readonly added: readonly T[];
}

/** What turns one list into the other, each in its own order; a changed line is gone and added. */
export function routingDifference<T extends Route | RoutingRule>(
  before: readonly T[],
  after: readonly T[],
): RoutingDifference<T> {
  const known = new Set(before.map(routingKey));
  const wanted = new Set(after.map(routingKey));
  return {
    gone: before.filter((item) => !wanted.has(routingKey(item))),
    added: after.filter((item) => !known.has(routingKey(item))),
  };
}

export function routingRequest(command: RoutingCommand, indexOf: IndexOf): Request | MissingInterface {
  switch (command.kind) {
    case 'addRoute':
      return addRouteRequest(command.route, indexOf);
    case 'deleteRoute':
      return deleteRouteRequest(command.route, indexOf);
    case 'addRule':
      return addRuleRequest(command.rule);
    default:
      return deleteRuleRequest(command.rule);
  }
}

/** The kernel refuses to add what is there. */
export function isThereAlready({ kind }: RoutingCommand, number: number): boolean {
  return (kind === 'addRoute' || kind === 'addRule') && number === errno.EEXIST;
}

/** The interface of a route is down: it can be added once that is up. */
export function waitsForInterface(number: number): boolean {
  return number === errno.ENETDOWN || number === errno.ENETUNREACH;
}

const messageNames: Readonly<Record<RoutingCommand['kind'], string>> = {
  addRoute: `RTM_NEWROUTE(${routeMessage.newRoute})`,
  deleteRoute: `RTM_DELROUTE(${routeMessage.deleteRoute})`,
  addRule: `RTM_NEWRULE(${routeMessage.newRule})`,
  deleteRule: `RTM_DELRULE(${routeMessage.deleteRule})`,
};

/** `Netlink: error: No such process(3), type=RTM_DELROUTE(25), seq=5, pid=0`, as keepalived logs it. */
export function routingFailureText({ kind }: RoutingCommand, number: number, sequence = 0): string {
  return `Netlink: error: ${errnoText(number)}(${number}), type=${messageNames[kind]}, seq=${sequence}, pid=0`;
}
