import type { Route, RoutingRule } from '../config/types.ts';
import { errno, errnoText } from '../lib/errno.ts';
import type { Request } from '../netlink/message.ts';
import { addRouteRequest, deleteRouteRequest, type IndexOf, type MissingInterface } from './route.ts';
import { addRuleRequest, deleteRuleRequest } from './rule.ts';
import { routeMessage } from './numbers.ts';

/** One kernel command each. */
export type RoutingCommand =
  | { readonly kind: 'addRoute' | 'replaceRoute' | 'deleteRoute'; readonly route: Route }
  | { readonly kind: 'addRule' | 'deleteRule'; readonly rule: RoutingRule };

/** Text that two routes, or two rules, have in common when they are the same line of a configuration. */
export function routingKey(item: object): string {
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

export interface RoutesDifference extends RoutingDifference<Route> {
  /** Routes that lead where they led, with another property such as a metric of RTA_METRICS: what was, and what is to be. */
  readonly changed: readonly (readonly [before: Route, after: Route])[];
}

/** As `routingDifference`, but a route that only changes is neither gone nor added: the kernel can replace it in place. */
export function routesDifference(before: readonly Route[], after: readonly Route[]): RoutesDifference {
  const { gone, added } = routingDifference(before, after);
  const successors = new Map(added.map((route) => [leadingKey(route), route]));
  const changed = gone.flatMap((route) => {
    const successor = successors.get(leadingKey(route));
    if (!successor) return [];
    successors.delete(leadingKey(route));
    return [[route, successor] as const];
  });
  const changing = new Set(changed.flat());
  const others = (routes: readonly Route[]) => routes.filter((route) => !changing.has(route));
  return { gone: others(gone), added: others(added), changed };
}

/** Text that two routes have in common when the kernel, once it has them, sees no difference between them. */
export function kernelKey(route: Route & { readonly trackGroup?: string }): string {
  const { tracked: _, trackGroup: __, placement: ___, ...rest } = route;
  return routingKey(rest);
}

function leadingKey(route: Route): string {
  const { family, destination, source, tos, metric, table, type, scope } = route;
  const { gateway, interface: name, nextHops, encapsulation } = route;
  const where = { family, destination, source, tos, metric, table, type, scope };
  return routingKey({ ...where, gateway, name, nextHops, encapsulation });
}

export function routingRequest(command: RoutingCommand, indexOf: IndexOf): Request | MissingInterface {
  switch (command.kind) {
    case 'addRoute':
      return addRouteRequest(command.route, indexOf);
    case 'replaceRoute':
      return addRouteRequest(command.route, indexOf, true);
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
  replaceRoute: `RTM_NEWROUTE(${routeMessage.newRoute})`,
  deleteRoute: `RTM_DELROUTE(${routeMessage.deleteRoute})`,
  addRule: `RTM_NEWRULE(${routeMessage.newRule})`,
  deleteRule: `RTM_DELRULE(${routeMessage.deleteRule})`,
};

/** `Netlink: error: No such process(3), type=RTM_DELROUTE(25), seq=5, pid=0`, as keepalived logs it. */
export function routingFailureText({ kind }: RoutingCommand, number: number, sequence = 0): string {
  return `Netlink: error: ${errnoText(number)}(${number}), type=${messageNames[kind]}, seq=${sequence}, pid=0`;
}
