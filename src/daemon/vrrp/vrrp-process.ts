import type { Config, VrrpInstance } from '../../config/types.ts';
import type { AdjustRequest } from '../../ipc/observation.ts';
import { diffByKey } from '../../lib/diff.ts';
import { after, type Duration, type Instant, laterOf, seconds } from '../../lib/duration.ts';
import { wallOffset } from '../../os/clock.ts';
import { LocalIgmpReports } from '../../os/igmp-reports.ts';
import { openPacketSocket } from '../../os/sockets/packet-socket.ts';
import { uptime } from '../../os/system-facts.ts';
import { openTimer } from '../../os/timer.ts';
import type { ReceivedPacket } from '../../vrrp/received.ts';
import { hearsOnOwnAddress, sourceOf } from './advert-source.ts';
import { ArrivedAddresses } from './address-changes.ts';
import { AddressMonitor } from './address-monitor.ts';
import { adjusted } from './adjustment.ts';
import { Announcer } from './announcer.ts';
import { Carriers } from './carriers.ts';
import { concerns } from './concerned-links.ts';
import type { ChildContext } from '../child.ts';
import { Holdings } from './holdings.ts';
import { identities } from './instance-identity.ts';
import type { InterfaceView } from './interface-changes.ts';
import { FollowedInterfaces } from './followed-interfaces.ts';
import { sayInitialFaults } from './initial-faults.ts';
import { showInterface } from './interface-state.ts';
import { interfaceViews } from './interface-views.ts';
import { Interfaces } from './interfaces.ts';
import { removeLeftovers } from './leftovers.ts';
import type { Observers } from './observers.ts';
import { LinkStates } from './link-states.ts';
import { machineEffects } from './machine-effects.ts';
import { sizedNetlink } from '../netlink-buffers.ts';
import { openConfiguredIpvs } from '../open-ipvs.ts';
import { prepareTakeovers, rehearse, rehearseFirst } from './rehearsal.ts';
import { openAddressKernel, type InterfaceEvent, type AddressKernel } from './address-kernel.ts';
import { SourceWatch } from './source-watch.ts';
import { startupDelay, startupDelayLine } from './startup-delay.ts';
import { stoppedLine } from '../stopped-line.ts';
import { FollowingSyncDaemon } from '../sync-daemon.ts';
import { SyncGroups } from './sync-groups.ts';
import { Tracking } from './tracking.ts';
import type { RouterEffects } from './router-effects.ts';
import { RouterLoop } from './router-loop.ts';
import { isWorking } from '../../vrrp/state.ts';
import { VirtualRouter } from './virtual-router.ts';
import { VrrpNotifier } from './vrrp-notifier.ts';
import type { VrrpView } from './vrrp-snapshot.ts';
import { VrrpSockets } from './vrrp-sockets.ts';

/** Time for the kernel to send the IGMP leaves before the process goes. */
const LEAVE_TIME = seconds(1);

/** Virtual routers with what they need of this machine: who is told of what, at start, reload and stop. */
export class VrrpProcess {
  readonly #context: ChildContext;
  readonly #now = (): Instant => this.#context.clock.now();
  readonly #kernel: AddressKernel;
  readonly #interfaces: Interfaces;
  readonly #links: LinkStates;
  readonly #addressMonitor: AddressMonitor;
  readonly #groups: SyncGroups;
  readonly #tracking: Tracking;
  readonly #sockets: VrrpSockets<VirtualRouter>;
  readonly #carriers: Carriers;
  readonly #holdings: Holdings;
  readonly #announcer: Announcer;
  readonly #notifier: VrrpNotifier;
  readonly #loop: RouterLoop;
  readonly #syncDaemon: FollowingSyncDaemon;
  readonly #igmpReports = new LocalIgmpReports();
  readonly #effects: Omit<RouterEffects, 'routing'>;
  #config: Config;
  #routers: readonly VirtualRouter[] = [];
  readonly #followed: FollowedInterfaces;
  readonly #sources: SourceWatch;
  #listeningFrom: Instant;

  constructor(context: ChildContext, observers: Observers) {
    this.#context = context;
    this.#config = context.config;
    const { clock, log, options } = context;
    for (const channel of ['reflector', 'command channel'])
      log({ level: 'info', message: `Registering Kernel netlink ${channel}`, detail: true });
    context.sayFindings();
    const { vrrpCommand, vrrpMonitor } = this.#config.global.receiveBuffers;
    const openSocket = sizedNetlink(vrrpCommand, vrrpMonitor);
    this.#kernel = openAddressKernel(log, { openSocket });
    this.#interfaces = new Interfaces(this.#kernel.links(), this.#kernel.addresses());
    this.#addressMonitor = new AddressMonitor(context.options.addressMonitoring, this.#interfaces, log);
    this.#addressMonitor.begin();
    this.#followed = new FollowedInterfaces(log);
    const routers = () => this.#routers;
    this.#sources = new SourceWatch({ interfaces: this.#interfaces, followed: this.#followed, routers });
    this.#carriers = new Carriers(this.#config, this.#interfaces, log);
    const openIpvs = () => openConfiguredIpvs(log, this.#config.global.netNamespaceIpvs);
    this.#syncDaemon = new FollowingSyncDaemon(openIpvs, log);
    const act = (router: VirtualRouter, step: (now: Instant) => void) => this.#loop.actAlone(router, step);
    this.#links = new LinkStates(clock, this.#interfaces, log, () => this.#followLinks());
    this.#groups = new SyncGroups({ log, act, notify: (notification) => this.#notifier.notify(notification) });
    this.#tracking = new Tracking({ clock, log, act, routers, isUp: (name) => this.#links.isUp(name) });
    this.#announcer = new Announcer(this.#config.global, openPacketSocket(), this.#interfaces, log, options.logDetail);
    const saysAddresses = options.addressMonitoring;
    const holder = { log, act, routers, saysAddresses, interfaces: this.#interfaces, addresses: this.#kernel };
    this.#holdings = new Holdings(holder, openSocket);
    this.#notifier = new VrrpNotifier(log, context.mail, (change) => observers.changed(change));
    this.#sockets = new VrrpSockets<VirtualRouter>(this.#interfaces, context.log, {
      heard: (router, packet, arrivedAt, countRepeats) => {
        if (this.#heard(router, packet, arrivedAt)) router.hearRepeats(countRepeats());
      },
    });
    const loop = {
      now: this.#now,
      due: (deadline: Instant | undefined) => this.#due(deadline),
      acted: (router: VirtualRouter) => this.#syncDaemon.follow(router),
      rehearse: ({ instance }: VirtualRouter) => rehearse(instance, this.#config.global, this.#interfaces),
    };
    this.#loop = new RouterLoop(loop, this.#announcer);
    this.#listeningFrom = this.#now();
    this.#effects = machineEffects({
      now: this.#now,
      log,
      detailed: options.logDetail,
      kernel: this.#kernel,
      interfaces: this.#interfaces,
      links: this.#links,
      sockets: this.#sockets,
      carriers: this.#carriers,
      announcer: this.#announcer,
      announcing: () => this.#loop.announcerChanged(),
      notify: (notification) => this.#notifier.notify(notification),
      complained: (instance, complaint) => observers.complained(instance, complaint),
    });
  }

  start(): boolean {
    if (!this.#syncDaemon.configure(this.#config)) return false;
    const { global, instances } = this.#config;
    this.#notifier.configure(global);
    this.#announcer.configure(this.#config);
    this.#igmpReports.disable(global.disableLocalIgmp);
    this.#carriers.configure(this.#config);
    this.#links.configure(this.#config);
    this.#tracking.configure(this.#config);
    this.#interfaces.knowVirtual(instances);
    this.#routers = [...this.#identities(instances)].map(([instance, identity]) => this.#newRouter(instance, identity));
    this.#groups.configure(this.#config.syncGroups, this.#routers, false);
    this.#beginFollowing();
    sayInitialFaults(this.#routers, this.#config, this.#interfaces, this.#context.log);
    for (const router of this.#routers) this.#loop.act(router, (now) => router.announcePriority(now));
    this.#groups.sayFaults(this.#routers);
    this.#tracking.sayUnused();
    this.#followed.sayChannels(instances);
    const delay = startupDelay(global, uptime());
    if (delay > 0) this.#context.log({ level: 'info', message: startupDelayLine(delay) });
    this.#holdings.purge(this.#config);
    removeLeftovers(this.#config, this.#kernel, (index) => this.#interfaces.nameOf(index), this.#context.log);
    for (const router of this.#routers) router.purge(this.#carriers.isNewFor(router.instance));
    this.#holdings.extend(this.#config);
    this.#listeningFrom = after(this.#now(), delay);
    this.#groups.start(this.#routers, this.#listeningFrom);
    this.#configureSockets();
    this.#sockets.settle();
    this.#kernel.onEvent((event) => this.#kernelChanged(event));
    this.#loop.arm();
    this.#context.ready();
    this.#tracking.begin();
    rehearseFirst(this.#config, this.#interfaces);
    prepareTakeovers(this.#config, this.#kernel, this.#announcer);
    return true;
  }

  /** A BFD session's state, as its process tells it. */
  sessionChanged(name: string, up: boolean, at: Instant): void {
    this.#tracking.sessionChanged(name, up, at);
  }

  /** Masters speak first, so that nobody takes over meanwhile; then only what differs changes. */
  reload(config: Config): void {
    this.#context.log({ level: 'info', message: 'Reloading' });
    this.#context.sayFindings();
    for (const router of this.#routers) this.#loop.act(router, (now) => router.handle({ type: 'advertise' }, now));
    const known = this.#identities(this.#routers.map(({ instance }) => instance));
    const wanted = this.#identities(config.instances);
    const identity = (instance: VrrpInstance) => wanted.get(instance) ?? known.get(instance) ?? '';
    const { added, removed, kept } = diffByKey([...known.keys()], config.instances, identity);
    this.#config = config;
    this.#notifier.configure(config.global);
    this.#announcer.configure(config);
    this.#igmpReports.disable(config.global.disableLocalIgmp);
    this.#links.configure(config);
    this.#syncDaemon.configure(config);
    this.#tracking.configure(config);
    this.#interfaces.knowVirtual(config.instances);
    const survivors = new Map(this.#routers.map((router) => [identity(router.instance), router]));
    for (const instance of removed) {
      const router = survivors.get(identity(instance));
      if (!router) continue;
      // Told as a fault, the end of what has a fault or awaits a first result would be no news.
      const isNews = instance.notify.reportDeleted || isWorking(router.state);
      const told = router.shutdown('DELETED', true, this.#now());
      if (isNews) this.#notifier.notify(told);
      this.#loop.forget(router);
      survivors.delete(identity(instance));
    }
    this.#holdings.drop(config);
    this.#carriers.configure(config);
    this.#holdings.extend(config);
    const arrived = new ArrivedAddresses(config.staticAddresses);
    for (const instance of added) survivors.set(identity(instance), this.#newRouter(instance, identity(instance)));
    const routers = config.instances.flatMap((instance) => {
      const router = survivors.get(identity(instance));
      return router ? [[instance, router] as const] : [];
    });
    this.#routers = routers.map(([, router]) => router);
    this.#configureSockets(routers);
    this.#beginFollowing();
    const stay = kept.map(({ after }) => after);
    for (const each of stay) survivors.get(identity(each))?.replaceTracked(this.#tracking.effectsOn(each), each);
    // By the names that they have from now on.
    const named = routers.map(([instance, { initialFaults }]) => ({ instance, initialFaults }));
    sayInitialFaults(named, this.#config, this.#interfaces, this.#context.log);
    for (const each of stay) survivors.get(identity(each))?.reconfigure(each, arrived, this.#now());
    this.#groups.configure(config.syncGroups, this.#routers, true);
    const fresh = new Set(added);
    const isKept = ({ instance }: VirtualRouter): boolean => !fresh.has(instance);
    this.#groups.sayFaults(this.#routers.filter((router) => !isKept(router)));
    this.#tracking.sayUnused();
    for (const router of this.#routers.filter(isKept)) this.#loop.act(router, (now) => router.resume(now));
    for (const router of this.#routers) this.#followInterface(router);
    for (const router of this.#routers) {
      if (isKept(router)) this.#groups.align(router);
      else this.#loop.act(router, (now) => router.start(laterOf(now, this.#listeningFrom), now));
    }
    this.#groups.tellFaults();
    for (const fifoLine of config.global.fifoWriteVrrpStatesOnReload ? this.#groups.states(this.#routers) : [])
      this.#notifier.notify({ scripts: [], fifoLine });
    this.#followed.remember(this.#views());
    this.#sockets.settle();
    this.#loop.arm();
    this.#context.ready();
    prepareTakeovers(config, this.#kernel, this.#announcer);
  }

  /** Every master releases before anybody is told, and the kernel gets time to leave the group. */
  stop(): void {
    this.#loop.close();
    this.#tracking.close();
    this.#notifier.endScripts();
    this.#links.close();
    this.#kernel.ignoreEvents();
    const release = !this.#context.options.dontReleaseVrrp;
    const now = this.#now();
    const stopped = this.#routers.map((router) => router.shutdown('STOP', release, now));
    const told = [...stopped, ...this.#groups.stop()];
    this.#holdings.stop();
    this.#sockets.close();
    this.#syncDaemon.close();
    this.#igmpReports.disable(false);
    for (const notification of told) this.#notifier.notify(notification, { stopping: true });
    const farewell = openTimer(() => {
      farewell.close();
      this.#notifier.close();
      this.#announcer.close();
      this.#carriers.close();
      this.#kernel.close();
      this.#holdings.close();
      this.#context.log(stoppedLine(this.#context.options.logDetail));
      this.#context.exit(0);
    });
    farewell.arm(after(now, this.#routers.length > 0 ? LEAVE_TIME : LEAVE_TIME / 10));
  }

  /** Announces the addresses of a master once more, as somebody outside has asked. */
  announce(name: string): void {
    const router = this.#routers.find(({ instance }) => instance.name === name);
    if (router) this.#loop.actAlone(router, (now) => router.announceOnce(now));
  }

  /** Until the next reload an instance has another base priority, or preempts or not. */
  adjust(request: AdjustRequest): void {
    const adjustment = adjusted(this.#config, request, this.#context.log);
    const router = adjustment && this.#routers.find(({ instance }) => instance === adjustment.before);
    if (!router) return;
    this.#config = adjustment.config;
    this.#loop.actAlone(router, (now) => router.adjust(adjustment.after, now));
    this.#configureSockets();
  }

  /** Nothing is due for so long, but what others send us may come. */
  isIdleFor(span: Duration): boolean {
    return this.#loop.isFreeUntil(after(this.#now(), span));
  }

  /** What dumps may look at. */
  view(): VrrpView {
    return {
      config: { ...this.#config, interfaceDelays: this.#links.delays },
      routers: this.#routers,
      interfaces: this.#interfaces,
      links: this.#links,
      tracking: this.#tracking,
      groups: this.#groups,
      descriptors: (instance) => this.#sockets.descriptors(instance),
      restored: ({ name }) => this.#holdings.restoredOf(name),
      receiveBuffer: (instance) => this.#sockets.receiveBuffer(instance),
      wallOffset: wallOffset(),
    };
  }

  #identities(instances: readonly VrrpInstance[]): ReadonlyMap<VrrpInstance, string> {
    return identities(instances, (instance) => sourceOf(instance, this.#interfaces));
  }

  #configureSockets(routers = this.#routers.map((router) => [router.instance, router] as const)): void {
    const users = routers.map(([instance, router]) => ({
      instance,
      router,
      sourceAddress: sourceOf(instance, this.#interfaces),
    }));
    this.#sockets.configure(users, this.#config.global);
  }

  #newRouter(instance: VrrpInstance, identity: string): VirtualRouter {
    const router = new VirtualRouter(instance, { ...this.#effects, routing: this.#holdings.routingOf(identity) });
    router.replaceTracked(this.#tracking.effectsOn(instance));
    this.#followInterface(router);
    return router;
  }

  #followInterface(router: VirtualRouter): void {
    this.#loop.act(router, (now) => showInterface(router, this.#links, this.#interfaces, now));
  }

  #beginFollowing(): void {
    const views = this.#views();
    this.#followed.begin(views, this.#config);
    this.#carriers.sayMade();
    this.#links.sayPolling(new Set(views.keys()));
  }

  #views(): Map<string, InterfaceView> {
    const tracked = this.#routers.flatMap(({ instance }) => this.#tracking.interfacesOf(instance));
    return interfaceViews(this.#routers, tracked, this.#interfaces, this.#links);
  }

  /** Deadlines count from the packet's arrival, however late a busy process comes to it. */
  #heard(router: VirtualRouter, packet: ReceivedPacket, arrivedAt: Instant): boolean {
    if (arrivedAt < this.#listeningFrom) return false;
    let steady = false;
    this.#loop.act(router, () => {
      steady = router.receive(packet, arrivedAt);
    });
    this.#loop.arm();
    return steady;
  }

  #kernelChanged(event: InterfaceEvent): void {
    this.#addressMonitor.noticed(event);
    const before = event.type === 'link' ? this.#interfaces.at(event.link.ifindex) : undefined;
    if (event.type === 'link' && !this.#carriers.isEcho(event)) this.#followed.linkChanged(event, before);
    this.#sources.expect(event);
    this.#interfaces.update(event);
    if (event.type === 'address' && event.own && !this.#holdings.isStatic(event)) return;
    if (event.type === 'address' && !this.#sources.matters(event)) {
      this.#holdings.kernelChanged(event);
      return;
    }
    if (event.type === 'link') {
      const made = this.#carriers.linkChanged(event);
      if (!made && !concerns(this.#config, before, this.#interfaces.at(event.link.ifindex))) return;
    } else this.#carriers.kernelChanged(event);
    this.#links.refresh();
    this.#followLinks(event.type === 'address');
    this.#holdings.kernelChanged(event);
    this.#loop.arm();
  }

  /** Addresses alone matter only to sockets that hear on one of the interface's own. */
  #followLinks(onlyAddresses = false): void {
    this.#followed.follow(this.#views());
    if (!onlyAddresses || this.#routers.some(({ instance }) => hearsOnOwnAddress(instance))) this.#configureSockets();
    for (const router of this.#routers) {
      this.#followInterface(router);
      this.#tracking.followLinks(router);
    }
    this.#followed.sayRenamed();
    this.#holdings.followLinks();
    this.#loop.arm();
  }

  #due(deadline: Instant | undefined): Instant {
    this.#sockets.drain();
    const now = this.#now();
    this.#context.scheduling.noticeDelay(deadline, now, this.#config.global.defaults);
    return now;
  }
}
