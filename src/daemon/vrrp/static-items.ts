import type { Config, StaticAddress } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { Log } from '../../lib/log.ts';
import { addressText } from '../../report/dump-address.ts';
import { routeText } from '../../report/dump-route.ts';
import { ruleText } from '../../report/dump-rule.ts';
import { removalLines } from '../../report/routing-log.ts';
import { goneAddressText } from '../../report/vrrp-log.ts';
import { routesDifference, routingDifference } from '../../rtnetlink/routing-plan.ts';
import { addressChanges } from './address-changes.ts';
import type { Interfaces } from './interfaces.ts';
import type { AddressKernel } from './address-kernel.ts';
import type { RoutingItem, RoutingKernel } from './routing-kernel.ts';

/** In whose name static routes and rules are in the kernel. */
export const staticOwner = 'static';

/** What is configured once and for all: static addresses, routes and rules. */
export type StaticPart = Pick<Config, 'staticAddresses' | 'staticRoutes' | 'staticRules'>;

const nothing: StaticPart = { staticAddresses: [], staticRoutes: [], staticRules: [] };

/** Holds static addresses, routes and rules from start to stop, and puts back what somebody takes away. */
export class StaticItems {
  readonly #addresses: Pick<AddressKernel, 'addAddresses' | 'deleteAddresses'>;
  readonly #routing: RoutingKernel;
  readonly #log: Log;
  #held: StaticPart = nothing;

  constructor(addresses: Pick<AddressKernel, 'addAddresses' | 'deleteAddresses'>, routing: RoutingKernel, log: Log) {
    this.#addresses = addresses;
    this.#routing = routing;
    this.#log = log;
  }

  /** Before anything is set: rules of a predecessor would stand in the way of ours. */
  purge({ staticRules }: StaticPart): void {
    this.#routing.deleteRules(staticOwner, staticRules, { purge: true });
  }

  /** Takes away what `next` has no more. */
  drop(next: StaticPart): void {
    const { addresses, routes, rules } = differences(this.#held, next);
    const left = { routes: next.staticRoutes, rules: next.staticRules };
    for (const line of removalLines({ routes: routes.gone, rules: rules.gone }, left)) this.#say(line);
    this.#routing.deleteRules(staticOwner, rules.gone);
    for (const [route, successor] of routes.changed) this.#routing.replaceRoute(staticOwner, route, successor);
    this.#routing.deleteRoutes(staticOwner, routes.gone);
    for (const address of addresses.gone) this.#say(`ip address ${goneAddressText(address)}, no longer exist`);
    this.#addresses.deleteAddresses(addresses.gone);
  }

  /** Sets what was not there before. */
  extend(next: StaticPart): void {
    const { addresses, routes, rules } = differences(this.#held, next);
    this.#held = next;
    this.#addresses.addAddresses(addresses.added);
    this.#routing.addRoutes(staticOwner, routes.added);
    this.#routing.addRules(staticOwner, rules.added);
  }

  /** Takes everything away. */
  stop(): void {
    const { staticAddresses, staticRoutes, staticRules } = this.#held;
    this.#routing.deleteRules(staticOwner, staticRules);
    this.#routing.deleteRoutes(staticOwner, staticRoutes);
    this.#addresses.deleteAddresses(staticAddresses);
    this.#held = nothing;
  }

  hasAddress(address: IpAddress): boolean {
    return this.#held.staticAddresses.some((own) => own.address === address);
  }

  /** Somebody took `address` off an interface: one of ours comes back. */
  addressRemoved(address: IpAddress, interfaceName: string): void {
    for (const own of this.#held.staticAddresses) {
      if (own.address === address && own.interface === interfaceName && !own.noTrack) this.#restoreAddress(own);
    }
  }

  /** Removals may have gone unnoticed: what is not there comes back. */
  addressesRead(interfaces: Pick<Interfaces, 'holds'>): void {
    for (const own of this.#held.staticAddresses) {
      if (!own.noTrack && !interfaces.holds(own.interface, own.address)) this.#restoreAddress(own);
    }
  }

  /** Somebody took a static route or rule away. */
  lost(item: RoutingItem): void {
    if (item.kind === 'route' && item.route.tracked) {
      this.#say(`Restoring deleted static route ${routeText(item.route)}`);
      this.#routing.addRoutes(staticOwner, [item.route]);
    } else if (item.kind === 'rule' && item.rule.tracked) {
      this.#say(`Restoring deleted static rule ${ruleText(item.rule)}`);
      this.#routing.addRules(staticOwner, [item.rule]);
    }
  }

  /** An interface has come up; its addresses and routes may have gone without a word. */
  interfaceUp(name: string): void {
    const { staticAddresses, staticRoutes } = this.#held;
    for (const own of staticAddresses) if (own.interface === name && !own.noTrack) this.#restoreAddress(own);
    for (const route of staticRoutes) {
      if (route.tracked && route.interface === name) this.lost({ kind: 'route', owner: staticOwner, route });
    }
  }

  #restoreAddress(address: StaticAddress): void {
    this.#say(`Restoring deleted static address ${addressText(address)} set`);
    this.#addresses.addAddresses([address]);
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}

function differences(before: StaticPart, after: StaticPart) {
  return {
    addresses: addressChanges(before.staticAddresses, after.staticAddresses),
    routes: routesDifference(before.staticRoutes, after.staticRoutes),
    rules: routingDifference(before.staticRules, after.staticRules),
  };
}
