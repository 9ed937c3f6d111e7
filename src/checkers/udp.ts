import type { UdpChecker } from '../config/types.ts';
import { after, micros } from '../lib/duration.ts';
import type { DatagramFailure, DatagramSocket } from '../ports/datagram.ts';
import type { AttemptResult, CheckerPorts, CheckerTarget } from './attempt.ts';
import { afterRetries, type CheckerKind, failure, plainMail, plainRules } from './kind.ts';

/** What is sent when no payload is configured. */
const FILLER = new TextEncoder().encode('keepalived check - keepalived ch');

/**
 * UDP_CHECK: one datagram goes out. Without require_reply the server is good unless an ICMP error comes back within
 * connect_timeout; with it, when the first datagram that comes back has the right length and bytes.
 */
export const udpCheck: CheckerKind<UdpChecker> = {
  async attempt(target, _step, ports, signal) {
    const opened = ports.datagrams.open(target.checker.connection, 'udp', 'unreachable', signal);
    if (!opened.ok) return socketFailure(opened.error);
    try {
      return await exchange(target, opened.value, ports);
    } finally {
      opened.value.close();
    }
  },
  rules: ({ checker, realServer }) =>
    plainRules(checker.schedule, {
      up: `UDP connection to ${realServer} success.`,
      down: (retries) => `UDP_CHECK on service ${realServer} failed${afterRetries(retries)}.`,
      detailApart: true,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: plainMail('UDP CHECK'),
    }),
};

async function exchange(
  { checker, realServer }: CheckerTarget<UdpChecker>,
  socket: DatagramSocket,
  { clock }: CheckerPorts,
): Promise<AttemptResult> {
  const refused = failure(`UDP connection to ${realServer} failed.`);
  if (socket.send(checker.payload.length === 0 ? FILLER : checker.payload)) return refused;
  const until = after(clock.now(), checker.connection.connectTimeout);
  const received = await socket.receive(micros(Math.max(0, until - clock.now())));
  if (!received.ok) return received.error.kind === 'timeout' && !checker.requireReply ? { kind: 'success' } : refused;
  if (!checker.requireReply || isExpected(checker, received.value)) return { kind: 'success' };
  return failure(`UDP check to ${realServer} reply data mismatch.`);
}

/** Whether length and bytes are right, as far as both the datagram and what is required of it reach. */
function isExpected(checker: UdpChecker, datagram: Uint8Array): boolean {
  const { minimumReplyLength, maximumReplyLength, reply } = checker;
  if (datagram.length < minimumReplyLength || datagram.length > maximumReplyLength) return false;
  if (!reply) return true;
  return datagram
    .subarray(0, reply.bytes.length)
    .every((byte, i) => ((byte ^ (reply.bytes[i] ?? 0)) & (reply.mask[i] ?? 0xff)) === 0);
}

/** Trouble of our own host counts against the server here, as keepalived has it. */
function socketFailure(error: DatagramFailure): AttemptResult {
  if (error.kind === 'bind') return failure(`bind failed. errno: ${error.errno}, error: ${error.message}`);
  return error.kind === 'notAsked'
    ? failure(`UDP connect error ${error.errno} - ${error.message}`)
    : failure('aborted');
}
