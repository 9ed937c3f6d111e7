import type { BfdInstance } from '../config/types.ts';
import { after, type Duration, type Instant, longerOf, micros } from '../lib/duration.ts';
import { type ControlPacket, diagnosticCode, type SessionState } from './packet.ts';

/** What is known of the other end; all as before any packet after a detection time without one. */
export interface RemoteEnd {
  readonly state: SessionState;
  /** 0 until a packet has told it. */
  readonly discriminator: number;
  readonly diagnostic: number;
  readonly minimumTransmit: Duration;
  /** 0 means that it wants no packets. */
  readonly minimumReceive: Duration;
  readonly detectMultiplier: number;
  readonly demand: boolean;
}

/** A session (RFC 5880 section 6.8.1). Deadlines are part of it. */
export interface Session {
  readonly state: 'down' | 'init' | 'up';
  readonly localDiscriminator: number;
  readonly diagnostic: number;
  readonly remote: RemoteEnd;
  /** A poll sequence runs: packets carry P until an F or a P comes back. */
  readonly polling: boolean;
  /** Between our packets before jitter, as both ends know it. */
  readonly transmitInterval: Duration;
  /** Between the packets of the other end, as both ends know it; 0 before any packet. */
  readonly receiveInterval: Duration;
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
  | { readonly type: 'timer' }
  /** The parameters were others before. */
  | { readonly type: 'reload'; readonly before: BfdInstance };

/** What a session leaves to chance. */
export interface Chance {
  /** Uniform in [0, 1), for the jitter of the next packet (RFC 5880 section 6.8.7). */
  random(): number;
  /** Unique on this system and not 0 (RFC 5880 section 6.8.1). */
  discriminator(): number;
}

export type SessionAction =
  | { readonly type: 'send'; readonly packet: ControlPacket }
  /** The state tracked by others. */
  | { readonly type: 'tell'; readonly up: boolean }
  | { readonly type: 'entered'; readonly state: Session['state']; readonly from: Session['state'] }
  | { readonly type: 'pollStarted' }
  /** An end that was up is not heard any more. */
  | { readonly type: 'expired'; readonly after: Duration; readonly late: Duration }
  /** What the other end says of itself, or our pace, differs from before; the session as it was then. */
  | { readonly type: 'parameters'; readonly session: Session }
  | { readonly type: 'detectionTime'; readonly now: Duration; readonly before: Duration };

export interface SessionStep {
  readonly session: Session;
  readonly actions: readonly SessionAction[];
}

const nobody: RemoteEnd = {
  state: 'down',
  discriminator: 0,
  diagnostic: diagnosticCode.none,
  minimumTransmit: micros(0),
  minimumReceive: micros(1),
  detectMultiplier: 0,
  demand: false,
};

export function newSession({ idleTransmit }: BfdInstance, chance: Chance): Session {
  return {
    state: 'down',
    localDiscriminator: chance.discriminator(),
    diagnostic: diagnosticCode.none,
    remote: nobody,
    polling: false,
    transmitInterval: idleTransmit,
    receiveInterval: micros(0),
  };
}

/** The one instant to wake for. */
export function sessionDeadline({ transmitAt, detectBy, forgetAt }: Session): Instant | undefined {
  const known = [transmitAt, detectBy, forgetAt].filter((at) => at !== undefined);
  return known.length === 0 ? undefined : (Math.min(...known) as Instant);
}

/** bfd.DesiredMinTxInterval: a session that is not up speaks slowly (RFC 5880 section 6.8.3). */
export function desiredTransmit(parameters: BfdInstance, session: Session): Duration {
  return session.state === 'up' ? parameters.minimumTransmit : parameters.idleTransmit;
}

/** Without a packet for so long the other end is gone (RFC 5880 section 6.8.4); 0 before any packet. */
export function detectionTime({ remote, receiveInterval }: Session): Duration {
  return micros(remote.detectMultiplier * receiveInterval);
}

/** One step of a session in asynchronous mode. */
export function stepSession(
  parameters: BfdInstance,
  session: Session,
  event: SessionEvent,
  now: Instant,
  chance: Chance,
): SessionStep {
  const step = new Step(parameters, session, now, chance);
  if (event.type === 'start') step.start();
  else if (event.type === 'packet') step.receive(event.packet);
  else if (event.type === 'reload') step.reload(event.before);
  else step.expire();
  return { session: step.session, actions: step.actions };
}

/** The session as it changes within one step. */
class Step {
  readonly actions: SessionAction[] = [];
  session: Session;
  readonly #parameters: BfdInstance;
  readonly #now: Instant;
  readonly #chance: Chance;

  constructor(parameters: BfdInstance, session: Session, now: Instant, chance: Chance) {
    this.#parameters = parameters;
    this.session = session;
    this.#now = now;
    this.#chance = chance;
  }

  /** Others take a session for down until it says otherwise. */
  start(): void {
    this.actions.push({ type: 'tell', up: false });
    this.#sayFirst();
  }

  /** A session that is up agrees on new intervals by a poll sequence (RFC 5880 section 6.8.3). */
  reload({ minimumTransmit, minimumReceive }: BfdInstance): void {
    const parameters = this.#parameters;
    const others = minimumTransmit !== parameters.minimumTransmit || minimumReceive !== parameters.minimumReceive;
    const { state, remote } = this.session;
    if (state !== 'up') this.#change({ transmitInterval: longerOf(parameters.idleTransmit, remote.minimumReceive) });
    else if (others) this.#poll();
    this.actions.push({ type: 'tell', up: state === 'up' });
    this.#sayFirst();
  }

  /** Packets go out on time only: a change of state waits for the next one, as with keepalived. */
  receive(packet: ControlPacket): void {
    const before = this.session;
    const agreed = before.state !== 'up' || packet.poll || packet.final;
    this.#change({
      heardAt: this.#now,
      polling: before.polling && !packet.final,
      remote: remoteEnd(packet),
    });
    if (agreed) this.#agree();
    if (saysOther(before, this.session)) this.actions.push({ type: 'parameters', session: this.session });
    const times = { now: detectionTime(this.session), before: detectionTime(before) };
    if (times.now !== times.before) this.actions.push({ type: 'detectionTime', ...times });
    this.#follow(packet.state);
    this.#watch();
    if (packet.poll) {
      this.#change({ polling: false });
      this.#send(true);
    }
    const sooner = this.session.transmitInterval < before.transmitInterval;
    if (sooner || this.session.transmitAt === undefined) this.#schedule();
  }

  expire(): void {
    const { detectBy, forgetAt, transmitAt } = this.session;
    if (forgetAt !== undefined && forgetAt <= this.#now) this.#forget();
    if (detectBy !== undefined && detectBy <= this.#now) this.#lose(detectBy);
    if (transmitAt !== undefined && transmitAt <= this.#now) {
      if (!this.#isUnwanted()) this.#send(false);
      this.#schedule();
    }
  }

  /** The state machine of RFC 5880 section 6.2. */
  #follow(remote: SessionState): void {
    const { state } = this.session;
    if (remote === 'adminDown') {
      if (state !== 'down') this.#down(diagnosticCode.neighborDown, false);
    } else if (state === 'down') {
      if (remote === 'down') this.#enter('init');
      else if (remote === 'init') this.#up();
    } else if (state === 'init') {
      if (remote !== 'down') this.#up();
    } else if (remote === 'down') {
      this.#down(diagnosticCode.neighborDown, true);
    }
  }

  /** The faster pace begins when the other end has answered the poll that tells it. */
  #up(): void {
    this.#enter('up');
    this.#poll();
    this.actions.push({ type: 'tell', up: true });
  }

  #poll(): void {
    this.#change({ polling: true });
    this.actions.push({ type: 'pollStarted' });
  }

  /** An end that is administratively down says nothing of the path (RFC 5880 section 6.2), so that nobody is told. */
  #down(diagnostic: number, failed: boolean): void {
    const { state, remote } = this.session;
    const wasUp = state === 'up';
    this.#enter('down');
    const { detectBy: _, ...rest } = this.session;
    this.session = {
      ...rest,
      diagnostic,
      forgetAt: after(this.#now, detectionTime(rest)),
      transmitInterval: longerOf(this.#parameters.idleTransmit, remote.minimumReceive),
      ...(wasUp && { localDiscriminator: this.#chance.discriminator() }),
    };
    if (wasUp && failed) this.actions.push({ type: 'tell', up: false });
  }

  #lose(detectBy: Instant): void {
    const late = micros(this.#now - detectBy);
    if (this.session.state === 'up') {
      this.actions.push({ type: 'expired', after: detectionTime(this.session), late });
    }
    this.#down(diagnosticCode.timeExpired, true);
    this.#change({ remote: { ...this.session.remote, discriminator: 0 } });
  }

  /** Its intervals remain known. */
  #forget(): void {
    const { forgetAt: _, ...rest } = this.session;
    const { state, discriminator, diagnostic } = nobody;
    this.session = { ...rest, polling: false, remote: { ...rest.remote, state, discriminator, diagnostic } };
  }

  #enter(state: Session['state']): void {
    const from = this.session.state;
    this.#change({ state, diagnostic: diagnosticCode.none });
    this.actions.push({ type: 'entered', state, from });
  }

  #agree(): void {
    const { idleTransmit, minimumTransmit, minimumReceive } = this.#parameters;
    const { state, remote } = this.session;
    const comesUp = state === 'up' || (state === 'init' && remote.state === 'up');
    this.#change({
      transmitInterval: longerOf(comesUp ? minimumTransmit : idleTransmit, remote.minimumReceive),
      receiveInterval: longerOf(minimumReceive, remote.minimumTransmit),
    });
  }

  /** Restarts the watch over the other end; a session that is down has nothing to lose. */
  #watch(): void {
    if (this.session.state === 'down') return;
    const { forgetAt: _, ...rest } = this.session;
    this.session = { ...rest, detectBy: after(this.#now, detectionTime(rest)) };
  }

  /** A passive end does not begin. */
  #sayFirst(): void {
    if (!this.#parameters.passive) this.#send(false);
    if (this.session.transmitAt === undefined) this.#schedule();
  }

  /** The other end wants no packets but answers to its polls (RFC 5880 section 6.8.7). */
  #isUnwanted(): boolean {
    const { remote, state, polling } = this.session;
    return remote.minimumReceive === 0 || (remote.demand && remote.state === 'up' && state === 'up' && !polling);
  }

  #hasNobodyToAnswer(): boolean {
    return this.#parameters.passive && this.session.remote.discriminator === 0;
  }

  #send(final: boolean): void {
    const parameters = this.#parameters;
    const { session } = this;
    if (this.#hasNobodyToAnswer()) return;
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
      requiredMinimumEchoReceive: micros(0),
    };
    this.actions.push({ type: 'send', packet });
  }

  /** Up to a quarter early, and at least a tenth where one missed packet is enough (RFC 5880 section 6.8.7). */
  #schedule(): void {
    const { transmitAt: _, ...rest } = this.session;
    this.session = rest;
    if (this.#hasNobodyToAnswer()) return;
    const least = this.#parameters.multiplier === 1 ? 0.1 : 0;
    const early = least + this.#chance.random() * (0.25 - least);
    this.session = { ...rest, transmitAt: after(this.#now, Math.round(rest.transmitInterval * (1 - early))) };
  }

  #change(part: Partial<Session>): void {
    this.session = { ...this.session, ...part };
  }
}

function remoteEnd(packet: ControlPacket): RemoteEnd {
  return {
    state: packet.state,
    discriminator: packet.myDiscriminator,
    diagnostic: packet.diagnostic,
    minimumTransmit: packet.desiredMinimumTransmit,
    minimumReceive: packet.requiredMinimumReceive,
    detectMultiplier: packet.detectMultiplier,
    demand: packet.demand,
  };
}

function saysOther(before: Session, now: Session): boolean {
  const { minimumTransmit, minimumReceive, detectMultiplier } = before.remote;
  return (
    before.heardAt === undefined ||
    minimumTransmit !== now.remote.minimumTransmit ||
    minimumReceive !== now.remote.minimumReceive ||
    detectMultiplier !== now.remote.detectMultiplier ||
    before.transmitInterval !== now.transmitInterval
  );
}
