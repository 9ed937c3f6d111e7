import type { CheckerConnection } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import type { Result } from '../lib/result.ts';
import type { BindFailure, NotAsked } from './dial.ts';

/** Why datagrams do not flow. `bind` is trouble of our own host: it says nothing about the server. */
export type DatagramFailure =
  | (BindFailure & { readonly errno: number })
  | NotAsked
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly errno: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/** A socket that exchanges datagrams with one server; read by one reader. */
export interface DatagramSocket {
  /** How many attempts had the socket before this one; 0 unless it is held open. */
  readonly turn: number;
  /** Hands one datagram to the kernel; undefined, or why it would not take it. */
  send(data: Uint8Array): DatagramFailure | undefined;
  /** The next datagram, or the server's refusal; waits no longer than `limit`. */
  receive(limit: Duration): Promise<Result<Uint8Array, DatagramFailure>>;
  close(): void;
}

/**
 * Which ICMP errors end a receive: those that the kernel takes for final (ip(7)), or every "destination unreachable" and
 * no other.
 */
export type IcmpErrors = 'final' | 'unreachable';

/** Opens datagram sockets. Nothing here throws for what a network can do. */
export interface Datagrams {
  /**
   * A socket for UDP, or for ICMP echo requests (whose identifier the kernel fills in and whose answers it matches).
   * Aborting `signal` ends every later receive. Nothing is sent yet.
   */
  open(
    connection: CheckerConnection,
    protocol: 'udp' | 'icmp',
    errors: IcmpErrors,
    signal: AbortSignal,
  ): Result<DatagramSocket, DatagramFailure>;
}
