import type { Config, VrrpInstance } from '../config/types.ts';
import { DeadlineHeap } from '../lib/deadline-heap.ts';
import { diffByKey } from '../lib/diff.ts';
import { after, type Instant, seconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import { wallOffset } from '../os/clock.ts';
import { openPacketSocket } from '../os/packet-socket.ts';
import { openTimer } from '../os/timer.ts';
import { atEndOfTurn } from '../os/turn.ts';
import type { Timer } from '../ports/timer.ts';
import type { ReceivedPacket } from '../vrrp/received.ts';
import { Announcer } from './announcer.ts';
import type { ChildContext } from './child.ts';
import { assignedAddresses, type InterfaceView, interfaceChanges } from './interface-changes.ts';
import { Interfaces } from './interfaces.ts';
import { rehearseTakeover } from './rehearsal.ts';
import { openRouteKernel, type RouteEvent, type RouteKernel } from './route-kernel.ts';
import { stoppedLine } from './stopped-line.ts';
import { type RouterEffects, VirtualRouter } from './virtual-router.ts';
import { VrrpNotifier } from './vrrp-notifier.ts';
import { VrrpReports } from './vrrp-reports.ts';
import type { VrrpView } from './vrrp-snapshot.ts';
import { VrrpSockets } from './vrrp-sockets.ts';

/** Time for the kernel to send the IGMP leaves before the process goes. */
const LEAVE_TIME = seconds(1);

/** Runs the VRRP child until it is told to stop. */
export function runVrrpProcess(context: ChildContext): void {
  const vrrp = new VrrpProcess(context);
  context.onReload((config) => vrrp.reload(config));
  context.onStop(() => vrrp.stop());
  const reports = new VrrpReports(context, () => vrrp.view());
  context.onSignal((signal) => reports.asked(signal));
  context.onDescribe(() => reports.describe());
  vrrp.start();
}

/** The loop: one event at a time goes to a virtual router, then its next deadline goes into the heap. */
class VrrpProcess {
  readonly #context: ChildContext;
  readonly #kernel: RouteKernel;
  readonly #interfaces: Interfaces;
  readonly #sockets: VrrpSockets;
  readonly #announcer: Announcer;
  readonly #notifier: VrrpNotifier;
  readonly #timer: Timer;
  readonly #deadlines = new DeadlineHeap<VirtualRouter | Announcer>();
  readonly #effects: RouterEffects;
  #config: Config;
  #routers: readonly VirtualRouter[] = [];
  #byVirtualRouterId: ReadonlyMap<string, VirtualRouter> = new Map();
  #listeningFrom: Instant;

  constructor(context: ChildContext) {
    this.#context = context;
    this.#config = context.config;
    context.log({ level: 'info', message: 'Registering Kernel netlink reflector', detail: true });
    context.log({ level: 'info', message: 'Registering Kernel netlink command channel', detail: true });
    this.#kernel = openRouteKernel(context.log);
    this.#interfaces = new Interfaces(this.#kernel.links(), this.#kernel.addresses());
    context.log({ level: 'info', message: 'Registering gratuitous ARP shared channel', detail: true });
    this.#announcer = new Announcer(this.#config.global, openPacketSocket(), this.#interfaces, context.log);
    this.#notifier = new VrrpNotifier(context.log, ({ subject, body }) => context.mail(subject, body));
    this.#sockets = new VrrpSockets(this.#interfaces, context.log, (name, packet, arrivedAt) =>
      this.#heard(name, packet, arrivedAt),
    );
    this.#timer = openTimer(() => this.#expired());
    this.#listeningFrom = this.#now();
    this.#effects = {
      log: context.log,
      now: () => this.#now(),
      sendAdvert: (instance, datagram) => this.#sockets.send(instance, datagram, instance.multicastGroup),
      addAddresses: (addresses) => this.#kernel.addAddresses(addresses),
      removeAddresses: (addresses, purge) => this.#kernel.deleteAddresses(addresses, { purge }),
      announce: (announcements, rounds, now) => {
        this.#announcer.announce(announcements, rounds, now);
        this.#deadlines.set(this.#announcer, this.#announcer.deadline());
      },
      stopAnnouncing: (owner) => this.#announcer.drop(owner),
      notify: (notification) => this.#notifier.notify(notification),
    };
  }

  start(): void {
    const { global, instances } = this.#config;
    this.#notifier.configure(global);
    this.#announcer.configure(this.#config);
    this.#adopt(instances.map((instance) => this.#newRouter(instance)));
    for (const message of assignedAddresses(this.#views())) this.#context.log({ level: 'info', message, detail: true });
    if (global.startupDelay > 0) {
      this.#context.log({ level: 'info', message: `Delaying startup for ${global.startupDelay / 1e6} seconds` });
    }
    for (const router of this.#routers) router.purge();
    this.#listeningFrom = after(this.#now(), global.startupDelay);
    for (const router of this.#routers) this.#act(router, (now) => router.start(this.#listeningFrom, now));
    this.#sockets.configure(instances);
    this.#kernel.onEvent((event) => this.#kernelChanged(event));
    this.#arm();
    this.#context.ready();
    atEndOfTurn(() => rehearseTakeover(this.#config, this.#interfaces));
  }

  /** Masters speak first, so that nobody takes over meanwhile; then only what differs changes. */
  reload(config: Config): void {
    this.#context.log({ level: 'info', message: 'Reloading' });
    for (const router of this.#routers) this.#act(router, (now) => router.handle({ type: 'advertise' }, now));
    const { added, removed, kept } = diffByKey(this.#config.instances, config.instances, identity);
    this.#config = config;
    this.#notifier.configure(config.global);
    this.#announcer.configure(config);
    const survivors = new Map(this.#routers.map((router) => [identity(router.instance), router]));
    for (const instance of removed) {
      const router = survivors.get(identity(instance));
      if (!router) continue;
      this.#notifier.notify(router.shutdown('DELETED', true, this.#now()));
      this.#deadlines.delete(router);
      survivors.delete(identity(instance));
    }
    this.#sockets.configure(config.instances);
    for (const { after: instance } of kept) {
      const router = survivors.get(identity(instance));
      if (!router) continue;
      this.#act(router, (now) => router.reconfigure(instance, now));
      this.#followInterface(router);
    }
    for (const instance of added) {
      const router = this.#newRouter(instance);
      survivors.set(identity(instance), router);
      this.#act(router, (now) => router.start(now, now));
    }
    this.#adopt(config.instances.flatMap((instance) => survivors.get(identity(instance)) ?? []));
    this.#arm();
    this.#context.ready();
  }

  /** Every master releases before anybody is told, and the kernel gets time to leave the group. */
  stop(): void {
    this.#timer.close();
    this.#kernel.ignoreEvents();
    const release = !this.#context.options.dontReleaseVrrp;
    const now = this.#now();
    const told = this.#routers.map((router) => router.shutdown('STOP', release, now));
    this.#sockets.close();
    for (const notification of told) this.#notifier.notify(notification, { stopping: true });
    const farewell = openTimer(() => {
      farewell.close();
      this.#notifier.close();
      this.#announcer.close();
      this.#kernel.close();
      this.#context.log(stoppedLine(this.#context.options.logDetail));
      this.#context.exit(0);
    });
    farewell.arm(after(now, this.#routers.length > 0 ? LEAVE_TIME : LEAVE_TIME / 10));
  }

  /** What dumps may look at. */
  view(): VrrpView {
    return {
      config: this.#config,
      routers: this.#routers,
      interfaces: this.#interfaces,
      descriptors: (instance) => this.#sockets.descriptors(instance),
      wallOffset: wallOffset(),
    };
  }

  #adopt(routers: readonly VirtualRouter[]): void {
    this.#routers = routers;
    this.#byVirtualRouterId = new Map(
      routers.map((router) => [`${router.instance.interface} ${router.instance.virtualRouterId}`, router]),
    );
  }

  #newRouter(instance: VrrpInstance): VirtualRouter {
    const router = new VirtualRouter(instance, this.#effects);
    this.#followInterface(router);
    return router;
  }

  /** Tells a router what its interface is like now. */
  #followInterface(router: VirtualRouter): void {
    const { instance } = router;
    const up = this.#interfaces.isUp(instance.interface) || !instance.trackPrimaryInterface;
    const source = instance.sourceAddress ?? this.#ownAddress(instance);
    this.#act(router, (now) => {
      router.setFault('configuration', instance.configurationFault === true, now);
      router.setFault('interfaceDown', !up, now);
      router.useSourceAddress(source, now);
    });
  }

  /** The first address of its interface that is none of its virtual ones. */
  #ownAddress({ interface: name, family, virtualAddresses, excludedAddresses }: VrrpInstance): IpAddress | undefined {
    const virtual = new Set<IpAddress>(virtualAddresses.map(({ address }) => address));
    for (const { address } of excludedAddresses) virtual.add(address);
    return this.#interfaces.sourceAddress(name, family, virtual);
  }

  #views(): Map<string, InterfaceView> {
    return new Map(
      this.#routers.map(({ instance }) => {
        const { interface: name } = instance;
        const exists = this.#interfaces.named(name) !== undefined;
        return [name, { exists, up: this.#interfaces.isUp(name), address: this.#ownAddress(instance) }];
      }),
    );
  }

  /** Deadlines count from the packet's arrival, however late a busy process comes to it. */
  #heard(interfaceName: string, packet: ReceivedPacket, arrivedAt: Instant): void {
    if (arrivedAt < this.#listeningFrom) return;
    const router = this.#byVirtualRouterId.get(`${interfaceName} ${packet.virtualRouterId}`);
    if (router) this.#act(router, () => router.receive(packet, arrivedAt));
    else if (this.#config.global.logUnknownVrids) {
      const message = `Unknown VRID(${packet.virtualRouterId}) received on interface(${interfaceName}). ignoring...`;
      this.#context.log({ level: 'info', message });
    }
    this.#arm();
  }

  #kernelChanged(event: RouteEvent): void {
    if (event.type === 'address' && event.own) {
      this.#interfaces.update(event);
      return;
    }
    const before = this.#views();
    this.#interfaces.update(event);
    for (const message of interfaceChanges(before, this.#views())) this.#context.log({ level: 'info', message });
    if (event.type !== 'address') this.#sockets.configure(this.#config.instances);
    for (const router of this.#routers) this.#followInterface(router);
    this.#noticeLostAddresses(event);
    this.#arm();
  }

  #noticeLostAddresses(event: RouteEvent): void {
    if (event.type === 'address' && event.change === 'gone') {
      const name = this.#interfaces.nameOf(event.address.ifindex);
      if (name === undefined) return;
      const { address } = event.address;
      if (this.#routers.some((router) => router.holdsAddresses && router.hasAddress(address, name))) {
        const message = `Netlink reflector reports IP ${address} removed from ${name}`;
        this.#context.log({ level: 'info', message, detail: true });
      }
      for (const router of this.#routers) {
        this.#act(router, (now) => router.addressRemoved(address, name, now));
      }
    }
    if (event.type !== 'resync') return;
    for (const router of this.#routers) {
      const missing = router.instance.virtualAddresses.find(
        (own) => !this.#interfaces.holds(own.interface, own.address),
      );
      if (missing) this.#act(router, (now) => router.addressRemoved(missing.address, missing.interface, now));
    }
  }

  /**
   * Whatever arrived before the deadline counts, even if we come to it only now. Announcements that are left over get
   * one turn each time, after the routers.
   */
  #expired(): void {
    this.#sockets.drain();
    const now = this.#now();
    let announcing = false;
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      const router = due;
      if (router instanceof Announcer) announcing = true;
      else this.#act(router, () => router.expire(now));
    }
    if (announcing) this.#announcer.expire(now);
    this.#deadlines.set(this.#announcer, this.#announcer.deadline());
    this.#arm();
  }

  #act(router: VirtualRouter, step: (now: Instant) => void): void {
    step(this.#now());
    this.#deadlines.set(router, router.deadline());
  }

  #arm(): void {
    this.#timer.arm(this.#deadlines.earliest());
  }

  #now(): Instant {
    return this.#context.clock.now();
  }
}

/** What makes two instances of different configurations the same virtual router; the name does not. */
function identity({ virtualRouterId, family, interface: name, multicastGroup }: VrrpInstance): string {
  return `${virtualRouterId} ${family} ${name} ${multicastGroup}`;
}
