import type { SmtpChecker } from '../config/types.ts';
import { after, micros } from '../lib/duration.ts';
import type { DialFailure, Stream } from '../ports/dial.ts';
import type { Clock } from '../ports/timer.ts';
import { type AttemptResult, type CheckerTarget, endpointName, isUnreachable, postponed } from './attempt.ts';
import { type CheckerKind, failure, plainRules } from './kind.ts';

/** The longest line of a reply, its end included (RFC 5321, section 4.5.3.1.5). */
const LONGEST_REPLY = 512;
/** A server that sends byte by byte is given up after this many connect_timeouts. */
const LONGEST_REPLY_WAIT = 10;

/**
 * SMTP_CHECK: greeting 220, HELO answered by 250, QUIT answered by any line (RFC 5321, section 4.1.1). Replies are one
 * line; each wait is limited by connect_timeout.
 */
export const smtpCheck: CheckerKind<SmtpChecker> = {
  async attempt(target, _step, { dial, clock }, signal) {
    const { checker } = target;
    const dialled = await dial.connect(checker.connection, signal);
    if (!dialled.ok) return connectFailure(target, dialled.error);
    const stream = dialled.value;
    try {
      const reason = await converse(checker, new LineReader(stream, checker, clock), stream);
      return reason === undefined ? { kind: 'success' } : smtpFailure(`${reason} ${endpointName(checker.connection)}`);
    } finally {
      stream.close();
    }
  },
  rules: ({ checker, realServer }) => ({
    ...plainRules(checker.schedule, {
      up: `Remote SMTP server ${realServer} succeed on service.`,
      down: (_retries, { detail }) => `${detail}`,
      detailApart: false,
      detailsAlpha: true,
      claimsFirstRunRetries: false,
      mail: {
        up: '=> CHECK succeed on service <=',
        down: ({ reason }) => `=> CHECK failed on service : ${reason} <=`,
      },
    }),
    retriesAtStart: true,
  }),
};

function smtpFailure(reason: string): AttemptResult {
  return { ...failure(`SMTP_CHECK ${reason}`), reason };
}

/** The dialogue; what went wrong, or undefined. */
async function converse(checker: SmtpChecker, replies: LineReader, stream: Stream): Promise<string | undefined> {
  const greeting = await replies.next();
  if (greeting.kind === 'failure') return greeting.reason;
  if (!isReply(greeting.line, 220)) return 'Bad greeting banner from server';
  stream.write(new TextEncoder().encode(`HELO ${checker.heloName}\r\n`));
  const welcome = await replies.next();
  if (welcome.kind === 'failure') return welcome.reason;
  if (!isReply(welcome.line, 250)) return 'Bad HELO response from server';
  stream.write(new TextEncoder().encode('QUIT\r\n'));
  const farewell = await replies.next();
  return farewell.kind === 'failure' ? farewell.reason : undefined;
}

/** The code stands alone or before a space; a hyphen would announce more lines. */
function isReply(line: string, code: number): boolean {
  return line === String(code) || line.startsWith(`${code} `);
}

type Reply = { readonly kind: 'line'; readonly line: string } | { readonly kind: 'failure'; readonly reason: string };

/**
 * Reads one line at a time from a stream; one that is too long counts as an empty one. What has come with a line after
 * its end is dropped: a server may not answer before it is spoken to.
 */
class LineReader {
  readonly #stream: Stream;
  readonly #checker: SmtpChecker;
  readonly #clock: Clock;
  #pending = '';
  /** The line under way is too long, and what came of it was dropped. */
  #dropped = false;

  constructor(stream: Stream, checker: SmtpChecker, clock: Clock) {
    this.#stream = stream;
    this.#checker = checker;
    this.#clock = clock;
  }

  async next(): Promise<Reply> {
    const { connectTimeout } = this.#checker.connection;
    const until = after(this.#clock.now(), micros(LONGEST_REPLY_WAIT * connectTimeout));
    for (;;) {
      const end = this.#pending.indexOf('\n');
      if (end >= 0) return this.#cut(end);
      if (this.#pending.length >= LONGEST_REPLY) {
        this.#dropped = true;
        this.#pending = '';
      }
      const left = until - this.#clock.now();
      if (left <= 0) return { kind: 'failure', reason: 'Read timeout from server' };
      const received = await this.#stream.read(micros(Math.min(left, connectTimeout)));
      if (!received.ok || received.value === 'end') {
        const late = !received.ok && received.error.kind === 'timeout';
        return { kind: 'failure', reason: `Read ${late ? 'timeout' : 'failure'} from server` };
      }
      for (const byte of received.value) this.#pending += String.fromCharCode(byte);
    }
  }

  #cut(end: number): Reply {
    const line = this.#dropped || end >= LONGEST_REPLY ? '' : this.#pending.slice(0, end);
    this.#dropped = false;
    this.#pending = '';
    return { kind: 'line', line: line.endsWith('\r') ? line.slice(0, -1) : line };
  }
}

function connectFailure({ checker, realServer }: CheckerTarget<SmtpChecker>, error: DialFailure): AttemptResult {
  const { connection } = checker;
  const own = postponed(error, 'SMTP_CHECK socket bind failed. Rescheduling.');
  if (own) return own;
  if (error.kind === 'timeout') return smtpFailure(`Connection timeout to server ${endpointName(connection)}`);
  if (isUnreachable(error)) {
    const named = realServer.replace(/\]:[a-z]+:/, ']:');
    return smtpFailure(`Network unreachable for server ${connection.address} - real server ${named}`);
  }
  return smtpFailure(`Could not connect to server ${endpointName(connection)}`);
}
