import type { BfdInstance } from '../config/types.ts';
import { after, type Instant } from '../lib/duration.ts';
import { type ControlPacket, diagnosticCode, type SessionState } from './packet.ts';

/** What is known of the other end; all as before any packet after a detection time without one. */
export interface RemoteEnd {
  readonly state: SessionState;
  /** 0 until a packet has told it. */
  readonly discriminator: number;
  readonly diagnostic: number;
  /** Microseconds. */
  readonly minimumTransmit: number;
  /** Microseconds; 0 means that it wants no packets. */
  readonly minimumReceive: number;
  readonly detectMultiplier: number;
  readonly demand: boolean;
}

/** A session (RFC 5880 section 6.8.1). Deadlines are part of it. */
export interface Session {
  readonly state: 'down' | 'init' | 'up';
  readonly localDiscriminator: number;
  readonly diagnostic: number;
  readonly remote: RemoteEnd;
  /** A poll sequence runs: packets carry P until an F comes back. */
  readonly polling: boolean;
  /** The next periodic packet. */
  readonly transmitAt?: Instant;
  /** Without a packet until then, the other end is gone. */
  readonly detectBy?: Instant;
  /** What is known of the other end is forgotten then. */
  readonly forgetAt?: Instant;
  /** When the last packet came. */
  readonly heardAt?: Instant;
}

export type SessionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'packet'; readonly packet: ControlPacket }
  | { readonly type: 'timer' };

export type SessionAction =
  | { readonly type: 'send'; readonly packet: ControlPacket }
  /** The state tracked by others. */
  | { readonly type: 'tell'; readonly up: boolean }
  | { readonly type: 'entered'; readonly state: Session['state'] }
  | { readonly type: 'pollStarted' }
  | { readonly type: 'expired'; readonly after: number; readonly late: number }
  /** Intervals or detection time differ from those said before. */
  | { readonly type: 'parameters'; readonly detectionTimeBefore: number };

export interface SessionStep {
  readonly session: Session;
  readonly actions: readonly SessionAction[];
}

const nobody: RemoteEnd = {
  state: 'down',
  discriminator: 0,
  diagnostic: diagnosticCode.none,
  minimumTransmit: 0,
  minimumReceive: 1,
  detectMultiplier: 0,
  demand: false,
};

/** `discriminator` must be unique on this system and not 0 (RFC 5880 section 6.8.1). */
export function newSession(discriminator: number): Session {
  return {
    state: 'down',
    localDiscriminator: discriminator,
    diagnostic: diagnosticCode.none,
    remote: nobody,
    polling: false,
  };
}

/** The one instant to wake for. */
export function sessionDeadline({ transmitAt, detectBy, forgetAt }: Session): Instant | undefined {
  const known = [transmitAt, detectBy, forgetAt].filter((at) => at !== undefined);
  return known.length === 0 ? undefined : (Math.min(...known) as Instant);
}

/** bfd.DesiredMinTxInterval: a session that is not up speaks slowly (RFC 5880 section 6.8.3). */
export function desiredTransmit(parameters: BfdInstance, session: Session): number {
  return session.state === 'up' ? parameters.minimumTransmit : parameters.idleTransmit;
}

/** Microseconds between packets before jitter. */
export function transmitInterval(parameters: BfdInstance, session: Session): number {
  return Math.max(desiredTransmit(parameters, session), session.remote.minimumReceive);
}

/** Microseconds without a packet after which the other end is gone (RFC 5880 section 6.8.4); 0 before any packet. */
export function detectionTime(parameters: BfdInstance, { remote }: Session): number {
  return remote.detectMultiplier * Math.max(parameters.minimumReceive, remote.minimumTransmit);
}

/**
 * One step of a session in asynchronous mode.
 *
 * @param random uniform in [0, 1), for the jitter of the next packet (RFC 5880 section 6.8.7)
 */
export function stepSession(
  parameters: BfdInstance,
  session: Session,
  event: SessionEvent,
  now: Instant,
  random: number,
): SessionStep {
  const step = new Step(parameters, session, now, random);
  if (event.type === 'start') step.start();
  else if (event.type === 'packet') step.receive(event.packet);
  else step.expire();
  return { session: step.session, actions: step.actions };
}

/** The session as it changes within one step. */
class Step {
  readonly actions: SessionAction[] = [];
  session: Session;
  readonly #parameters: BfdInstance;
  readonly #now: Instant;
  readonly #random: number;

  constructor(parameters: BfdInstance, session: Session, now: Instant, random: number) {
    this.#parameters = parameters;
    this.session = session;
    this.#now = now;
    this.#random = random;
  }

  /** Others take a session for down until it says otherwise. */
  start(): void {
    this.actions.push({ type: 'tell', up: false });
    this.#schedule();
  }

  receive(packet: ControlPacket): void {
    const before = detectionTime(this.#parameters, this.session);
    const intervalBefore = transmitInterval(this.#parameters, this.session);
    this.#change({
      heardAt: this.#now,
      polling: this.session.polling && !packet.final,
      remote: {
        state: packet.state,
        discriminator: packet.myDiscriminator,
        diagnostic: packet.diagnostic,
        minimumTransmit: packet.desiredMinimumTransmit,
        minimumReceive: packet.requiredMinimumReceive,
        detectMultiplier: packet.detectMultiplier,
        demand: packet.demand,
      },
    });
    const known = detectionTime(this.#parameters, this.session);
    if (known !== before) this.actions.push({ type: 'parameters', detectionTimeBefore: before });
    this.#follow(packet.state);
    this.#watch();
    if (packet.poll) {
      this.#change({ polling: false });
      this.#send(true);
    }
    const unscheduled = this.session.transmitAt === undefined;
    if (unscheduled || transmitInterval(this.#parameters, this.session) !== intervalBefore) this.#schedule();
  }

  expire(): void {
    const { detectBy, forgetAt, transmitAt } = this.session;
    if (forgetAt !== undefined && forgetAt <= this.#now) this.#forget();
    if (detectBy !== undefined && detectBy <= this.#now) this.#lose(detectBy);
    else if (transmitAt !== undefined && transmitAt <= this.#now) {
      this.#send(false);
      this.#schedule();
    }
  }

  /** The state machine of RFC 5880 section 6.2. */
  #follow(remote: SessionState): void {
    const { state } = this.session;
    if (remote === 'adminDown') {
      if (state !== 'down') this.#down(diagnosticCode.neighborDown);
    } else if (state === 'down') {
      if (remote === 'down') this.#enter('init');
      else if (remote === 'init') this.#up();
    } else if (state === 'init') {
      if (remote !== 'down') this.#up();
    } else if (remote === 'down') {
      this.#down(diagnosticCode.neighborDown);
    }
  }

  #up(): void {
    this.#change({ diagnostic: diagnosticCode.none });
    this.#enter('up');
    // The interval shrinks from idle to configured, of which the other end must know.
    this.#change({ polling: true });
    this.actions.push({ type: 'pollStarted' }, { type: 'tell', up: true });
    this.#send(false);
    this.#schedule();
  }

  #down(diagnostic: number): void {
    const told = this.session.state === 'up';
    this.#change({ diagnostic, polling: false });
    this.#enter('down');
    if (told) this.actions.push({ type: 'tell', up: false });
    this.#send(false);
    this.#schedule();
  }

  #lose(detectBy: Instant): void {
    const time = detectionTime(this.#parameters, this.session);
    this.actions.push({ type: 'expired', after: time, late: this.#now - detectBy });
    const { detectBy: _, ...rest } = this.session;
    this.session = { ...rest, forgetAt: after(this.#now, time) };
    this.#down(diagnosticCode.timeExpired);
  }

  #forget(): void {
    const { forgetAt: _, transmitAt: __, ...rest } = this.session;
    this.session = { ...rest, remote: nobody };
    this.#schedule();
  }

  #enter(state: Session['state']): void {
    this.#change({ state });
    this.actions.push({ type: 'entered', state });
  }

  /** Restarts the watch over the other end; a session that is down has nothing to lose but what it knows. */
  #watch(): void {
    const by = after(this.#now, detectionTime(this.#parameters, this.session));
    const { detectBy: _, forgetAt: __, ...rest } = this.session;
    this.session = this.session.state === 'down' ? { ...rest, forgetAt: by } : { ...rest, detectBy: by };
  }

  #send(final: boolean): void {
    const parameters = this.#parameters;
    const { session } = this;
    if (parameters.passive && session.remote.discriminator === 0) return;
    if (session.remote.minimumReceive === 0 && !final) return;
    const packet: ControlPacket = {
      diagnostic: session.diagnostic,
      state: session.state,
      poll: session.polling,
      final,
      demand: false,
      detectMultiplier: parameters.multiplier,
      myDiscriminator: session.localDiscriminator,
      yourDiscriminator: session.remote.discriminator,
      desiredMinimumTransmit: desiredTransmit(parameters, session),
      requiredMinimumReceive: parameters.minimumReceive,
      requiredMinimumEchoReceive: 0,
    };
    this.actions.push({ type: 'send', packet });
  }

  /** Up to a quarter early, and at least a tenth where one missed packet is enough (RFC 5880 section 6.8.7). */
  #schedule(): void {
    const { passive, multiplier } = this.#parameters;
    const { transmitAt: _, ...rest } = this.session;
    if (passive && this.session.remote.discriminator === 0) {
      this.session = rest;
      return;
    }
    const least = multiplier === 1 ? 0.1 : 0;
    const early = least + this.#random * (0.25 - least);
    const interval = Math.round(transmitInterval(this.#parameters, this.session) * (1 - early));
    this.session = { ...rest, transmitAt: after(this.#now, interval) };
  }

  #change(part: Partial<Session>): void {
    this.session = { ...this.session, ...part };
  }
}
