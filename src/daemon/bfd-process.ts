import { decodeControlPacket, encodeControlPacket, type ReceivedPacket } from '../bfd/packet.ts';
import {
  type Chance,
  newSession,
  type Session,
  type SessionEvent,
  sessionDeadline,
  stepSession,
} from '../bfd/session.ts';
import type { BfdInstance, Config } from '../config/types.ts';
import { DeadlineHeap } from '../lib/deadline-heap.ts';
import { errnoText } from '../lib/errno.ts';
import type { Instant } from '../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../lib/ip.ts';
import { random } from '../os/random.ts';
import {
  type BfdReceiver,
  type BfdSender,
  type BfdSource,
  openBfdReceiver,
  openBfdSender,
} from '../os/sockets/bfd-socket.ts';
import { wallOffset } from '../os/clock.ts';
import { SystemError } from '../os/system-error.ts';
import { processId } from '../os/processes/this-process.ts';
import { openTimer } from '../os/timer.ts';
import type { Timer } from '../ports/timer.ts';
import { type BfdDiscard, printBfdAction, printBfdDiscard, printBfdRefusal } from '../report/bfd-log.ts';
import { dumpGlobal } from '../report/dump.ts';
import { type BfdRuntime, dumpBfd } from '../report/dump-bfd.ts';
import type { ChildContext, ChildSignal } from './child.ts';
import { ChildDumps, printTime } from './child-dumps.ts';
import { stoppedLine } from './stopped-line.ts';

/** Ports of RFC 5881 section 4 and RFC 5883 section 5. */
const SINGLE_HOP_PORT = 3784;
const MULTIHOP_PORT = 4784;
const LARGEST_DISCRIMINATOR = 0xffffffff;

/** Runs the BFD child until it is told to stop. */
export function runBfdProcess(context: ChildContext): void {
  const bfd = new BfdProcess(context);
  context.onReload((config) => bfd.reload(config));
  context.onSignal((signal) => bfd.asked(signal));
  context.onDescribe(() => bfd.describe(false));
  context.onPing(() => bfd.doing());
  bfd.start();
  context.onStop(() => bfd.stop());
}

/** One session at work. */
interface Running {
  parameters: BfdInstance;
  session: Session;
  sender: BfdSender | undefined;
  sendError: boolean;
}

class BfdProcess {
  readonly #context: ChildContext;
  readonly #running = new Map<string, Running>();
  readonly #deadlines = new DeadlineHeap<Running>();
  readonly #receivers = new Map<string, BfdReceiver>();
  readonly #timer: Timer;
  readonly #dumps: ChildDumps;
  readonly #chance: Chance = { random, discriminator: () => this.#freeDiscriminator() };
  #config: Config;

  constructor(context: ChildContext) {
    this.#context = context;
    this.#config = context.config;
    this.#dumps = new ChildDumps('bfd', context);
    this.#timer = openTimer(() => this.#expired());
  }

  start(): void {
    this.#context.sayFindings();
    this.#listen();
    for (const parameters of this.#config.bfdInstances) this.#add(parameters);
    this.#arm();
    this.#context.ready();
  }

  /** Sessions of the same names go on with their state, which is told anew; only what is gone ends and what is new begins. */
  reload(config: Config): void {
    this.#context.log({ level: 'info', message: 'Reloading' });
    this.#context.sayFindings();
    this.#config = config;
    this.#listen();
    const wanted = new Map(config.bfdInstances.map((parameters) => [parameters.name, parameters]));
    for (const [name, running] of this.#running) {
      const parameters = wanted.get(name);
      if (parameters) {
        const before = running.parameters;
        running.parameters = parameters;
        this.#reopen(running);
        this.#step(running, { type: 'reload', before });
        wanted.delete(name);
      } else {
        running.sender?.close();
        this.#deadlines.delete(running);
        this.#running.delete(name);
      }
    }
    for (const parameters of wanted.values()) this.#add(parameters);
    this.#arm();
    this.#context.ready();
  }

  /** Nothing is sent: the neighbour notices by its detection time, as with keepalived. */
  stop(): void {
    this.#timer.close();
    for (const receiver of this.#receivers.values()) receiver.close();
    for (const { sender } of this.#running.values()) sender?.close();
    this.#context.log(stoppedLine(this.#context.options.logDetail));
    this.#context.exit(0);
  }

  /** SIGUSR1 writes keepalived_bfd.data; nothing else is asked of this process. */
  asked(signal: ChildSignal): void {
    if (signal !== 'data') return;
    this.#context.log({ level: 'info', message: `Printing BFD data for process(${processId()}) on signal` });
    this.#dumps.writeData(this.#config, [this.describe(true)]);
  }

  /** The lines of a dump, with what only the running sessions know. */
  describe(running: boolean): readonly string[] {
    const runtime = (parameters: BfdInstance) => (running ? this.#runtime(parameters) : undefined);
    const { realtime } = this.#context.scheduling;
    const global = dumpGlobal(this.#config, 'bfd', { ...(running && realtime && { realtime }) });
    return [...global, ...dumpBfd(this.#config.bfdInstances, runtime, printTime)];
  }

  /** For the parent's watch over its children. */
  doing(): string {
    const up = [...this.#running.values()].filter(({ session }) => session.state === 'up').length;
    return `${up} of ${this.#running.size} sessions up`;
  }

  #runtime({ name }: BfdInstance): BfdRuntime | undefined {
    const running = this.#running.get(name);
    if (!running) return undefined;
    const { session, sendError, sender } = running;
    const heard = session.heardAt === undefined ? {} : { lastSeen: session.heardAt + wallOffset() };
    return { session, sendError, descriptor: sender?.descriptor ?? -1, ...heard };
  }

  #add(parameters: BfdInstance): void {
    const session = newSession(parameters, this.#chance);
    const running: Running = { parameters, session, sender: undefined, sendError: false };
    this.#running.set(parameters.name, running);
    this.#reopen(running);
    this.#step(running, { type: 'start' });
  }

  #freeDiscriminator(): number {
    const taken = new Set([...this.#running.values()].map(({ session }) => session.localDiscriminator));
    for (;;) {
      const discriminator = 1 + Math.floor(random() * LARGEST_DISCRIMINATOR);
      if (!taken.has(discriminator)) return discriminator;
    }
  }

  /** A source address that is not there yet keeps a session down, and is tried again with each packet due. */
  #reopen(running: Running): void {
    running.sender?.close();
    running.sender = undefined;
    const { name, family, neighbor: destination, source, ttl, multihop } = running.parameters;
    const port = multihop ? MULTIHOP_PORT : SINGLE_HOP_PORT;
    try {
      running.sender = openBfdSender({ family, destination, port, ttl, ...(source !== undefined && { source }) });
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (!running.sendError) this.#context.log({ level: 'err', message: `(${name}) ${error.message}` });
      running.sendError = true;
    }
  }

  #listen(): void {
    const wanted = new Map<string, { readonly family: AddressFamily; readonly port: number }>(
      this.#config.bfdInstances.map(({ family, multihop }) => {
        const port = multihop ? MULTIHOP_PORT : SINGLE_HOP_PORT;
        return [`${family} ${port}`, { family, port }] as const;
      }),
    );
    for (const [key, receiver] of this.#receivers) {
      if (wanted.delete(key)) continue;
      receiver.close();
      this.#receivers.delete(key);
    }
    for (const [key, { family, port }] of wanted) this.#receivers.set(key, this.#openReceiver(family, port));
  }

  #openReceiver(family: AddressFamily, port: number): BfdReceiver {
    return openBfdReceiver(family, port, (bytes, source, ttl) => this.#heard(bytes, source, ttl, port));
  }

  #heard(bytes: Uint8Array, source: BfdSource, ttl: number | undefined, port: number): void {
    const sender = `[${source.address}]:${source.port}`;
    const decoded = decodeControlPacket(bytes);
    if (!decoded.ok) {
      for (const line of printBfdRefusal(decoded.error, bytes, sender)) this.#context.log(line);
      return;
    }
    const packet = decoded.value;
    const running = this.#sessionOf(packet, source.address, port);
    const { yourDiscriminator } = packet;
    const discard = running
      ? whyNot(running.parameters, packet, ttl)
      : ({ kind: 'noSession', yourDiscriminator } as const);
    if (discard) this.#context.log(printBfdDiscard(discard, sender));
    else if (running) this.#step(running, { type: 'packet', packet });
    this.#arm();
  }

  /** RFC 5880 section 6.8.6: a packet belongs to the session it names, before that to the one with its sender. */
  #sessionOf({ yourDiscriminator }: ReceivedPacket, source: IpAddress, port: number): Running | undefined {
    return [...this.#running.values()].find(({ parameters, session }) =>
      yourDiscriminator === 0
        ? parameters.neighbor === source && parameters.multihop === (port === MULTIHOP_PORT)
        : session.localDiscriminator === yourDiscriminator,
    );
  }

  #expired(): void {
    const now = this.#now();
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      this.#step(due, { type: 'timer' });
    }
    this.#arm();
  }

  #step(running: Running, event: SessionEvent): void {
    const now = this.#now();
    const { parameters } = running;
    const step = stepSession(parameters, running.session, event, now, this.#chance);
    running.session = step.session;
    this.#deadlines.set(running, sessionDeadline(step.session));
    for (const action of step.actions) {
      if (action.type === 'send') this.#send(running, encodeControlPacket(action.packet));
      if (action.type === 'tell') this.#tell(running, action.up);
      for (const line of printBfdAction(parameters, step.session, action)) this.#context.log(line);
    }
  }

  #tell({ parameters: { name } }: Running, up: boolean): void {
    this.#context.tellBfd({ type: 'bfd', name, up, at: this.#now() });
  }

  #send(running: Running, packet: Uint8Array): void {
    if (!running.sender) this.#reopen(running);
    if (!running.sender) return;
    const sent = running.sender.send(packet);
    if (sent < 0 && !running.sendError) {
      this.#context.log({ level: 'err', message: `sendto() error (${errnoText(-sent)})` });
      this.#context.log({ level: 'err', message: `(${running.parameters.name}) Error sending packet` });
    }
    running.sendError = sent < 0;
  }

  #arm(): void {
    this.#timer.arm(this.#deadlines.earliest());
  }

  #now(): Instant {
    return this.#context.clock.now();
  }
}

/** Generalized TTL security (RFC 5881 section 5), as far as max_hops lets packets come; and nothing is authenticated. */
function whyNot(
  { family, ttl: sent, maximumHops }: BfdInstance,
  { authenticated }: ReceivedPacket,
  ttl: number | undefined,
): BfdDiscard | undefined {
  const least = sent - maximumHops;
  if (maximumHops >= 0 && ttl !== undefined && ttl < least) return { kind: 'tooFar', family, ttl, least };
  return authenticated ? { kind: 'authenticated' } : undefined;
}
