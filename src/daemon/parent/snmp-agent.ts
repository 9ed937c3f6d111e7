import type { Config } from '../../config/types.ts';
import type { ChangeEvent, SurveyEvent } from '../../ipc/messages.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import { type AgentRequest, type AgentSession, openAgentSession, type Varbind } from '../../os/agentx.ts';
import { wallClock } from '../../os/clock.ts';
import type { Timer } from '../../ports/timer.ts';
import {
  globalVariables,
  groupTrap,
  instanceTrap,
  KEEPALIVED_MIB,
  type Trap,
  vrrpVariables,
} from '../../report/snmp-keepalived.ts';
import {
  newMasterTrap,
  pairs,
  rfc2787Variables,
  rfc6527Variables,
  VRRP_V2_MIB,
  VRRP_V3_MIB,
} from '../../report/snmp-rfc.ts';
import { findVariable, nextVariable, SNMP_TYPES, type SnmpVariable, sortVariables } from '../../report/snmp-values.ts';
import { KEEPALIVED_VERSION } from '../command/version.ts';

const DEFAULT_MASTER = 'unix:/var/agentx/master';
/** Until the next attempt when there is no master agent. */
const RETRY = seconds(15);
/** Older knowledge is not shown: a walk asks for hundreds of variables, and they should be of one moment. */
const FRESH = seconds(1);
/** A VRRP process that does not answer by then is shown as it was. */
const PATIENCE = seconds(2);
const NO_SUCH_OBJECT = 128;
const END_OF_VIEW = 130;
const NOTHING: SurveyEvent = { type: 'survey', instances: [], groups: [] };

export interface SnmpHost {
  readonly log: Log;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** Asks the VRRP process for a survey. */
  survey(): void;
}

/** Our side of AgentX (RFC 2741). A master agent that is not there, or goes, is looked for again. */
export class SnmpAgent {
  readonly #host: SnmpHost;
  readonly #retry: Timer;
  readonly #patience: Timer;
  #config: Config;
  #session: AgentSession | undefined;
  #survey: SurveyEvent = NOTHING;
  #surveyedAt: Instant | undefined;
  #variables: readonly SnmpVariable[] = [];
  #waiting: AgentRequest[] = [];
  #newMasters: string[] = [];
  #saidWhy = false;

  constructor(host: SnmpHost, config: Config) {
    this.#host = host;
    this.#config = config;
    this.#retry = host.openTimer(() => this.#connect());
    this.#patience = host.openTimer(() => this.surveyed(this.#survey));
    this.#connect();
  }

  configure(config: Config): void {
    this.#config = config;
    this.#surveyedAt = undefined;
  }

  /** The VRRP process has told its state: what waited for it is answered. */
  surveyed(survey: SurveyEvent): void {
    this.#patience.arm(undefined);
    this.#survey = survey;
    this.#surveyedAt = this.#host.now();
    this.#variables = sortVariables(this.#collect());
    for (const request of this.#waiting.splice(0)) this.#answer(request);
    const known = pairs(this.#config, survey);
    for (const name of this.#newMasters.splice(0)) {
      const router = known.find(({ instance }) => instance.name === name);
      const { rfcV2, rfcV3 } = this.#config.global.snmp;
      if (router && (router.instance.version === 2 ? rfcV2 : rfcV3)) this.#trap(newMasterTrap(router));
    }
  }

  changed({ object, name, state }: ChangeEvent): void {
    const { traps, vrrp, rfcV2, rfcV3 } = this.#config.global.snmp;
    if (!traps) return;
    const trap = (object === 'instance' ? instanceTrap : groupTrap)(this.#config, name, state);
    if (vrrp && trap) this.#trap(trap);
    if (object === 'instance' && state === 'MASTER' && (rfcV2 || rfcV3)) {
      // The trap has a row's index in it, which only the VRRP process knows.
      this.#newMasters.push(name);
      this.#host.survey();
    }
  }

  close(): void {
    this.#retry.close();
    this.#patience.close();
    this.#session?.close();
  }

  #collect(): SnmpVariable[] {
    const { vrrp, checker, rfcV2, rfcV3 } = this.#config.global.snmp;
    return [
      ...(vrrp || checker ? globalVariables(this.#config, KEEPALIVED_VERSION) : []),
      ...(vrrp ? vrrpVariables(this.#config, this.#survey) : []),
      ...(rfcV2 ? rfc2787Variables(this.#config, this.#survey) : []),
      ...(rfcV3 ? rfc6527Variables(this.#config, this.#survey, wallClock()) : []),
    ];
  }

  #connect(): void {
    const { socket = DEFAULT_MASTER, vrrp, checker, rfcV2, rfcV3 } = this.#config.global.snmp;
    const subtrees = [
      ...(vrrp || checker ? [KEEPALIVED_MIB] : []),
      ...(rfcV2 ? [VRRP_V2_MIB] : []),
      ...(rfcV3 ? [VRRP_V3_MIB] : []),
    ].map((oid) => oid.join('.'));
    const session = openAgentSession(socket, subtrees, {
      opened: () => {
        this.#saidWhy = false;
        this.#session = session;
        this.#host.log({ level: 'info', message: 'AgentX subagent connected' });
      },
      request: (request) => this.#requested(request),
      ended: (reason) => this.#lost(reason ?? 'the connection has ended'),
    });
  }

  #lost(reason: string): void {
    this.#session = undefined;
    this.#waiting = [];
    if (!this.#saidWhy) {
      const message = `Warning: Failed to connect to the agentx master agent: ${reason} - trying again`;
      this.#host.log({ level: 'info', message });
    }
    this.#saidWhy = true;
    this.#retry.arm(after(this.#host.now(), RETRY));
  }

  #requested(request: AgentRequest): void {
    const now = this.#host.now();
    if (this.#surveyedAt !== undefined && now - this.#surveyedAt < FRESH) {
      this.#answer(request);
      return;
    }
    this.#waiting.push(request);
    if (this.#waiting.length > 1) return;
    this.#patience.arm(after(now, PATIENCE));
    this.#host.survey();
  }

  #answer({ kind, ranges, nonRepeaters, maximumRepetitions, reply }: AgentRequest): void {
    if (kind === 'get') reply(ranges.map(({ start }) => this.#get(start)));
    else if (kind === 'next') reply(ranges.map(({ start, end }) => this.#next(start, end)));
    else reply(this.#bulk(ranges, nonRepeaters, maximumRepetitions));
  }

  #get(oid: string): Varbind {
    const variable = findVariable(this.#variables, parseOid(oid));
    return variable ? varbind(variable) : { oid, type: NO_SUCH_OBJECT, value: null };
  }

  #next(start: string, end: string): Varbind {
    const variable = nextVariable(this.#variables, parseOid(start), parseOid(end));
    return variable ? varbind(variable) : { oid: start, type: END_OF_VIEW, value: null };
  }

  /** RFC 2741, section 7.2.3.3: the ranges after the first `single` are followed side by side. */
  #bulk(ranges: AgentRequest['ranges'], single: number, repetitions: number): Varbind[] {
    const found = ranges.slice(0, single).map(({ start, end }) => this.#next(start, end));
    let rest = ranges.slice(single);
    for (let round = 0; round < repetitions && rest.length > 0; round++) {
      const row = rest.map(({ start, end }) => this.#next(start, end));
      found.push(...row);
      if (row.every(({ type }) => type === END_OF_VIEW)) break;
      rest = rest.map(({ end }, at) => ({ start: row[at]!.oid, end }));
    }
    return found;
  }

  #trap({ oid, variables }: Trap): void {
    this.#session?.notify(oid.join('.'), variables.map(varbind));
  }
}

function varbind({ oid, type, value: plain }: SnmpVariable): Varbind {
  const value = type === 'octets' ? Buffer.from(plain as string) : plain;
  return { oid: oid.join('.'), type: SNMP_TYPES[type], value };
}

/** The library has 0.0 for an empty identifier in some places. */
function parseOid(text: string): number[] {
  return text === '' || text === '0.0' ? [] : text.split('.').map(Number);
}
