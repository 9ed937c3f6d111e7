import type { VrrpInstance } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { routingDifference } from '../../rtnetlink/routing-plan.ts';
import type { RoutingKernel } from './routing-kernel.ts';

/** What a virtual router does about its routes and rules, around what it does about its addresses. */
export interface RoutingEffects {
  /** In whose name they are in the kernel: one virtual router's, whatever it is called. */
  readonly owner: string;
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
export const noRouting: RoutingEffects = { owner: '', enter() {}, leave() {}, drop() {}, extend() {} };

/** Virtual routes and rules go into the kernel in the name of their virtual router. */
export function instanceRouting(kernel: RoutingKernel, owner: string, log: Log): RoutingEffects {
  const say = ({ name }: VrrpInstance, what: string): void => {
    log({ level: 'info', message: `(${name}) ${what}`, detail: true });
  };
  return {
    owner,
    enter(instance) {
      const { virtualRoutes, virtualRules } = instance;
      if (virtualRoutes.length > 0) say(instance, 'setting Virtual Routes');
      kernel.addRoutes(owner, virtualRoutes);
      if (virtualRules.length > 0) say(instance, 'setting Virtual Rules');
      kernel.addRules(owner, virtualRules);
    },
    leave(instance, purge) {
      const { virtualRoutes, virtualRules } = instance;
      if (virtualRules.length > 0) say(instance, 'removing Virtual Rules');
      kernel.deleteRules(owner, virtualRules, { purge });
      if (virtualRoutes.length > 0) say(instance, 'removing Virtual Routes');
      kernel.deleteRoutes(owner, virtualRoutes, { purge });
    },
    drop(before, after) {
      kernel.deleteRules(owner, routingDifference(before.virtualRules, after.virtualRules).gone);
      kernel.deleteRoutes(owner, routingDifference(before.virtualRoutes, after.virtualRoutes).gone);
    },
    extend(before, after) {
      kernel.addRoutes(owner, routingDifference(before.virtualRoutes, after.virtualRoutes).added);
      kernel.addRules(owner, routingDifference(before.virtualRules, after.virtualRules).added);
    },
  };
}
