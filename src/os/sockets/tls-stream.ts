import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Duration } from '../../lib/duration.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { ReadFailure, Stream } from '../../ports/dial.ts';
import { Waiting, milliseconds } from '../patience.ts';

/** A TLS connection after its handshake, paused except while somebody reads. */
export class TlsStream implements Stream {
  readonly #secured: TLSSocket;
  /** The connection beneath. */
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  readonly #closesFully: boolean;
  /** How long the other side gets to say good-bye. */
  readonly #patience: Duration;
  #failure: ReadFailure | undefined;
  #ended = false;
  readonly #waiting = new Waiting();

  readonly #aborted = (): void => this.#fail({ kind: 'aborted' });

  constructor(secured: TLSSocket, socket: Socket, signal: AbortSignal, closesFully: boolean, patience: Duration) {
    this.#secured = secured;
    this.#socket = socket;
    this.#signal = signal;
    this.#closesFully = closesFully;
    this.#patience = patience;
    signal.addEventListener('abort', this.#aborted);
    secured.on('readable', () => this.#waiting.end());
    secured.on('end', () => {
      this.#ended = true;
      this.#waiting.end();
    });
    secured.on('error', (error: NodeJS.ErrnoException) => this.#fail({ kind: 'failed', code: error.code ?? 'EIO' }));
    secured.on('close', () => this.#fail({ kind: 'failed', code: 'ECONNRESET' }));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail({ kind: 'failed', code: error.code ?? 'EIO' }));
  }

  write(data: Uint8Array): void {
    this.#secured.write(data);
  }

  async read(limit: Duration): Promise<Result<Uint8Array | 'end', ReadFailure>> {
    for (let late = false; ; ) {
      const data: Uint8Array | null = this.#secured.read();
      if (data) return ok(data);
      if (this.#ended) return ok('end');
      if (this.#failure) return err(this.#failure);
      if (late) return err({ kind: 'timeout' });
      late = !(await this.#waiting.begin(limit));
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
    if (!this.#closesFully || this.#signal.aborted || this.#failure) {
      this.#drop();
      return;
    }
    const limit = setTimeout(() => this.#drop(), milliseconds(this.#patience));
    this.#secured.once('close', () => {
      clearTimeout(limit);
      this.#drop();
    });
    this.#secured.end();
    this.#secured.resume();
  }

  #drop(): void {
    this.#secured.destroy();
    this.#socket.destroy();
  }

  #fail(failure: ReadFailure): void {
    this.#failure ??= failure;
    this.#waiting.end();
  }
}
