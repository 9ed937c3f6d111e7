import type { Config, VirtualAddress } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { addressText } from '../../report/dump-address.ts';
import { routeText } from '../../report/dump-route.ts';
import { ruleText } from '../../report/dump-rule.ts';
import { isOwnAddress } from './address-changes.ts';
import type { Interfaces } from './interfaces.ts';
import { allAddresses } from './instance-addresses.ts';
import type { InterfaceEvent, AddressKernel } from './address-kernel.ts';
import type { RoutingItem, RoutingKernel } from './routing-kernel.ts';
import { type StaticItems, staticOwner } from './static-items.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What noticing losses needs from the process it is part of. */
export interface LossHost {
  readonly log: Log;
  /** Every address that goes is said already. */
  readonly saysAddresses: boolean;
  readonly interfaces: Interfaces;
  readonly addresses: AddressKernel;
  readonly routing: RoutingKernel;
  readonly statics: StaticItems;
  routers(): readonly VirtualRouter[];
  act(router: VirtualRouter, step: (now: Instant) => void): void;
}

/**
 * Notices addresses, routes and rules of ours that somebody else takes away. The virtual router they belong to gives up and
 * competes anew; with vrrp_restore_addresses they are put back instead. Static ones are always put back.
 */
export class LostItems {
  readonly #host: LossHost;
  /** How often something was put back, by instance. */
  readonly #restored = new Map<string, number>();
  #restores = false;
  /** Interfaces of static items and of routes, and those of them that are up. */
  #watched: ReadonlySet<string> = new Set();
  #up: ReadonlySet<string> = new Set();

  constructor(host: LossHost) {
    this.#host = host;
    host.routing.onLost((item) => this.#routingLost(item));
  }

  /** Listens for routes and rules only where some of ours are tracked. */
  configure(config: Config): void {
    this.#restores = config.global.vrrpRestoreAddresses;
    const { staticRoutes, staticRules, instances } = config;
    const routes = [...staticRoutes, ...instances.flatMap(({ virtualRoutes }) => virtualRoutes)];
    const rules = [...staticRules, ...instances.flatMap(({ virtualRules }) => virtualRules)];
    const anyTracked = (items: readonly { readonly tracked: boolean }[]) => items.some(({ tracked }) => tracked);
    this.#host.routing.watch({ routes: anyTracked(routes), rules: anyTracked(rules) });
    const named = [...config.staticAddresses, ...routes, ...routes.flatMap(({ nextHops }) => nextHops)];
    this.#watched = new Set(named.flatMap(({ interface: name }) => (name === undefined ? [] : [name])));
    this.#up = new Set([...this.#watched].filter((name) => this.#host.interfaces.isUp(name)));
  }

  /** How often something of an instance was put back. */
  restoredOf(instanceName: string): number {
    return this.#restored.get(instanceName) ?? 0;
  }

  /** Links may have changed: what an interface lost while it was down comes back with it. */
  followLinks(): void {
    const { interfaces, statics, routing } = this.#host;
    const up = new Set([...this.#watched].filter((name) => interfaces.isUp(name)));
    const risen = [...up].filter((name) => !this.#up.has(name));
    this.#up = up;
    for (const name of risen) statics.interfaceUp(name);
    if (risen.length > 0) routing.retry();
  }

  kernelChanged(event: InterfaceEvent): void {
    if (event.type === 'address' && event.change === 'gone' && !event.own) {
      const name = this.#host.interfaces.nameOf(event.address.ifindex);
      if (name !== undefined) this.#addressLost(event.address.address, name);
    } else if (event.type === 'resync') this.#afterOverrun();
  }

  #addressLost(address: IpAddress, interfaceName: string): void {
    const { log, routers, act, statics, interfaces, saysAddresses } = this.#host;
    // Thousands of addresses that are nobody's may go at once.
    const holders = interfaces.isVirtual(address) ? routers() : [];
    const losers = holders.filter(
      (router) => router.holdsAddresses && isOwnAddress(router.instance, address, interfaceName),
    );
    if (losers.length > 0 && !saysAddresses) {
      log({
        level: 'info',
        message: `Netlink reflector reports IP ${address} removed from ${interfaceName}`,
        detail: true,
      });
    }
    for (const router of losers) {
      const own = allAddresses(router.instance).find(
        (one) => one.address === address && one.interface === interfaceName,
      );
      if (this.#restores && own) this.#restoreAddress(router, own);
      else act(router, (now) => router.addressRemoved(address, interfaceName, now));
    }
    statics.addressRemoved(address, interfaceName);
  }

  #restoreAddress(router: VirtualRouter, address: VirtualAddress): void {
    this.#count(router, `address ${addressText(address)}`);
    this.#host.addresses.addAddresses([address]);
    this.#host.act(router, (now) => router.announceAgain(now));
  }

  #routingLost(item: RoutingItem): void {
    const { routing, statics, routers, act } = this.#host;
    if (item.owner === staticOwner) {
      statics.lost(item);
      return;
    }
    const router = routers().find(({ holdsAddresses, routingOwner }) => holdsAddresses && routingOwner === item.owner);
    if (!router || !(item.kind === 'route' ? item.route : item.rule).tracked) return;
    if (!this.#restores) {
      act(router, (now) => router.handle({ type: 'addressLost' }, now));
      return;
    }
    this.#count(router, item.kind === 'route' ? `route ${routeText(item.route)}` : `rule ${ruleText(item.rule)}`);
    if (item.kind === 'route') routing.addRoutes(item.owner, [item.route]);
    else routing.addRules(item.owner, [item.rule]);
  }

  #count({ instance: { name } }: VirtualRouter, what: string): void {
    const count = this.restoredOf(name) + 1;
    this.#restored.set(name, count);
    this.#host.log({ level: 'info', message: `(${name}) Restoring deleted virtual ${what} (${count} so far)` });
  }

  #afterOverrun(): void {
    const { interfaces, routers, statics } = this.#host;
    statics.addressesRead(interfaces);
    for (const router of routers()) {
      if (!router.holdsAddresses) continue;
      const missing = allAddresses(router.instance).filter(
        (own) => !own.noTrack && !interfaces.holds(own.interface, own.address),
      );
      for (const { address, interface: name } of missing) this.#addressLost(address, name);
    }
  }
}
