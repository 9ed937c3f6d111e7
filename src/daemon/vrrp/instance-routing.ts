import type { VrrpInstance } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { removalLines } from '../../report/routing-log.ts';
import { routesDifference, routingDifference } from '../../rtnetlink/routing-plan.ts';
import type { RoutingKernel } from './routing-kernel.ts';

/** What a virtual router does about its routes and rules, around what it does about its addresses. */
export interface RoutingEffects {
  /** In whose name they are in the kernel: one virtual router's, whatever it is called. */
  readonly owner: string;
  /** After the addresses are there. */
  enter(instance: VrrpInstance): void;
  /** Before the addresses go. `purge`: these may not be there, and that is nothing to complain about. */
  leave(instance: VrrpInstance, purge: boolean): void;
  /** Only says what `enter` says. */
  sayEntered(instance: VrrpInstance): void;
  /** Only says what `leave` says. */
  sayLeft(instance: VrrpInstance): void;
  /** At a reload, before addresses go and come: what `after` has no more. */
  drop(before: VrrpInstance, after: VrrpInstance): void;
  /** At a reload, after that: what `before` did not have. */
  extend(before: VrrpInstance, after: VrrpInstance): void;
}

/** Effects on nothing, for rehearsals. */
export const noRouting: RoutingEffects = {
  owner: '',
  enter() {},
  leave() {},
  sayEntered() {},
  sayLeft() {},
  drop() {},
  extend() {},
};

/** Virtual routes and rules go into the kernel in the name of their virtual router. */
export function instanceRouting(kernel: RoutingKernel, owner: string, log: Log): RoutingEffects {
  const say = ({ name }: VrrpInstance, what: string): void => {
    log({ level: 'info', message: `(${name}) ${what}`, detail: true });
  };
  const sayRoutes = (instance: VrrpInstance): void => {
    if (instance.virtualRoutes.length > 0) say(instance, 'setting Virtual Routes');
  };
  const sayRules = (instance: VrrpInstance): void => {
    if (instance.virtualRules.length > 0) say(instance, 'setting Virtual Rules');
  };
  const sayLeft = (instance: VrrpInstance): void => {
    if (instance.virtualRules.length > 0) say(instance, 'removing Virtual Rules');
    if (instance.virtualRoutes.length > 0) say(instance, 'removing Virtual Routes');
  };
  return {
    owner,
    enter(instance) {
      const { virtualRoutes, virtualRules } = instance;
      sayRoutes(instance);
      kernel.addRoutes(owner, virtualRoutes);
      sayRules(instance);
      kernel.addRules(owner, virtualRules);
    },
    leave(instance, purge) {
      sayLeft(instance);
      kernel.deleteRules(owner, instance.virtualRules, { purge });
      kernel.deleteRoutes(owner, instance.virtualRoutes, { purge });
    },
    sayEntered(instance) {
      sayRoutes(instance);
      sayRules(instance);
    },
    sayLeft,
    drop(before, after) {
      const rules = routingDifference(before.virtualRules, after.virtualRules).gone;
      const { gone: routes, changed } = routesDifference(before.virtualRoutes, after.virtualRoutes);
      const left = { rules: after.virtualRules, routes: after.virtualRoutes };
      for (const message of removalLines({ rules, routes }, left)) log({ level: 'info', message });
      // One that was given to an instance earlier in the file is there in the name of that by now.
      kernel.deleteRules(owner, rules, { unlessShared: true });
      for (const [route, successor] of changed) kernel.replaceRoute(owner, route, successor);
      kernel.deleteRoutes(owner, routes, { unlessShared: true });
    },
    extend(before, after) {
      kernel.addRoutes(owner, routesDifference(before.virtualRoutes, after.virtualRoutes).added);
      kernel.addRules(owner, routingDifference(before.virtualRules, after.virtualRules).added);
    },
  };
}
