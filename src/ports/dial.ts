import type { CheckerConnection } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import type { Result } from '../lib/result.ts';

/** The kernel would not give the socket the address, port or interface that it was to have. */
export interface BindFailure {
  readonly kind: 'bind';
  /** The kernel's words. */
  readonly message: string;
  /** The interface, where that was the trouble. */
  readonly device?: string;
}

/** Our own host would not even try: no route, a route that forbids it, an address that is none. */
export interface NotAsked {
  readonly kind: 'notAsked';
  readonly code: string;
  /** The kernel's words. */
  readonly message: string;
  readonly errno: number;
}

/**
 * Why no connection came about. `bind` is trouble of our own host: it says nothing about the server. The code EPROTO is
 * a server that does not speak TLS.
 */
export type DialFailure =
  | BindFailure
  | NotAsked
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'aborted' };

export type ReadFailure =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'aborted' };

/** One TCP connection, read by one reader. */
export interface Stream {
  /** Queues bytes for sending; a failure shows at the next read. */
  write(data: Uint8Array): void;
  /** The next bytes, or 'end' once the other side has finished; waits no longer than `limit`. */
  read(limit: Duration): Promise<Result<Uint8Array | 'end', ReadFailure>>;
  /** Drops the connection and whatever is unsent. */
  close(): void;
}

/** What a TLS handshake offers; the server's certificate is not judged. */
export interface HandshakeOptions {
  /** Name of the server in the handshake (RFC 6066, section 3); absent sends none. */
  readonly serverName?: string;
  /** Close with an exchange of close_notify (RFC 8446, section 6.1) instead of at once. */
  readonly closesFully: boolean;
}

/** Opens TLS connections, with the client certificate of the configuration. */
export interface SecureDial {
  /** Connects and shakes hands, each within `connection.connectTimeout`. */
  connect(
    connection: CheckerConnection,
    handshake: HandshakeOptions,
    signal: AbortSignal,
  ): Promise<Result<Stream, DialFailure>>;
}

/** Opens TCP connections. Nothing here throws for what a network can do. */
export interface Dial {
  /** Connects within `connection.connectTimeout`; aborting `signal` ends the wait and every later read. */
  connect(connection: CheckerConnection, signal: AbortSignal): Promise<Result<Stream, DialFailure>>;
  /** Connects as above and closes again at once; why that failed, or undefined. */
  probe(connection: CheckerConnection, signal: AbortSignal): Promise<DialFailure | undefined>;
}
