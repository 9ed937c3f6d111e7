import type { SyncGroup, TrackedItem, VrrpInstance } from '../../src/config/types.ts';
import { SyncGroups } from '../../src/daemon/vrrp/sync-groups.ts';
import { noRouting } from '../../src/daemon/vrrp/instance-routing.ts';
import type { RouterEffects } from '../../src/daemon/vrrp/router-effects.ts';
import { VirtualRouter } from '../../src/daemon/vrrp/virtual-router.ts';
import { DeadlineHeap } from '../../src/lib/deadline-heap.ts';
import { type Instant, instant } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { effectOfStatus, type TrackStatus } from '../../src/track/effect.ts';
import type { TrackKey } from '../../src/track/items.ts';

/** Of an IPv4 datagram with a VRRP packet. */
const PRIORITY_OFFSET = 22;
const OURS = '10.9.0.1' as IpAddress;
const OTHERS = '10.9.0.9' as IpAddress;

/** Virtual routers and sync groups of one host on a virtual clock; what they tell is kept. */
export class RouterBench {
  readonly fifo: string[] = [];
  readonly adverts: string[] = [];
  readonly log: string[] = [];
  readonly groups: SyncGroups;
  readonly routers: readonly VirtualRouter[];
  readonly #deadlines = new DeadlineHeap<VirtualRouter>();
  now = instant(1_000_000);
  /** Called for every advert that leaves. */
  transmit: (name: string, priority: number) => void = () => {};

  constructor(instances: readonly VrrpInstance[], groups: readonly SyncGroup[], address = OURS) {
    this.routers = instances.map((one) => new VirtualRouter(one, this.#effects()));
    this.groups = new SyncGroups({
      log: ({ message }) => void this.log.push(message),
      act: (router, step) => this.#act(router, step),
      notify: ({ fifoLine }) => this.#told(fifoLine),
    });
    for (const router of this.routers) router.useSourceAddress(address, this.now);
    this.regroup(groups);
  }

  router(name: string): VirtualRouter {
    const router = this.routers.find(({ instance }) => instance.name === name);
    if (!router) throw new Error(`no router ${name}`);
    return router;
  }

  /** Before the start: what the routers track. */
  tracks(name: string, item: TrackedItem, status: TrackStatus): void {
    this.router(name).replaceTracked(new Map([[keyOf(item), effectOfStatus(item, status)]]));
  }

  /** After a change of its faults before the start. */
  regroup(groups: readonly SyncGroup[]): void {
    this.groups.configure(groups, this.routers, false);
  }

  start(): void {
    this.groups.start(this.routers, this.now);
  }

  track(name: string, item: TrackedItem, status: TrackStatus): void {
    const router = this.router(name);
    this.#act(router, (now) => router.track(keyOf(item), effectOfStatus(item, status), now));
  }

  setLink(name: string, up: boolean): void {
    const router = this.router(name);
    this.#act(router, (now) => router.setFault('interfaceDown', !up, now));
  }

  hear(name: string, priority: number, source = OTHERS): void {
    const router = this.router(name);
    this.#act(router, (now) => router.handle({ type: 'advert', advert: { source, priority } }, now));
  }

  loseAddress(name: string): void {
    const router = this.router(name);
    this.#act(router, (now) => router.handle({ type: 'addressLost' }, now));
  }

  /** Lets time pass; every deadline happens when it comes. */
  run(seconds: number): void {
    const until = this.now + Math.round(seconds * 1e6);
    for (let at = this.deadline(); at !== undefined && at <= until; at = this.deadline()) this.expire(at);
    this.now = instant(until);
  }

  /** The earliest of all routers. */
  deadline(): Instant | undefined {
    return this.#deadlines.earliest();
  }

  /** The router whose deadline is the earliest, at that time. */
  expire(at: Instant): void {
    this.now = instant(Math.max(this.now, at));
    const due = this.#deadlines.takeDue(this.now);
    if (due) this.#act(due, (now) => due.expire(now));
  }

  /** The FIFO lines since the last call, without quotes. */
  told(): string[] {
    return this.fifo.splice(0);
  }

  #act(router: VirtualRouter, step: (now: Instant) => void): void {
    step(this.now);
    this.#deadlines.set(router, router.deadline());
  }

  #told(line: string): void {
    if (line !== '') this.fifo.push(line.trimEnd().replaceAll('"', ''));
  }

  #effects(): RouterEffects {
    return {
      log: ({ message }) => void this.log.push(message),
      detailed: true,
      now: () => this.now,
      wallClock: () => 0,
      hashes: { md5: () => new Uint8Array(16), sha256: () => new Uint8Array(32) },
      linkIsDown: () => false,
      sendAdvert: ({ name }, _, { bytes }) => {
        const priority = bytes[PRIORITY_OFFSET] as number;
        this.adverts.push(`${name} ${priority}`);
        this.transmit(name, priority);
        return 0;
      },
      addAddresses() {},
      removeAddresses() {},
      routing: noRouting,
      announce() {},
      hasVirtualMac: () => false,
      stopAnnouncing() {},
      notify: ({ fifoLine }) => this.#told(fifoLine),
      limitLinkDelays() {},
      complained() {},
    };
  }
}

function keyOf({ name }: TrackedItem): TrackKey {
  return `script ${name}`;
}
