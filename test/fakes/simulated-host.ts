import type { SyncGroup, TrackedItem, VrrpInstance } from '../../src/config/types.ts';
import { noRouting } from '../../src/daemon/vrrp/instance-routing.ts';
import { SyncGroups } from '../../src/daemon/vrrp/sync-groups.ts';
import type { RouterEffects } from '../../src/daemon/vrrp/router-effects.ts';
import { VirtualRouter } from '../../src/daemon/vrrp/virtual-router.ts';
import { type Instant, instant } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { effectOfStatus } from '../../src/track/effect.ts';
import { decodeIpv4, decodeIpv6 } from '../../src/vrrp/received.ts';
import type { Datagram } from '../../src/vrrp/transmit.ts';

export interface SimulatedHostOptions {
  readonly address: IpAddress;
  readonly instances: readonly VrrpInstance[];
  readonly groups: readonly SyncGroup[];
  now(): Instant;
  transmit(datagram: Datagram): void;
}

/** One machine: its virtual routers and sync groups as the daemon has them, real packets in and out. */
export class SimulatedHost {
  readonly address: IpAddress;
  readonly routers: readonly VirtualRouter[];
  readonly #options: SimulatedHostOptions;
  readonly #byIdentifier: ReadonlyMap<number, VirtualRouter>;
  #down = false;

  constructor(options: SimulatedHostOptions) {
    this.#options = options;
    this.address = options.address;
    this.routers = options.instances.map((instance) => new VirtualRouter(instance, this.#effects()));
    this.#byIdentifier = new Map(this.routers.map((router) => [router.instance.virtualRouterId, router]));
    const groups = new SyncGroups({ log() {}, act: (_, step) => step(options.now()), notify() {} });
    for (const router of this.routers) router.useSourceAddress(options.address, options.now());
    groups.configure(options.groups, this.routers, false);
    groups.start(this.routers, options.now());
  }

  deadline(): Instant | undefined {
    let earliest: Instant | undefined;
    for (const router of this.routers) {
      const at = router.deadline();
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  }

  expire(): void {
    const now = this.#options.now();
    for (const router of this.routers) if ((router.deadline() ?? Number.POSITIVE_INFINITY) <= now) router.expire(now);
  }

  receive({ bytes, destination }: Datagram, source: IpAddress): void {
    if (this.#down) return;
    const packet = bytes[0] === 0x45 ? decodeIpv4(bytes) : decodeIpv6(bytes, { source, destination, hopLimit: 255 });
    if (packet) this.#byIdentifier.get(packet.virtualRouterId)?.receive(packet, this.#options.now());
  }

  setLink(up: boolean): void {
    this.#down = !up;
    for (const router of this.routers) router.setFault('interfaceDown', !up, this.#options.now());
  }

  track(item: TrackedItem, good: boolean): void {
    const effect = effectOfStatus(item, good ? 'up' : 'down');
    for (const router of this.routers) router.track(`script ${item.name}`, effect, this.#options.now());
  }

  /** Every master says that it leaves. */
  stop(): void {
    for (const router of this.routers) router.shutdown('STOP', true, this.#options.now());
  }

  #effects(): RouterEffects {
    const { now, transmit } = this.#options;
    return {
      log() {},
      detailed: true,
      now,
      wallClock: () => instant(now()),
      hashes: { md5: () => new Uint8Array(16), sha256: () => new Uint8Array(32) },
      linkIsDown: () => false,
      sendAdvert: (_, __, { bytes, destination }) => {
        // A router uses the bytes of its last advert again.
        if (!this.#down) transmit({ bytes: bytes.slice(), destination });
        return 0;
      },
      addAddresses() {},
      removeAddresses() {},
      routing: noRouting,
      announce() {},
      hasVirtualMac: () => false,
      stopAnnouncing() {},
      notify() {},
      limitLinkDelays() {},
      complained() {},
    };
  }
}
