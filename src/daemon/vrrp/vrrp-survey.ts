import type { Config, VrrpScript } from '../../config/types.ts';
import type { InstanceSurvey, ScriptStanding, VrrpSurvey } from '../../ipc/observation.ts';
import type { VrrpRuntime } from '../../report/runtime.ts';
import { isWorking } from '../../vrrp/state.ts';
import { advertInterface } from '../../vrrp/virtual-mac.ts';
import type { VirtualRouter } from './virtual-router.ts';
import { type VrrpView, vrrpRuntime } from './vrrp-snapshot.ts';

/** What SNMP shows of a running VRRP process and the configuration does not say. `startedAt`: wall time. */
export function surveyVrrp(view: VrrpView, startedAt: number): VrrpSurvey {
  const { config, tracking } = view;
  const runtime = vrrpRuntime(view);
  const routers = new Map(view.routers.map((router) => [router.instance, router]));
  return {
    type: 'survey',
    startedAt,
    instances: config.instances.flatMap((instance) => {
      const router = routers.get(instance);
      const known = router && instanceSurvey(router, view, runtime);
      return known ? [known] : [];
    }),
    groups: config.syncGroups.map((group) => ({
      name: group.name,
      state: runtime.group?.(group)?.state ?? 'INIT',
    })),
    interfaces: Object.fromEntries(view.interfaces.all().map(({ name, ifindex }) => [name, ifindex])),
    scripts: byName(config.scripts, (script) => standing(script, tracking.scripts.status(script.name))),
    files: byName(config.trackFiles, ({ name }) => tracking.files.value(name)),
    bfds: byName(config.bfdInstances, ({ name }) => tracking.sessionIsUp(name) === true),
    processes: processesOf(config, runtime),
  };
}

function instanceSurvey(
  router: VirtualRouter,
  { interfaces, wallOffset }: VrrpView,
  runtime: VrrpRuntime,
): InstanceSurvey | undefined {
  const { instance, state, milestones, sourceAddress } = router;
  const known = runtime.instance?.(instance);
  if (known === undefined) return undefined;
  const mac = interfaces.named(advertInterface(instance))?.hardwareAddress;
  const { newMasterReason, protocolError } = state.memory;
  return {
    name: instance.name,
    state: known.state,
    wantedState: known.wantedState,
    basePriority: instance.priority,
    preempt: instance.preempt,
    effectivePriority: known.effectivePriority,
    ...(milestones.transition !== 0 && { changedAt: known.lastTransition }),
    faults: [...router.faults],
    scriptsAwaited: known.scriptsAwaited,
    masterPriority: known.masterPriority,
    ...(known.masterAddress !== undefined && { masterAddress: known.masterAddress }),
    ...(sourceAddress !== undefined && { sourceAddress }),
    interfaceIndex: interfaces.named(instance.interface)?.ifindex ?? 0,
    ...(mac && { mac }),
    holdsAddresses: known.holdsAddresses,
    ...(milestones.working !== undefined && isWorking(state) && { workingSince: milestones.working + wallOffset }),
    newMasterReason,
    protocolError,
    statistics: { ...known.statistics },
  };
}

function standing({ initFail }: VrrpScript, status: 'unknown' | 'up' | 'down'): ScriptStanding {
  if (status === 'unknown') return initFail ? 'initFailed' : 'init';
  return status === 'up' ? 'good' : 'bad';
}

function processesOf({ trackProcesses }: Config, runtime: VrrpRuntime): VrrpSurvey['processes'] {
  return byName(trackProcesses, (tracked) => {
    const { current = 0, haveQuorum = false } = runtime.process?.(tracked) ?? {};
    return { current, haveQuorum };
  });
}

function byName<Item extends { readonly name: string }, Value>(
  items: readonly Item[],
  value: (item: Item) => Value,
): Record<string, Value> {
  return Object.fromEntries(items.map((item) => [item.name, value(item)]));
}
