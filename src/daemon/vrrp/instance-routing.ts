import type { VrrpInstance } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { routingDifference } from '../../rtnetlink/routing-plan.ts';
import type { RoutingKernel } from './routing-kernel.ts';

/** What a virtual router does about its routes and rules, around what it does about its addresses. */
export interface RoutingEffects {
  /** After the addresses are there. */
  enter(instance: VrrpInstance): void;
  /** Before the addresses go. `purge`: these may not be there, and that is nothing to complain about. */
  leave(instance: VrrpInstance, purge: boolean): void;
  /** At a reload, before addresses go and come: what `after` has no more. */
  drop(before: VrrpInstance, after: VrrpInstance): void;
  /** At a reload, after that: what `before` did not have. */
  extend(before: VrrpInstance, after: VrrpInstance): void;
}

/** Effects on nothing, for rehearsals. */
export const noRouting: RoutingEffects = { enter() {}, leave() {}, drop() {}, extend() {} };

/** In whose name an instance's routes and rules are in the kernel: what makes it that virtual router, whatever it is called. */
export function ownerOf({ virtualRouterId, family, interface: name, sourceAddress }: VrrpInstance): string {
  return `${virtualRouterId} ${family} ${name} ${sourceAddress ?? ''}`;
}

/** Virtual routes and rules go into the kernel in the name of their instance. */
export function instanceRouting(kernel: RoutingKernel, log: Log): RoutingEffects {
  const say = ({ name }: VrrpInstance, what: string): void => {
    log({ level: 'info', message: `(${name}) ${what}`, detail: true });
  };
  return {
    enter(instance) {
      const { virtualRoutes, virtualRules } = instance;
      if (virtualRoutes.length > 0) say(instance, 'setting Virtual Routes');
      kernel.addRoutes(ownerOf(instance), virtualRoutes);
      if (virtualRules.length > 0) say(instance, 'setting Virtual Rules');
      kernel.addRules(ownerOf(instance), virtualRules);
    },
    leave(instance, purge) {
      const { virtualRoutes, virtualRules } = instance;
      if (virtualRules.length > 0) say(instance, 'removing Virtual Rules');
      kernel.deleteRules(ownerOf(instance), virtualRules, { purge });
      if (virtualRoutes.length > 0) say(instance, 'removing Virtual Routes');
      kernel.deleteRoutes(ownerOf(instance), virtualRoutes, { purge });
    },
    drop(before, after) {
      kernel.deleteRules(ownerOf(before), routingDifference(before.virtualRules, after.virtualRules).gone);
      kernel.deleteRoutes(ownerOf(before), routingDifference(before.virtualRoutes, after.virtualRoutes).gone);
    },
    extend(before, after) {
      kernel.addRoutes(ownerOf(after), routingDifference(before.virtualRoutes, after.virtualRoutes).added);
      kernel.addRules(ownerOf(after), routingDifference(before.virtualRules, after.virtualRules).added);
    },
  };
}
