import { DeadlineHeap } from '../../lib/deadline-heap.ts';
import { after, type Duration, type Instant, millis, seconds } from '../../lib/duration.ts';
import { openTimer } from '../../os/timer.ts';
import type { Timer } from '../../ports/timer.ts';
import type { Announcer } from './announcer.ts';
import { VirtualRouter } from './virtual-router.ts';

type Announcing = VirtualRouter['announcing'];

/** So long before a backup becomes master its takeover is rehearsed: code that last ran seconds ago is slow. */
const LEAD = millis(4);
/** Of takeovers that follow one another so closely only the first is. */
const WARM = seconds(1);

export interface RouterLoopHost {
  now(): Instant;
  /** Something is due, at `deadline` at the earliest: what has arrived before comes first. */
  due(deadline: Instant | undefined): Instant;
  /** A router may have done something that others follow. */
  acted(router: VirtualRouter): void;
  /** What this router is about to do is to be done once without effect. */
  rehearse(router: VirtualRouter): void;
}

/** One event at a time goes to a virtual router, then its next deadline goes into one heap behind one timer. */
export class RouterLoop {
  readonly #deadlines = new DeadlineHeap<VirtualRouter | Announcing | Announcer>();
  readonly #timer: Timer;
  readonly #host: RouterLoopHost;
  readonly #announcer: Announcer;
  /** Deadlines before are not rehearsed for. */
  #warmUntil: Instant = 0 as Instant;

  constructor(host: RouterLoopHost, announcer: Announcer) {
    this.#host = host;
    this.#announcer = announcer;
    this.#timer = openTimer(() => this.#expired());
  }

  /** One of several steps: the timer is set once they are all done. */
  act(router: VirtualRouter, step: (now: Instant) => void): void {
    router.wake();
    step(this.#host.now());
    this.#host.acted(router);
    router.settle(() => this.actAlone(router, (now) => router.expire(now)));
    this.#deadlines.set(router, router.deadline());
    this.#deadlines.set(router.announcing, router.announcing.deadline());
  }

  actAlone(router: VirtualRouter, step: (now: Instant) => void): void {
    this.act(router, step);
    this.arm();
  }

  /** The announcer has something new to send. */
  announcerChanged(): void {
    this.#deadlines.set(this.#announcer, this.#announcer.deadline());
  }

  forget(router: VirtualRouter): void {
    this.#deadlines.delete(router);
    this.#deadlines.delete(router.announcing);
  }

  arm(): void {
    this.#timer.arm(this.#rehearsalAt() ?? this.#deadlines.earliest());
  }

  /** Neither a router nor an announcement is due before `time`. */
  isFreeUntil(time: Instant): boolean {
    const earliest = this.#deadlines.earliest();
    return earliest === undefined || earliest >= time;
  }

  close(): void {
    this.#timer.close();
  }

  /**
   * Whatever arrived before the deadline counts, even if we come to it only now. Announcements that are left over get
   * one turn each time, after the routers.
   */
  #expired(): void {
    const now = this.#host.due(this.#deadlines.earliest());
    let announcing = false;
    this.#followHearing();
    this.#rehearse(now);
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      const one = due;
      if (one === this.#announcer) announcing = true;
      else if (one instanceof VirtualRouter) this.act(one, () => one.expire(now));
      else this.#announce(one as Announcing, now);
    }
    if (announcing) this.#announcer.expire(now);
    this.announcerChanged();
    this.arm();
  }

  /** Undefined where the next thing due is none to rehearse. */
  #rehearsalAt(): Instant | undefined {
    const earliest = this.#deadlines.earliest();
    if (earliest === undefined || earliest < this.#warmUntil) return undefined;
    const first = this.#deadlines.first();
    return first instanceof VirtualRouter && first.state.name === 'backup'
      ? after(earliest, -LEAD as Duration)
      : undefined;
  }

  #rehearse(now: Instant): void {
    const at = this.#rehearsalAt();
    const first = this.#deadlines.first();
    if (at === undefined || at > now || after(at, LEAD) <= now || !(first instanceof VirtualRouter)) return;
    this.#warmUntil = after(now, WARM);
    this.#host.rehearse(first);
  }

  #announce(announcing: Announcing, now: Instant): void {
    announcing.expire(now);
    this.#deadlines.set(announcing, announcing.deadline());
  }

  /** What backups have heard meanwhile has put their deadlines off: afterwards the earliest one is as it is. */
  #followHearing(): void {
    for (let first = this.#deadlines.first(); first instanceof VirtualRouter; first = this.#deadlines.first()) {
      const at = first.deadline();
      if (at === this.#deadlines.earliest()) return;
      this.#deadlines.set(first, at);
    }
  }
}
