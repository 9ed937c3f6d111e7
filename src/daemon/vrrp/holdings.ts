import type { Config } from '../../config/types.ts';
import { instanceRouting, type RoutingEffects } from './instance-routing.ts';
import { type LossHost, LostItems } from './lost-items.ts';
import { PromotedSecondaries } from './promote-secondaries.ts';
import type { Log } from '../../lib/log.ts';
import { otherDaemonHere } from '../../os/processes/other-daemons.ts';
import type { AddressEvent } from '../../rtnetlink/event.ts';
import type { InterfaceEvent, NetlinkPorts } from './address-kernel.ts';
import { openRoutingKernel, type RoutingKernel } from './routing-kernel.ts';
import { StaticItems } from './static-items.ts';

/**
 * What the configuration holds in the kernel beside virtual addresses: routes and rules of instances, static items and
 * settings of interfaces. Notices, too, when somebody takes any of it away, addresses included.
 */
export class Holdings {
  readonly #routing: RoutingKernel;
  readonly #statics: StaticItems;
  readonly #losses: LostItems;
  readonly #promoted = new PromotedSecondaries();
  readonly #log: Log;

  /** Throws a SystemError where there is no netlink socket to be had. */
  constructor(host: Omit<LossHost, 'routing' | 'statics'>, openSocket: NetlinkPorts['openSocket']) {
    const { log, addresses } = host;
    this.#log = log;
    this.#routing = openRoutingKernel(log, { openSocket });
    this.#statics = new StaticItems(addresses, this.#routing, log);
    this.#losses = new LostItems({ ...host, routing: this.#routing, statics: this.#statics });
  }

  /** Routes and rules of the virtual router with this identity. */
  routingOf(identity: string): RoutingEffects {
    return instanceRouting(this.#routing, identity, this.#log);
  }

  /** Before anything is set: takes away what a predecessor's would be in the way. */
  purge(config: Config): void {
    this.#statics.purge(config);
    this.#removeLeftovers(config);
  }

  /** Routes and rules of a former run that nobody wants any more; those of another daemon cannot be told apart from them. */
  #removeLeftovers({ staticRoutes, staticRules, instances }: Config): void {
    if (otherDaemonHere()) return;
    const removed = this.#routing.removeOthers(
      [...staticRoutes, ...instances.flatMap(({ virtualRoutes }) => virtualRoutes)],
      [...staticRules, ...instances.flatMap(({ virtualRules }) => virtualRules)],
    );
    for (const [what, count] of Object.entries(removed)) {
      if (count > 0) this.#log({ level: 'info', message: `Removed ${count} ${what} left by a former run` });
    }
  }

  /** Takes static items away that `config` has no more. */
  drop(config: Config): void {
    this.#statics.drop(config);
  }

  /** Sets what is new in `config`. */
  extend(config: Config): void {
    this.#statics.extend(config);
    this.#promoted.configure(config.instances);
    this.#losses.configure(config);
  }

  /** How often something of an instance was put back that somebody had taken away. */
  restoredOf(instanceName: string): number {
    return this.#losses.restoredOf(instanceName);
  }

  /** A static address may be the one that adverts leave with; virtual ones never are. */
  isStatic({ address: { address } }: AddressEvent): boolean {
    return this.#statics.hasAddress(address);
  }

  kernelChanged(event: InterfaceEvent): void {
    this.#losses.kernelChanged(event);
  }

  followLinks(): void {
    this.#losses.followLinks();
  }

  /** Takes everything away that does not belong to an instance. */
  stop(): void {
    this.#routing.ignoreEvents();
    this.#statics.stop();
    this.#promoted.close();
  }

  close(): void {
    this.#routing.close();
  }
}
