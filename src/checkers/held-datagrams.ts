import type { CheckerConnection } from '../config/types.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DatagramFailure, DatagramSocket, Datagrams, IcmpErrors } from '../ports/datagram.ts';

interface Held {
  readonly socket: DatagramSocket;
  /** Ends the wait for a datagram. */
  readonly ending: AbortController;
}

/**
 * The datagrams of one checker that holds its socket open from one attempt to the next, so that ICMP echo requests keep
 * their identifier. A socket that would not send, or whose attempt was broken off, is replaced by the next attempt's.
 */
export class HeldDatagrams implements Datagrams {
  readonly #datagrams: Datagrams;
  #held: Held | undefined;
  #turns = 0;

  constructor(datagrams: Datagrams) {
    this.#datagrams = datagrams;
  }

  open(
    connection: CheckerConnection,
    protocol: 'udp' | 'icmp',
    errors: IcmpErrors,
    signal: AbortSignal,
  ): Result<DatagramSocket, DatagramFailure> {
    if (signal.aborted) return err({ kind: 'aborted' });
    if (!this.#held) {
      const ending = new AbortController();
      const opened = this.#datagrams.open(connection, protocol, errors, ending.signal);
      if (!opened.ok) return opened;
      this.#held = { socket: opened.value, ending };
    }
    return ok(this.#lent(this.#held.socket, signal));
  }

  close(): void {
    this.#held?.ending.abort();
    this.#held?.socket.close();
    this.#held = undefined;
  }

  /** The socket for one attempt, which only seems to close it. */
  #lent(socket: DatagramSocket, signal: AbortSignal): DatagramSocket {
    const end = (): void => this.close();
    signal.addEventListener('abort', end);
    let good = true;
    return {
      turn: this.#turns++,
      send: (data) => {
        if (signal.aborted) return { kind: 'aborted' };
        const failure = socket.send(data);
        good &&= failure === undefined;
        return failure;
      },
      receive: (limit) => (signal.aborted ? Promise.resolve(err({ kind: 'aborted' })) : socket.receive(limit)),
      close: () => {
        signal.removeEventListener('abort', end);
        if (!good) this.close();
      },
    };
  }
}
