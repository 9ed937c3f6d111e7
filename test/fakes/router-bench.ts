import type { SyncGroup, TrackedItem, VrrpInstance } from '../../src/config/types.ts';
import { type RouterEffects, VirtualRouter } from '../../src/daemon/virtual-router.ts';
import { SyncGroups } from '../../src/daemon/sync-groups.ts';
import { type Instant, instant } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { effectOfStatus, type TrackStatus } from '../../src/track/effect.ts';
import type { TrackKey } from '../../src/track/items.ts';

/** Of an IPv4 datagram with a VRRP packet. */
const PRIORITY_OFFSET = 22;

/** Virtual routers and sync groups of one host on a virtual clock; what they tell is kept. */
export class RouterBench {
  readonly fifo: string[] = [];
  readonly adverts: string[] = [];
  readonly log: string[] = [];
  readonly groups: SyncGroups;
  readonly #routers: readonly VirtualRouter[];
  #now = instant(1_000_000);

  constructor(instances: readonly VrrpInstance[], groups: readonly SyncGroup[]) {
    this.#routers = instances.map((one) => new VirtualRouter(one, this.#effects()));
    this.groups = new SyncGroups({
      log: ({ message }) => void this.log.push(message),
      act: (_, step) => step(this.#now),
      notify: ({ fifoLine }) => this.#told(fifoLine),
    });
    for (const router of this.#routers) router.useSourceAddress('10.9.0.1' as IpAddress, this.#now);
    this.groups.configure(groups, this.#routers, false);
  }

  router(name: string): VirtualRouter {
    const router = this.#routers.find(({ instance }) => instance.name === name);
    if (!router) throw new Error(`no router ${name}`);
    return router;
  }

  /** Before the start: what the routers track. */
  tracks(name: string, item: TrackedItem, status: TrackStatus): void {
    this.router(name).replaceTracked(new Map([[keyOf(item), effectOfStatus(item, status)]]));
  }

  /** After a change of its faults before the start. */
  regroup(groups: readonly SyncGroup[]): void {
    this.groups.configure(groups, this.#routers, false);
  }

  start(): void {
    this.groups.start(this.#routers, this.#now);
  }

  track(name: string, item: TrackedItem, status: TrackStatus): void {
    this.router(name).track(keyOf(item), effectOfStatus(item, status), this.#now);
  }

  setLink(name: string, up: boolean): void {
    this.router(name).setFault('interfaceDown', !up, this.#now);
  }

  hear(name: string, priority: number): void {
    const advert = { source: '10.9.0.9' as IpAddress, priority };
    this.router(name).handle({ type: 'advert', advert }, this.#now);
  }

  loseAddress(name: string): void {
    this.router(name).handle({ type: 'addressLost' }, this.#now);
  }

  /** Lets time pass; every deadline happens when it comes. */
  run(seconds: number): void {
    const until = this.#now + Math.round(seconds * 1e6);
    for (let next = this.#earliest(); next !== undefined && next.at <= until; next = this.#earliest()) {
      this.#now = instant(Math.max(this.#now, next.at));
      next.router.expire(this.#now);
    }
    this.#now = instant(until);
  }

  /** The FIFO lines since the last call, without quotes. */
  told(): string[] {
    return this.fifo.splice(0);
  }

  #earliest(): { router: VirtualRouter; at: Instant } | undefined {
    let first: { router: VirtualRouter; at: Instant } | undefined;
    for (const router of this.#routers) {
      const at = router.deadline();
      if (at !== undefined && (first === undefined || at < first.at)) first = { router, at };
    }
    return first;
  }

  #told(line: string): void {
    if (line !== '') this.fifo.push(line.trimEnd().replaceAll('"', ''));
  }

  #effects(): RouterEffects {
    return {
      log: ({ message }) => void this.log.push(message),
      now: () => this.#now,
      wallClock: () => 0,
      hashes: { md5: () => new Uint8Array(16), sha256: () => new Uint8Array(32) },
      sendAdvert: ({ name }, _, { bytes }) => {
        this.adverts.push(`${name} ${bytes[PRIORITY_OFFSET]}`);
        return 0;
      },
      addAddresses() {},
      removeAddresses() {},
      announce() {},
      stopAnnouncing() {},
      notify: ({ fifoLine }) => this.#told(fifoLine),
    };
  }
}

function keyOf({ name }: TrackedItem): TrackKey {
  return `script ${name}`;
}
