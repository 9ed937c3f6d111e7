import type { Config, VrrpInstance } from '../../config/types.ts';
import { toldStates } from '../../lib/vrrp-words.ts';
import type { InstanceRuntime, SocketRuntime, VrrpRuntime } from '../../report/runtime.ts';
import { deadline } from '../../vrrp/machine.ts';
import { interfaceRuntimes } from './interface-snapshot.ts';
import type { Interfaces } from './interfaces.ts';
import type { LinkStates } from './link-states.ts';
import type { FaultReason } from './router-conditions.ts';
import type { SyncGroups } from './sync-groups.ts';
import type { Tracking } from './tracking.ts';
import { trackingRuntime } from './tracking-snapshot.ts';
import type { VirtualRouter } from './virtual-router.ts';

/** What the VRRP process lets a dump look at. */
export interface VrrpView {
  readonly config: Config;
  readonly routers: readonly VirtualRouter[];
  readonly interfaces: Interfaces;
  readonly links: LinkStates;
  readonly tracking: Tracking;
  readonly groups: SyncGroups;
  /** How often something of an instance was put back that somebody had taken away. */
  restored(instance: VrrpInstance): number;
  /** Descriptors of an instance's sockets. */
  descriptors(instance: VrrpInstance): readonly [receiving: number, sending: number] | undefined;
  /** Bytes of the receive buffer of an instance's socket; 0 where the system decides. */
  receiveBuffer(instance: VrrpInstance): number;
  /** From the monotonic clock to wall time, in microseconds. */
  readonly wallOffset: number;
}

/** The state of a running VRRP process as a whole dump shows it. */
export function wholeRuntime(view: VrrpView): VrrpRuntime {
  return {
    ...vrrpRuntime(view),
    interfaces: interfaceRuntimes(view.config, view.interfaces, view.links),
    sockets: socketRuntimes(view),
  };
}

/** The same without interfaces and sockets, which cost the most to look at. */
export function vrrpRuntime(view: VrrpView): VrrpRuntime {
  const routers = new Map(view.routers.map((router) => [router.instance, router]));
  return {
    instance: (instance) => {
      const router = routers.get(instance);
      return router && instanceRuntime(router, view);
    },
    sourceAddress: (instance) => {
      const router = routers.get(instance);
      return router?.faults.has('noSourceAddress') ? undefined : router?.sourceAddress;
    },
    interfaceIndex: (name) => view.interfaces.named(name)?.ifindex,
    ...trackingRuntime(view),
  };
}

/** What awaits first results is shown like a fault, though it is told as none. */
const STATES = { ...toldStates, initialize: 'FAULT' } as const;
/** In keepalived's order. */
const FAULT_TEXTS = {
  interfaceDown: 'i/f down',
  virtualInterfaceDown: 'i/f down',
  noSourceAddress: 'no source IP address',
  sourceAddressAbsent: 'no source IP address',
  configuration: 'config error',
} satisfies Partial<Record<FaultReason, string>>;

function instanceRuntime(router: VirtualRouter, view: VrrpView): InstanceRuntime {
  const { instance, state, faults } = router;
  const { memory } = state;
  const name = STATES[state.name];
  // What is tracked has a kind and a name.
  const trackerFaults = [...faults].filter((reason) => reason.includes(' ')).length;
  const present = Object.entries(FAULT_TEXTS).filter(([reason]) => faults.has(reason as FaultReason));
  const interfaceFaults = [...new Set(present.map(([, text]) => text))];
  const due = deadline(state);
  const sockets = view.descriptors(instance);
  return {
    state: name,
    wantedState: wantedState(router),
    ...(memory.masterAddress !== undefined && { masterAddress: memory.masterAddress }),
    masterPriority: memory.masterPriority,
    masterAdvertInterval: memory.masterAdverInterval,
    trackerFaults,
    interfaceFaults,
    scriptsAwaited: router.waitingFor,
    lastTransition: router.milestones.transition + view.wallOffset,
    ...(due !== undefined && { readTimeout: due + view.wallOffset }),
    masterDownTimer: memory.masterDownTimer,
    effectivePriority: router.effectivePriority,
    totalPriority: router.totalPriority,
    highestOtherPriority: memory.highestOtherPriority,
    lastAdvertSent: memory.lastAdvertSent === undefined ? 0 : memory.lastAdvertSent + view.wallOffset,
    restored: view.restored(instance),
    holdsAddresses: router.holdsAddresses,
    ...(sockets && { sockets }),
    statistics: memory.statistics,
  };
}

/**
 * What a router wants that has never been able to work is what it is configured to be. One that its sync group holds back
 * wants what it would be without.
 */
export function wantedState({ state, faults, instance }: VirtualRouter): InstanceRuntime['wantedState'] {
  const configured = instance.initialState === 'master' ? 'MASTER' : 'BACKUP';
  if (state.name === 'initialize' || faults.has('configuration')) return configured;
  if (state.name === 'fault' && state.heldBack) return 'BACKUP';
  if (state.name === 'backup' && state.wantsMaster) return 'MASTER';
  return STATES[state.name];
}

/** Instances that share descriptors share a socket, which has them by their numbers. */
function socketRuntimes(view: VrrpView): SocketRuntime[] {
  const byDescriptor = new Map<number, { socket: SocketRuntime; instances: SocketRuntime['instances'][number][] }>();
  for (const router of view.routers) {
    const { instance } = router;
    const descriptors = view.descriptors(instance);
    if (!descriptors) continue;
    const { name, virtualRouterId } = instance;
    const known = byDescriptor.get(descriptors[0]);
    if (known) {
      known.instances.push({ name, virtualRouterId });
      continue;
    }
    const instances = [{ name, virtualRouterId }];
    byDescriptor.set(descriptors[0], { socket: socketRuntime(router, descriptors, view, instances), instances });
  }
  return [...byDescriptor.values()].map(({ socket, instances }) => ({
    ...socket,
    instances: instances.toSorted((one, other) => one.virtualRouterId - other.virtualRouterId),
  }));
}

function socketRuntime(
  { instance, sourceAddress }: VirtualRouter,
  descriptors: readonly [number, number],
  view: VrrpView,
  instances: SocketRuntime['instances'],
): SocketRuntime {
  const source = instance.unicast ? (instance.sourceAddress ?? sourceAddress) : undefined;
  return {
    descriptors,
    interface: instance.vmacTransmitBase ? instance.interface : (instance.vmac?.name ?? instance.interface),
    ...(instance.vrf !== undefined && { vrf: instance.vrf }),
    family: instance.family,
    protocol: instance.authentication.type === 'ah' ? 'AH' : 'VRRP',
    ...(source !== undefined && { unicastAddress: source }),
    receiveBuffer: view.receiveBuffer(instance),
    instances,
  };
}
