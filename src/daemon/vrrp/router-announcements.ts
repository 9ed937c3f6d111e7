import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';
import type { Instant } from '../../lib/duration.ts';
import type { IpAddress } from '../../lib/ip.ts';
import {
  type AnnounceSchedule,
  type AnnounceStep,
  announceAfterLowerPriority,
  announceAfterReload,
  announceDeadline,
  announceDue,
  extraDue,
  noAnnouncements,
  refreshDue,
  startAnnouncing,
  stopRefreshing,
} from '../../vrrp/announce.ts';
import type { Announcement } from './announcer.ts';
import { allAddresses } from './instance-addresses.ts';

export interface AnnounceEffects {
  announce(announcements: readonly Announcement[], rounds: number, now: Instant): void;
  stopAnnouncing(owner: string): void;
  /** The interface is one with a virtual MAC. */
  hasVirtualMac(interfaceName: string): boolean;
}

/** When and which addresses of one virtual router are announced. */
export class RouterAnnouncements {
  readonly #effects: AnnounceEffects;
  #schedule: AnnounceSchedule = noAnnouncements;

  constructor(effects: AnnounceEffects) {
    this.#effects = effects;
  }

  deadline(): Instant | undefined {
    return announceDeadline(this.#schedule);
  }

  /** Nothing is due, now or after an advert. */
  get isQuiet(): boolean {
    const { bursts, refreshAt, extraAt } = this.#schedule;
    return bursts.length === 0 && refreshAt === undefined && extraAt === undefined;
  }

  /** Became master. */
  start(instance: VrrpInstance, now: Instant): void {
    this.#follow(instance, startAnnouncing(instance, this.#schedule, now), now);
  }

  /** Draws the traffic back from a lower priority master. */
  again(instance: VrrpInstance, now: Instant): void {
    this.#follow(instance, announceAfterLowerPriority(instance.garp, this.#schedule, now), now);
  }

  /** One round, whatever the schedule. */
  once(instance: VrrpInstance, now: Instant): void {
    this.#effects.announce(announcementsOf(instance), 1, now);
  }

  /** What is due; of a router that is no longer master it only passes. */
  expire(instance: VrrpInstance, isMaster: boolean, now: Instant): void {
    const due = announceDeadline(this.#schedule);
    if (due === undefined || due > now) return;
    const step = announceDue(instance.garp, this.#schedule, now);
    this.#follow(instance, isMaster ? step : { ...step, rounds: 0 }, now);
  }

  /** An advert of a master has left. */
  afterAdvert(instance: VrrpInstance, now: Instant): void {
    this.#follow(instance, refreshDue(instance.garp, this.#schedule, now), now);
    const step = extraDue(instance, this.#schedule, now);
    this.#schedule = step.schedule;
    if (step.rounds > 0) this.#effects.announce(this.#elsewhere(instance), step.rounds, now);
  }

  /** Announces addresses that a reload has added. */
  added(instance: VrrpInstance, addresses: readonly VirtualAddress[], now: Instant): void {
    const wanted = new Set(addresses);
    const all = allAddresses(instance);
    const announcements = announcementsOf(instance).filter((_, position) => wanted.has(all[position]!));
    this.#effects.announce(announcements, instance.garp.repeat, now);
  }

  /** Peers that reach it by unicast, and switches between them, learn where it is again. */
  source({ name: owner, interface: name }: VrrpInstance, address: IpAddress, now: Instant): void {
    this.#effects.announce([{ owner, position: -1, interface: name, address }], 1, now);
  }

  reload(instance: VrrpInstance, isMaster: boolean, now: Instant): void {
    this.#follow(instance, announceAfterReload(instance, isMaster, now), now);
  }

  stop({ name }: VrrpInstance): void {
    this.#schedule = stopRefreshing(this.#schedule);
    this.#effects.stopAnnouncing(name);
  }

  #follow(instance: VrrpInstance, step: AnnounceStep, now: Instant): void {
    this.#schedule = step.schedule;
    if (step.rounds > 0) this.#effects.announce(announcementsOf(instance), step.rounds, now);
  }

  /** Addresses on interfaces that no advert shows to the switches. */
  #elsewhere(instance: VrrpInstance): Announcement[] {
    return announcementsOf(instance).filter(
      ({ interface: name }) =>
        name !== instance.interface && (instance.garpExtraAll || this.#effects.hasVirtualMac(name)),
    );
  }
}

const announcements = new WeakMap<VrrpInstance, readonly Announcement[]>();

/** Made once: a thousand of them would hold up the first frame. */
export function announcementsOf(instance: VrrpInstance): readonly Announcement[] {
  const made =
    announcements.get(instance) ??
    allAddresses(instance).map(({ address, interface: name }, position) => ({
      owner: instance.name,
      position,
      address,
      interface: name,
    }));
  announcements.set(instance, made);
  return made;
}
