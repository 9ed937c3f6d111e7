import type { DnsChecker } from '../config/types.ts';
import { after, micros } from '../lib/duration.ts';
import type { DatagramFailure } from '../ports/datagram.ts';
import {
  type AttemptResult,
  type CheckerTarget,
  endpointName,
  isUnreachable,
  MOST_OTHER_DATAGRAMS,
  postponed,
} from './attempt.ts';
import { type CheckerKind, failure, plainRules } from './kind.ts';

/** TYPE values (RFC 1035, section 3.2.2; RFC 3596; RFC 4034). */
const types: Readonly<Record<DnsChecker['type'], number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  RRSIG: 46,
  DNSKEY: 48,
};
const CLASS_IN = 1;
/** Header bits (RFC 1035, section 4.1.1). */
const QR = 0x80;
const RD = 0x01;
const RCODE = 0x0f;
/** keepalived reads no further than the number of answers, and so do we. */
const SHORTEST_RESPONSE = 8;
const LONGEST_LABEL = 63;

/**
 * DNS_CHECK: one question over UDP (RFC 1035, section 4.2.1); the server is good when a response with its identifier
 * and RCODE 0 comes back within connect_timeout. What it answers is not looked at.
 */
export const dnsCheck: CheckerKind<DnsChecker> = {
  async attempt(target, _step, { datagrams, clock, random }, signal) {
    const { connection } = target.checker;
    const opened = datagrams.open(connection, 'udp', 'final', signal);
    if (!opened.ok) return openFailure(target, opened.error);
    const socket = opened.value;
    try {
      const id = Math.floor(random() * 65536);
      if (socket.send(dnsQuery(target.checker, id))) return dnsFailure(target, 'failed to write socket.');
      const until = after(clock.now(), connection.connectTimeout);
      for (let others = 0; others <= MOST_OTHER_DATAGRAMS; others++) {
        const received = await socket.receive(micros(Math.max(0, until - clock.now())));
        if (!received.ok) return dnsFailure(target, readFailure(received.error));
        const code = responseCode(received.value, id);
        if (code === 0) return { kind: 'success' };
        if (code !== undefined) return dnsFailure(target, `read error occurred. (rcode = ${code})`);
      }
      return dnsFailure(target, readFailure({ kind: 'timeout' }));
    } finally {
      socket.close();
    }
  },
  rules: ({ checker }) =>
    plainRules(checker.schedule, {
      down: (retries, { detail }) => `${detail}${retries === undefined ? '' : ` after ${retries} retries`}`,
      detailApart: false,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: {
        up: '=> DNS_CHECK: succeed on service <=',
        down: () => '=> DNS_CHECK: failed on service <=',
      },
    }),
};

/** A query with recursion desired. The name is in presentation form, without escapes. */
function dnsQuery({ name, type }: Pick<DnsChecker, 'name' | 'type'>, id: number): Uint8Array {
  const labels = name.split('.').filter((label) => label !== '');
  const bytes = [id >> 8, id & 0xff, RD, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  for (const label of labels) {
    const encoded = new TextEncoder().encode(label).subarray(0, LONGEST_LABEL);
    bytes.push(encoded.length, ...encoded);
  }
  bytes.push(0, 0, types[type], 0, CLASS_IN);
  return Uint8Array.from(bytes);
}

/** RCODE of the response to query `id`; undefined when this is something else. */
function responseCode(message: Uint8Array, id: number): number | undefined {
  const [high = 0, low = 0, flags = 0, code = 0] = message;
  if (message.length < SHORTEST_RESPONSE || (high << 8) + low !== id || (flags & QR) === 0) return undefined;
  return code & RCODE;
}

function dnsFailure({ realServer }: CheckerTarget, reason: string): AttemptResult {
  return failure(`DNS_CHECK (${realServer}) ${reason}`);
}

function openFailure(target: CheckerTarget<DnsChecker>, error: DatagramFailure): AttemptResult {
  const { checker, realServer } = target;
  const own = postponed(error, `DNS_CHECK (${realServer}) UDP socket bind failed. Rescheduling.`);
  if (own) return own;
  const unreachable = isUnreachable(error);
  const reason = unreachable ? `network unreachable for ${endpointName(checker.connection)}` : 'UDP connect error.';
  return dnsFailure(target, reason);
}

function readFailure(error: DatagramFailure): string {
  if (error.kind !== 'failed') return 'read timeout from socket';
  return `failed to read socket; errno ${error.errno} (${error.message})`;
}
