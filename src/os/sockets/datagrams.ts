import type { Duration } from '../../lib/duration.ts';
import { errno } from '../../lib/errno.ts';
import { addressFamily } from '../../lib/ip.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DatagramFailure, DatagramSocket, Datagrams, IcmpErrors } from '../../ports/datagram.ts';
import { bindFailure, checkerSocket, serverAddress } from './checker-socket.ts';
import { decodeControlMessages } from './control-message.ts';
import { notAsked } from './dial.ts';
import { native, type NativeError, type ReceivedMessage } from '../native.ts';
import { Waiting } from '../patience.ts';
import { atEndOfTurn } from '../turn.ts';
import { READABLE, ReadySocket } from './ready-sockets.ts';

const { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IP, IPPROTO_IPV6, IP_RECVERR } = native.constants;
const { MSG_ERRQUEUE, MSG_NOSIGNAL, SOCK_DGRAM } = native.constants;

/** linux/in6.h */
const IPV6_RECVERR = 25;
/** struct sock_extended_err (linux/errqueue.h): ee_origin, ee_type; an error of our own host has the origin LOCAL. */
const ORIGIN_AT = 4;
const TYPE_AT = 5;
const ORIGIN = { local: 1, icmp: 2, icmp6: 3 } as const;
/** Destination unreachable (RFC 792; RFC 4443, section 3.1). */
const UNREACHABLE = { [ORIGIN.icmp]: 3, [ORIGIN.icmp6]: 1 } as const;

/** A server that sends without a pause gets no more than this before others have their turn. */
const DATAGRAMS_A_TURN = 32;

const buffer = new Uint8Array(65536);
const control = new Uint8Array(512);
const received: ReceivedMessage = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };

/** Datagram sockets of this process's network namespace. */
export const datagrams: Datagrams = {
  open(connection, protocol, errors, signal) {
    if (signal.aborted) return err({ kind: 'aborted' });
    const family = addressFamily(connection.address);
    const icmp = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    let fd: number;
    try {
      fd = checkerSocket(connection, SOCK_DGRAM, protocol === 'icmp' ? icmp : 0);
    } catch (error) {
      const failure = error as NativeError;
      return err({ ...bindFailure(failure, connection), errno: failure.errno });
    }
    const failure = prepared(fd, family, errors, () => native.connect(fd, serverAddress(connection)));
    if (failure === 0) return ok(new ConnectedSocket(fd, signal));
    native.close(fd);
    return err(notAsked(failure));
  },
};

/** Asks for ICMP errors and connects: 0 or errno. */
function prepared(fd: number, family: 4 | 6, errors: IcmpErrors, connect: () => number): number {
  try {
    if (errors === 'final') return -connect();
    if (family === 4) native.setsockopt(fd, IPPROTO_IP, IP_RECVERR, 1);
    else native.setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    return -connect();
  } catch (error) {
    return (error as NativeError).errno;
  }
}

class ConnectedSocket implements DatagramSocket {
  readonly turn = 0;
  readonly #socket: ReadySocket;
  readonly #signal: AbortSignal;
  readonly #waiting = new Waiting(() => this.#follow());
  /** Datagrams since the reader last waited. */
  #unbroken = 0;
  readonly #aborted = (): void => this.#waiting.end();

  constructor(fd: number, signal: AbortSignal) {
    this.#signal = signal;
    this.#socket = new ReadySocket(fd, READABLE, () => this.#ready());
    signal.addEventListener('abort', this.#aborted);
  }

  send(data: Uint8Array): DatagramFailure | undefined {
    const sent = native.sendmsg(this.#socket.fd, data, null, null, MSG_NOSIGNAL);
    return sent < 0 ? failed(-sent) : undefined;
  }

  async receive(limit: Duration): Promise<Result<Uint8Array, DatagramFailure>> {
    if (++this.#unbroken > DATAGRAMS_A_TURN) await this.#pause();
    for (let late = false; ; ) {
      if (this.#signal.aborted) return err({ kind: 'aborted' });
      const length = native.recvmsg(this.#socket.fd, buffer, null, null, 0, received);
      if (length >= 0) return ok(buffer.slice(0, length));
      if (length !== -errno.EAGAIN && this.#isRefusal()) return err(failed(-length));
      if (length !== -errno.EAGAIN) continue;
      if (late) return err({ kind: 'timeout' });
      late = !(await this.#waiting.begin(limit));
      this.#unbroken = 0;
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
    this.#socket.close();
    this.#waiting.end();
  }

  /** The error's origin, from the error queue if there is one: of ICMP only "destination unreachable" is an answer. */
  #isRefusal(): boolean {
    const length = native.recvmsg(this.#socket.fd, buffer, null, control, MSG_ERRQUEUE, received);
    if (length < 0) return true;
    return decodeControlMessages(control, received.controlLength).some(({ data }) => {
      const origin = data[ORIGIN_AT];
      if (origin === ORIGIN.icmp || origin === ORIGIN.icmp6) return data[TYPE_AT] === UNREACHABLE[origin];
      return origin === ORIGIN.local;
    });
  }

  async #pause(): Promise<void> {
    await new Promise<void>(atEndOfTurn);
    this.#unbroken = 0;
  }

  #follow(): void {
    if (this.#waiting.isOn) this.#socket.await(READABLE);
  }

  #ready(): void {
    if (this.#waiting.isOn) this.#waiting.end();
    else this.#socket.await(0);
  }
}

function failed(number: number): DatagramFailure {
  const [code, message] = native.describeError(number);
  return { kind: 'failed', code, message, errno: number };
}
