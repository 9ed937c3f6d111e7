import type { Route, RoutingRule } from '../config/types.ts';
import { keepalivedProtocol } from '../lib/routing-numbers.ts';
import type { Message, Request } from '../netlink/message.ts';
import { routeMessage } from './numbers.ts';
import { decodeRoute, type IndexOf, isRoute, reportedRoute } from './route.ts';
import { decodeRule, isRule } from './rule.ts';

/** struct rtmsg and struct fib_rule_hdr are of one length. */
const HEADER_LENGTH = 12;

/** To be dumped: every route of both families, each read by {@link leftRoute}. */
export function routesRequest(): Request {
  return { type: routeMessage.getRoute, flags: 0, body: (writer) => writer.zeros(HEADER_LENGTH) };
}

/** To be dumped: every rule of both families, each read by {@link leftRule}. */
export function rulesRequest(): Request {
  return { type: routeMessage.getRule, flags: 0, body: (writer) => writer.zeros(HEADER_LENGTH) };
}

/** What takes a route off that bears keepalived's number and is none of `wanted`; undefined for every other. */
export function leftRoute(message: Message, wanted: readonly Route[], indexOf: IndexOf): Request | undefined {
  // A router may have a million of others: their protocol is looked at before anything else.
  if (message.start + HEADER_LENGTH > message.end || message.view.getUint8(message.start + 5) !== keepalivedProtocol)
    return undefined;
  const route = decodeRoute(message);
  if (!route || wanted.some((one) => isRoute(route, reportedRoute(one, indexOf)))) return undefined;
  return echo(message, routeMessage.deleteRoute);
}

/** As {@link leftRoute}, of rules. */
export function leftRule(message: Message, wanted: readonly RoutingRule[]): Request | undefined {
  const rule = decodeRule(message);
  if (rule?.attributes.protocol !== keepalivedProtocol || wanted.some((one) => isRule(rule, one))) return undefined;
  return echo(message, routeMessage.deleteRule);
}

/** What the kernel shows of an item tells it apart when it is sent back. */
function echo({ view, start, end }: Message, type: number): Request {
  const body = new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
  return { type, flags: 0, body: (writer) => writer.bytes(body) };
}
