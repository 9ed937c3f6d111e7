import type { PingChecker } from '../config/types.ts';
import { after, micros } from '../lib/duration.ts';
import { addressFamily } from '../lib/ip.ts';
import type { DatagramSocket } from '../ports/datagram.ts';
import { type AttemptResult, MOST_OTHER_DATAGRAMS, postponed } from './attempt.ts';
import { afterRetries, type CheckerKind, failure, plainMail, plainRules } from './kind.ts';

/** Echo and Echo Reply (RFC 792, page 14; RFC 4443, sections 4.1 and 4.2). */
const ECHO_REQUEST = { 4: 8, 6: 128 } as const;
const ECHO_REPLY = { 4: 0, 6: 129 } as const;
const HEADER_LENGTH = 8;
const PAYLOAD_LENGTH = 64;
const PAYLOAD = new TextEncoder().encode('keepalived check - '.repeat(4)).subarray(0, PAYLOAD_LENGTH);
const NO_WAIT = micros(0);

/**
 * PING_CHECK: an ICMP echo request is answered within connect_timeout. Its attempts share a socket and with it the
 * identifier, and count in the sequence number. ICMP errors are no answer.
 */
export const pingCheck: CheckerKind<PingChecker> = {
  async attempt({ checker, realServer }, _step, { datagrams, clock }, signal) {
    const { connection } = checker;
    const opened = datagrams.open(connection, 'icmp', 'final', signal);
    if (!opened.ok) {
      const { error } = opened;
      const unbound = error.kind === 'bind' ? postponed(error, 'ICMP socket bind failed. Rescheduling.') : undefined;
      return unbound ?? failure('send ICMP packet fail');
    }
    const socket = opened.value;
    try {
      const sequence = socket.turn & 0xffff;
      if (socket.turn > 0) await discardLate(socket);
      if (socket.send(echoRequest(addressFamily(connection.address), sequence)))
        return failure('send ICMP packet fail');
      const until = after(clock.now(), connection.connectTimeout);
      for (let others = 0; others <= MOST_OTHER_DATAGRAMS; others++) {
        const received = await socket.receive(micros(Math.max(0, until - clock.now())));
        if (!received.ok && received.error.kind !== 'failed') return noReply(realServer);
        if (received.ok && isReply(received.value, addressFamily(connection.address), sequence))
          return { kind: 'success' };
      }
      return noReply(realServer);
    } finally {
      socket.close();
    }
  },
  holdsSocket: true,
  rules: ({ checker, realServer, virtualServer }) =>
    plainRules(checker.schedule, {
      up: `ICMP connection to ${realServer} success.`,
      down: (retries = 0) => {
        const of = retries > 0 ? ` of ${virtualServer}` : '';
        return `ICMP CHECK on service ${realServer}${of} failed${afterRetries(retries)}.`;
      },
      detailApart: true,
      detailsAlpha: false,
      claimsFirstRunRetries: false,
      mail: plainMail('ICMP CHECK'),
    }),
};

/** Answers to earlier requests, and errors that came meanwhile, are not to stand in the way of this one. */
async function discardLate(socket: DatagramSocket): Promise<void> {
  for (let others = 0; others < MOST_OTHER_DATAGRAMS; others++) {
    const received = await socket.receive(NO_WAIT);
    if (!received.ok && received.error.kind !== 'failed') return;
  }
}

/** The kernel fills in checksum and identifier; keepalived counts in the byte order of its host, which we take as little. */
function echoRequest(family: 4 | 6, sequence: number): Uint8Array {
  const packet = new Uint8Array(HEADER_LENGTH + PAYLOAD_LENGTH);
  packet[0] = ECHO_REQUEST[family];
  packet[6] = sequence & 0xff;
  packet[7] = sequence >> 8;
  packet.set(PAYLOAD, HEADER_LENGTH);
  return packet;
}

function isReply(packet: Uint8Array, family: 4 | 6, sequence: number): boolean {
  return (
    packet.length >= HEADER_LENGTH &&
    packet[0] === ECHO_REPLY[family] &&
    ((packet[7] ?? 0) << 8) + (packet[6] ?? 0) === sequence
  );
}

function noReply(realServer: string): AttemptResult {
  return failure(`ICMP connection to address ${realServer} timeout.`);
}
