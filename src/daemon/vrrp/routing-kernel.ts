import type { Route, RoutingRule } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { messagesIn, type Message } from '../../netlink/message.ts';
import { native } from '../../os/native.ts';
import { interfaceIndex } from '../../os/sockets/interface-index.ts';
import { openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import type { NetlinkSocket } from '../../ports/netlink.ts';
import { routeMessage, routingGroup } from '../../rtnetlink/numbers.ts';
import { decodeRoute, isRoute, protocolOf, reportedRoute } from '../../rtnetlink/route.ts';
import {
  isThereAlready,
  kernelKey,
  type RoutingCommand,
  routingFailureText,
  routingKey,
  routingRequest,
  waitsForInterface,
} from '../../rtnetlink/routing-plan.ts';
import { leftRoute, leftRule, routesRequest, rulesRequest } from '../../rtnetlink/left-routing.ts';
import { decodeRule, isRule } from '../../rtnetlink/rule.ts';
import { overrunLine } from '../kernel-answer.ts';
import type { NetlinkPorts } from './address-kernel.ts';
import { rememberedIndex } from './remembered-index.ts';

const { NETLINK_ROUTE } = native.constants;

/** A route or rule of ours, and on whose behalf it is in the kernel. */
export type RoutingItem =
  | { readonly kind: 'route'; readonly owner: string; readonly route: Route }
  | { readonly kind: 'rule'; readonly owner: string; readonly rule: RoutingRule };

/** Sockets for routes and rules in the current network namespace. Throws a SystemError. */
export function openRoutingKernel(log: Log, ports: Partial<NetlinkPorts> = {}): RoutingKernel {
  return new RoutingKernel(log, { openSocket: openNetlinkSocket, interfaceIndex, ...ports });
}

/**
 * Routes and rules of the kernel: set, taken away, and watched while there are any of ours. What the kernel refuses is
 * logged and not ours; calls are synchronous.
 */
export class RoutingKernel {
  readonly #log: Log;
  readonly #ports: NetlinkPorts;
  readonly #connection: NetlinkConnection;
  readonly #held = new Map<string, RoutingItem>();
  /** Routes whose interface was down when they were to be added. */
  readonly #waiting = new Map<string, RoutingItem>();
  #events: NetlinkSocket | undefined;
  #groups: readonly number[] = [];
  #listener: ((item: RoutingItem) => void) | undefined;

  constructor(log: Log, ports: NetlinkPorts) {
    this.#log = log;
    this.#ports = ports;
    this.#connection = new NetlinkConnection(ports.openSocket({ protocol: NETLINK_ROUTE }));
  }

  /** Told of each item that somebody else has taken away. */
  onLost(listener: (item: RoutingItem) => void): void {
    this.#listener = listener;
  }

  /** Whether to hear of everybody's routes, and rules, of which there may be very many. */
  watch(what: { readonly routes: boolean; readonly rules: boolean }): void {
    const groups = [
      ...(what.routes ? [routingGroup.ipv4Route, routingGroup.ipv6Route] : []),
      ...(what.rules ? [routingGroup.ipv4Rule, routingGroup.ipv6Rule] : []),
    ];
    if (groups.join() === this.#groups.join()) return;
    this.#groups = groups;
    this.#events?.close();
    this.#events = groups.length === 0 ? undefined : this.#ports.openSocket({ protocol: NETLINK_ROUTE, groups });
    this.#events?.onReadable(() => this.#drain());
  }

  addRoutes(owner: string, routes: readonly Route[]): void {
    this.#add(routes.map((route) => ({ kind: 'route', owner, route })));
  }

  /** Puts a route in the place of another that leads the same way; where that cannot be, the one goes and the other comes. */
  replaceRoute(owner: string, before: Route, after: Route): void {
    const old: RoutingItem = { kind: 'route', owner, route: before };
    const item: RoutingItem = { kind: 'route', owner, route: after };
    const held = this.#held.has(keyOf(old));
    if (held && (kernelKey(before) === kernelKey(after) || this.#transact([item], 'replace')[0]?.errno === 0)) {
      this.#held.delete(keyOf(old));
      this.#held.set(keyOf(item), item);
    } else {
      this.#delete([old]);
      this.#add([item]);
    }
  }

  addRules(owner: string, rules: readonly RoutingRule[]): void {
    this.#add(rules.map((rule) => ({ kind: 'rule', owner, rule })));
  }

  /** Takes away what is there. */
  deleteRoutes(owner: string, routes: readonly Route[], deletion: Deletion = {}): void {
    this.#delete(
      routes.map((route) => ({ kind: 'route', owner, route })),
      deletion,
    );
  }

  /** As {@link deleteRoutes}. */
  deleteRules(owner: string, rules: readonly RoutingRule[], deletion: Deletion = {}): void {
    this.#delete(
      rules.map((rule) => ({ kind: 'rule', owner, rule })),
      deletion,
    );
  }

  /** Takes off what bears keepalived's number and is in neither list: how many of each. */
  removeOthers(
    routes: readonly Route[],
    rules: readonly RoutingRule[],
  ): { readonly routes: number; readonly rules: number } {
    const indexOf = rememberedIndex((name) => this.#ports.interfaceIndex(name));
    const leftRoutes = this.#connection.dump(routesRequest(), (message) => leftRoute(message, routes, indexOf));
    const leftRules = this.#connection.dump(rulesRequest(), (message) => leftRule(message, rules));
    const requests = [leftRoutes, leftRules].map((left) => (left.ok ? left.value : []));
    const [routesRemoved = 0, rulesRemoved = 0] = requests.map(
      (list) => this.#connection.transact(list).filter(({ errno: number }) => number === 0).length,
    );
    return { routes: routesRemoved, rules: rulesRemoved };
  }

  /**
   * An interface has come up: routes that waited for one may be possible now. With an interface that goes down IPv4 loses
   * routes without a word; those that name none are asked for again, which the kernel refuses where they are.
   */
  retry(): void {
    const nowhere = this.#heldWhere((item) => item.kind === 'route' && item.route.interface === undefined);
    const items = [...this.#waiting.values(), ...nowhere];
    this.#waiting.clear();
    this.#add(items, true);
  }

  /** Nobody is told of losses any more. */
  ignoreEvents(): void {
    this.#listener = undefined;
  }

  close(): void {
    this.#events?.close();
    this.#connection.close();
  }

  #add(items: readonly RoutingItem[], quietly = false): void {
    for (const { item, command, errno: number, sequence } of this.#transact(items, 'add')) {
      if (number === 0 || isThereAlready(command, number)) this.#held.set(keyOf(item), item);
      else {
        this.#held.delete(keyOf(item));
        if (waitsForInterface(number)) this.#waiting.set(keyOf(item), item);
        if (!quietly) this.#log({ level: 'info', message: routingFailureText(command, number, sequence) });
      }
    }
  }

  #delete(items: readonly RoutingItem[], { purge = false, unlessShared = false }: Deletion = {}): void {
    for (const item of items) this.#waiting.delete(keyOf(item));
    const ours = purge ? items : items.filter((item) => this.#held.delete(keyOf(item)));
    if (ours.length === 0) return;
    const shared = new Set(unlessShared ? [...this.#held.values()].map(sharedKeyOf) : []);
    const present = ours.filter((item) => !shared.has(sharedKeyOf(item)));
    for (const { command, errno: number, sequence } of this.#transact(present, 'delete')) {
      if (number === 0 || purge) continue;
      this.#log({ level: 'info', message: routingFailureText(command, number, sequence) });
    }
  }

  /** Without an interface that does not exist a route cannot be: nothing is asked then. */
  #transact(items: readonly RoutingItem[], verb: 'add' | 'replace' | 'delete'): Answered[] {
    const indexOf = rememberedIndex((name) => this.#ports.interfaceIndex(name));
    const asked = items.flatMap((item) => {
      const command = commandOf(item, verb);
      const request = routingRequest(command, indexOf);
      if (!('missing' in request)) return [{ item, command, request }];
      if (verb !== 'delete') this.#sayMissing(item, request.missing);
      return [];
    });
    const answers = this.#connection.transact(asked.map(({ request }) => request));
    return asked.map(({ item, command }, i) => ({ item, command, ...(answers[i] ?? { errno: 0 }) }));
  }

  #sayMissing(item: RoutingItem, name: string): void {
    this.#waiting.set(keyOf(item), item);
    this.#log({ level: 'info', message: `Not adding ${item.kind} to ${name} since interface doesn't exist` });
  }

  #drain(): void {
    let overrun = false;
    for (let receipt = this.#events?.receive(); receipt !== undefined; receipt = this.#events?.receive()) {
      if (receipt === 'empty') break;
      if (receipt === 'overrun') overrun = true;
      else if (!overrun) for (const item of this.#lostIn(receipt)) this.#lost(item);
    }
    if (overrun) this.#resync();
  }

  /** Decoded before anyone is told, since the socket's buffer is good only until the next receive. */
  #lostIn(datagram: Uint8Array): RoutingItem[] {
    const lost: RoutingItem[] = [];
    for (const message of messagesIn(datagram)) {
      if (message.portId !== this.#connection.portId) lost.push(...this.#matching(message));
    }
    return lost;
  }

  #matching(message: Message): RoutingItem[] {
    if (message.type === routeMessage.deleteRoute) {
      const reported = decodeRoute(message);
      const indexOf = rememberedIndex((name) => this.#ports.interfaceIndex(name));
      return this.#heldWhere(
        (item) =>
          reported !== undefined &&
          item.kind === 'route' &&
          reported.protocol === protocolOf(item.route) &&
          isRoute(reported, reportedRoute(item.route, indexOf)),
      );
    }
    if (message.type !== routeMessage.deleteRule) return [];
    const reported = decodeRule(message);
    return this.#heldWhere((item) => reported !== undefined && item.kind === 'rule' && isRule(reported, item.rule));
  }

  #heldWhere(fits: (item: RoutingItem) => boolean): RoutingItem[] {
    return [...this.#held.values()].filter(fits);
  }

  #lost(item: RoutingItem): void {
    if (this.#held.delete(keyOf(item))) this.#listener?.(item);
  }

  /** Events were dropped: what can be added anew was gone. It is ours again, for its owner to keep or to take away. */
  #resync(): void {
    this.#log(overrunLine);
    const items = [...this.#held.values()];
    for (const { item, errno: number } of this.#transact(items, 'add')) if (number === 0) this.#listener?.(item);
  }
}

export interface Deletion {
  /** Whether it is ours or a predecessor's, and nothing is logged. */
  readonly purge?: boolean;
  /** What another owner has too stays. */
  readonly unlessShared?: boolean;
}

interface Answered {
  readonly item: RoutingItem;
  readonly command: RoutingCommand;
  readonly errno: number;
  readonly sequence?: number;
}

function commandOf(item: RoutingItem, verb: 'add' | 'replace' | 'delete'): RoutingCommand {
  if (item.kind === 'route') return { kind: `${verb}Route`, route: item.route };
  return { kind: verb === 'delete' ? 'deleteRule' : 'addRule', rule: item.rule };
}

/** Equal for items of several owners of which the kernel has only one. */
function sharedKeyOf(item: RoutingItem): string {
  return item.kind === 'route' ? `route ${kernelKey(item.route)}` : `rule ${routingKey(item.rule)}`;
}

function keyOf(item: RoutingItem): string {
  return `${item.owner} ${item.kind} ${routingKey(item.kind === 'route' ? item.route : item.rule)}`;
}
