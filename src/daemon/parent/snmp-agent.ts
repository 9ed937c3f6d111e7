import type { Config } from '../../config/types.ts';
import type {
  ChangeEvent,
  Observation,
  ObservedRole,
  ObserverRequest,
  RefusalEvent,
  ServiceChangeEvent,
} from '../../ipc/observation.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import { type AgentRequest, type AgentSession, openAgentSession } from '../../os/agentx.ts';
import { wallClock } from '../../os/clock.ts';
import type { Timer } from '../../ports/timer.ts';
import { CHECK } from '../../report/snmp/virtual-servers.ts';
import { type Surveys, shownSubtrees, shownTables } from '../../report/snmp/tables.ts';
import {
  newMasterTrap2,
  newMasterTrap3,
  refusalTrap,
  serviceTrap,
  stateTrap,
  type Trap,
} from '../../report/snmp/traps.ts';
import { compareOids, type SnmpTable } from '../../report/snmp/tree.ts';
import { KEEPALIVED_VERSION } from '../command/version.ts';
import { answers } from './snmp-answers.ts';
import { SnmpWrites } from './snmp-writes.ts';
import { parseOid, varbind } from './varbind.ts';

const DEFAULT_MASTER = 'unix:/var/agentx/master';
/** Until the next attempt when there is no master agent. */
const RETRY = seconds(15);
/** Older knowledge is not shown: a walk asks for hundreds of variables, and they should be of one moment. */
const FRESH = seconds(1);
/** A process that does not answer by then is shown as it was. */
const PATIENCE = seconds(2);
/** Traps that wait for the master agent; later ones are lost. */
const WAITING_TRAPS = 1000;
/** What follows the subtree of virtual and real servers. */
const AFTER_CHECK = [...CHECK.slice(0, -1), (CHECK.at(-1) ?? 0) + 1];
/** RFC 2741, section 7.1.4. */
const DUPLICATE_REGISTRATION = 263;

export interface SnmpHost {
  /** A line of one of the processes. */
  say(role: ObservedRole, message: string): void;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** Asks a process; false where it does not run. */
  ask(role: ObservedRole, request: ObserverRequest): boolean;
}

/** Our side of AgentX (RFC 2741). A master agent that is not there, or goes, is looked for again. */
export class SnmpAgent {
  readonly #host: SnmpHost;
  readonly #retry: Timer;
  readonly #patience: Timer;
  readonly #writes: SnmpWrites;
  #config: Config;
  #session: AgentSession | undefined;
  #begun = false;
  #opened = false;
  #surveys: Surveys = { vrrp: undefined, checker: undefined };
  #surveyedAt: Instant | undefined;
  /** Whether traffic was asked for the last time. */
  #withTraffic = false;
  readonly #awaited = new Set<ObservedRole>();
  #tables: readonly SnmpTable[] = [];
  #waiting: AgentRequest[] = [];
  /** Until the first answer of the master agent. */
  #traps: Trap[] | undefined = [];
  #saidWhy = false;

  constructor(host: SnmpHost, config: Config) {
    this.#host = host;
    this.#config = config;
    this.#retry = host.openTimer(() => this.#connect());
    this.#patience = host.openTimer(() => this.#surveyed());
    this.#writes = new SnmpWrites((role, request) => {
      this.#surveyedAt = undefined;
      host.ask(role, request);
    });
  }

  /** Another socket, or more or less to show, needs a new session. */
  configure(config: Config): void {
    const before = this.#config;
    this.#config = config;
    this.#surveyedAt = undefined;
    const same = String(shownSubtrees(before)) === String(shownSubtrees(config));
    if (!this.#begun || (same && before.global.snmp.socket === config.global.snmp.socket)) return;
    this.#session?.close();
    this.#waiting = [];
    this.#retry.arm(undefined);
    this.#connect();
  }

  observed(event: Observation): void {
    if (event.type === 'shown') this.#begin();
    else if (event.type === 'survey') this.#answered('vrrp', { ...this.#surveys, vrrp: event });
    else if (event.type === 'checkerSurvey') this.#answered('checker', { ...this.#surveys, checker: event });
    else if (this.#config.global.snmp.traps) for (const trap of this.#trapsOf(event)) this.#trap(trap);
  }

  close(): void {
    this.#retry.close();
    this.#patience.close();
    this.#session?.close();
  }

  /** A process that is shown has started. */
  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#connect();
  }

  #trapsOf(event: ChangeEvent | RefusalEvent | ServiceChangeEvent): Trap[] {
    const { vrrp, checker, rfcV2, rfcV3 } = this.#config.global.snmp;
    if (event.type === 'serviceChanged') return checker ? [serviceTrap(this.#config, event)] : [];
    if (event.type === 'refused') return [refusalTrap(event)];
    const { newMaster } = event;
    return [
      ...(vrrp ? [stateTrap(this.#config, event)] : []),
      ...(newMaster && rfcV2 && newMaster.version === 2 ? [newMasterTrap2(newMaster)] : []),
      ...(newMaster && rfcV3 ? [newMasterTrap3(newMaster)] : []),
    ];
  }

  get #roles(): ObservedRole[] {
    const { vrrp, checker, rfcV2, rfcV3 } = this.#config.global.snmp;
    return [...(vrrp || rfcV2 || rfcV3 ? (['vrrp'] as const) : []), ...(checker ? (['checker'] as const) : [])];
  }

  #say(message: string): void {
    for (const role of this.#roles) this.#host.say(role, message);
  }

  #connect(): void {
    const { socket = DEFAULT_MASTER } = this.#config.global.snmp;
    this.#opened = false;
    const session = openAgentSession(socket, shownSubtrees(this.#config), {
      opened: (version) => {
        this.#saidWhy = false;
        this.#opened = true;
        this.#say(`NET-SNMP version ${version} AgentX subagent connected`);
        for (const trap of this.#traps?.splice(0) ?? []) this.#trap(trap);
        this.#traps = undefined;
      },
      refused: (subtree, error) => this.#say(`AgentX master refuses to register ${subtree}: ${refusalText(error)}`),
      request: (request) => this.#requested(request),
      set: (request) => this.#writes.step(this.#config, request),
      ended: (reason) => {
        if (this.#session === session) this.#lost(socket, reason);
      },
    });
    this.#session = session;
  }

  #lost(socket: string, reason: string | undefined): void {
    this.#session = undefined;
    this.#waiting = [];
    this.#writes.forget();
    this.#traps = undefined;
    if (this.#opened) this.#say(`AgentX master disconnected us, reconnecting in ${RETRY / seconds(1)}`);
    else if (!this.#saidWhy) {
      this.#say(`Warning: Failed to connect to the agentx master agent (${socket}): ${reason ?? ''}`);
    }
    this.#saidWhy = true;
    this.#opened = false;
    this.#retry.arm(after(this.#host.now(), RETRY));
  }

  #requested(request: AgentRequest): void {
    const traffic = wantsTraffic(request);
    const age = this.#surveyedAt === undefined ? FRESH : this.#host.now() - this.#surveyedAt;
    if (age < FRESH && (this.#withTraffic || !traffic)) {
      this.#answer(request);
      return;
    }
    this.#waiting.push(request);
    if (this.#waiting.length === 1) this.#survey(traffic);
  }

  #survey(traffic: boolean): void {
    this.#withTraffic = traffic;
    for (const role of this.#roles) {
      if (this.#host.ask(role, { type: 'survey', traffic })) this.#awaited.add(role);
      else this.#surveys = { ...this.#surveys, [role]: undefined };
    }
    if (this.#awaited.size === 0) this.#surveyed();
    else this.#patience.arm(after(this.#host.now(), PATIENCE));
  }

  #answered(role: ObservedRole, surveys: Surveys): void {
    this.#surveys = surveys;
    this.#awaited.delete(role);
    if (this.#awaited.size === 0) this.#surveyed();
  }

  /** All have told their state, or will not: what waited for it is answered, unless it wants more. */
  #surveyed(): void {
    this.#awaited.clear();
    this.#patience.arm(undefined);
    this.#surveyedAt = this.#host.now();
    this.#tables = shownTables(this.#config, this.#surveys, KEEPALIVED_VERSION, wallClock());
    for (const request of this.#waiting.splice(0)) this.#requested(request);
  }

  #answer(request: AgentRequest): void {
    request.reply(answers(this.#tables, request));
  }

  #trap(trap: Trap): void {
    const { oid, variables } = trap;
    if (this.#opened) this.#session?.notify(oid.join('.'), variables.map(varbind));
    else if (this.#traps && this.#traps.length < WAITING_TRAPS) this.#traps.push(trap);
  }
}

/** Whether the answer may show what has gone through virtual and real servers. */
function wantsTraffic({ kind, ranges }: AgentRequest): boolean {
  return ranges.some(({ start }) => {
    const oid = parseOid(start);
    // A long answer may reach from before them into them.
    return kind === 'bulk' ? compareOids(oid, AFTER_CHECK) < 0 : CHECK.every((part, at) => oid[at] === part);
  });
}

/** duplicateRegistration is what a second daemon at the same master agent hears. */
function refusalText(error: number): string {
  return error === DUPLICATE_REGISTRATION ? 'another agent has it' : `error ${error}`;
}
