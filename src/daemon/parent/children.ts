import type { BfdEvent, Role } from '../../ipc/messages.ts';
import type { Duration } from '../../lib/duration.ts';
import { ChildSlot, type SlotHost } from './child-slot.ts';
import { type ParentWorld, waitUntil } from './parent-world.ts';

/** What the children need from the parent, but for what they need from each other. */
export type ChildrenHost = Omit<SlotHost, 'stopped' | 'bfdChanged' | 'bfdStates'>;

/** The places of all child processes. What one tells of BFD sessions goes to the others. */
export class Children {
  readonly #slots: Readonly<Record<Role, ChildSlot>>;
  /** In the order in which they are told to stop. */
  readonly all: readonly ChildSlot[];
  /** In the order in which they are started, and read the configuration. */
  readonly readers: readonly ChildSlot[];
  readonly #world: ParentWorld;
  readonly #bfdStates = new Map<string, BfdEvent>();
  #stopped: () => void = () => {};

  constructor(world: ParentWorld, host: ChildrenHost) {
    this.#world = world;
    const slotHost: SlotHost = {
      ...host,
      stopped: () => this.#stopped(),
      bfdChanged: (event) => {
        this.#bfdStates.set(event.name, event);
        for (const slot of this.all) slot.tell(event);
      },
      bfdStates: () => this.#bfdStates.values(),
    };
    const slot = (role: Role): ChildSlot => new ChildSlot(role, slotHost);
    this.#slots = { vrrp: slot('vrrp'), checker: slot('checker'), bfd: slot('bfd') };
    const { vrrp, checker, bfd } = this.#slots;
    this.all = [vrrp, checker, bfd];
    this.readers = [checker, vrrp, bfd];
  }

  of(role: Role): ChildSlot {
    return this.#slots[role];
  }

  /** Those that have something to do. */
  get wanted(): readonly ChildSlot[] {
    return this.all.filter((slot) => slot.wanted);
  }

  get settled(): boolean {
    return this.all.every((slot) => slot.settled);
  }

  /** Resolves when all are gone, or after `limit`. */
  async awaitEnd(limit: Duration): Promise<void> {
    const gone = (): boolean => this.all.every((slot) => slot.gone);
    if (gone()) return;
    await waitUntil(this.#world, limit, (wake) => {
      this.#stopped = () => {
        if (gone()) wake();
      };
    });
    this.#stopped = () => {};
  }
}
