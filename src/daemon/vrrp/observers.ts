import type { GlobalConfig, VrrpInstance } from '../../config/types.ts';
import type { RouterIndex } from '../../ipc/observation.ts';
import { instant, seconds } from '../../lib/duration.ts';
import type { StateChange } from '../../notify/vrrp.ts';
import type { PacketComplaint } from '../../vrrp/complaint.ts';
import { authenticationErrorOf, protocolErrorOf } from '../../vrrp/refusal.ts';
import type { ChildContext } from '../child.ts';
import { isObserved } from './observed.ts';
import type { VirtualRouter } from './virtual-router.ts';
import type { VrrpView } from './vrrp-snapshot.ts';

/** Refused packets that traps tell of in a second; of a flood the rest goes untold. */
const REFUSALS_PER_SECOND = 100;
const SECOND = seconds(1);

type ObserversContext = Pick<ChildContext, 'log' | 'tellObserver' | 'clock'>;

/** Tells those who watch from outside, on D-Bus and by SNMP traps, and says in the log what it tells by traps. */
export class Observers {
  readonly #context: ObserversContext;
  readonly #view: () => Pick<VrrpView, 'config' | 'routers' | 'interfaces'>;
  #shown = false;
  #refusals = { since: instant(0), count: 0 };

  /** `view` is not asked before something happens. */
  constructor(context: ObserversContext, view: () => Pick<VrrpView, 'config' | 'routers' | 'interfaces'>) {
    this.#context = context;
    this.#view = view;
  }

  /** At the start and at reloads. */
  configure({ snmp: { vrrp, rfcV2, rfcV3 } }: GlobalConfig): void {
    const shown = vrrp || rfcV2 || rfcV3;
    if (shown && !this.#shown) {
      this.#context.log({ level: 'info', message: 'Starting SNMP subagent' });
      this.#context.tellObserver({ type: 'shown' });
    }
    this.#shown = shown;
  }

  changed(change: StateChange): void {
    const { global } = this.#view().config;
    if (!isObserved(global)) return;
    const { object, name, state } = change;
    const { snmp } = global;
    const who = object === 'group' ? `VRRP_Group(${name}):` : `(${name})`;
    if (snmp.traps && snmp.vrrp) this.#say(`${who} Sending SNMP notification`);
    const router = object === 'instance' && state === 'MASTER' ? this.#router(name) : undefined;
    if (router === undefined) {
      this.#context.tellObserver({ type: 'changed', ...change });
      return;
    }
    const { sourceAddress, state: machine } = router;
    const reason = machine.memory.newMasterReason;
    const index = this.#index(router.instance);
    if (snmp.traps && snmp.rfcV2 && index.version === 2)
      this.#say(`${who} Sending SNMP notification vrrpTrapNewMaster`);
    if (snmp.traps && snmp.rfcV3) {
      this.#say(`${who} Sending SNMP notification vrrpv3NotifyNewMaster, reason ${REASONS[reason]}`);
    }
    const newMaster = { ...index, reason, ...(sourceAddress !== undefined && { sourceAddress }) };
    this.#context.tellObserver({ type: 'changed', ...change, newMaster });
  }

  /** A packet was refused, or taken with a doubt. */
  complained(instance: VrrpInstance, complaint: PacketComplaint): void {
    const { traps, rfcV2, rfcV3 } = this.#view().config.global.snmp;
    if (!traps) return;
    const authentication = rfcV2 ? authenticationErrorOf(complaint) : undefined;
    const reason = authentication ?? (rfcV3 ? protocolErrorOf(complaint) : undefined);
    if (reason === undefined || this.#isFlood()) return;
    const name = authentication === undefined ? 'vrrpTrapProtoError' : 'vrrpTrapAuthFailure';
    this.#say(`(${instance.name}) Sending SNMP notification ${name}`);
    this.#context.tellObserver({ type: 'refused', ...this.#index(instance), from: complaint.from, reason });
  }

  #isFlood(): boolean {
    const now = this.#context.clock.now();
    if (now - this.#refusals.since >= SECOND) this.#refusals = { since: now, count: 0 };
    this.#refusals.count += 1;
    return this.#refusals.count > REFUSALS_PER_SECOND;
  }

  #router(name: string): VirtualRouter | undefined {
    return this.#view().routers.find(({ instance }) => instance.name === name);
  }

  #index(instance: VrrpInstance): RouterIndex {
    const { version, family, virtualRouterId, interface: base } = instance;
    const interfaceIndex = this.#view().interfaces.named(base)?.ifindex ?? 0;
    return { version, family, virtualRouterId, interfaceIndex };
  }

  #say(message: string): void {
    this.#context.log({ level: 'info', message, detail: true });
  }
}

/** As RFC 6527 numbers them. */
const REASONS = { notMaster: 0, priority: 1, preempted: 2, masterNoResponse: 3 } as const;
