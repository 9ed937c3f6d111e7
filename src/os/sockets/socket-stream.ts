import { concatenate } from '../../lib/concatenate.ts';
import type { Duration } from '../../lib/duration.ts';
import { errno } from '../../lib/errno.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { ReadFailure, Stream } from '../../ports/dial.ts';
import { native, type ReceivedMessage } from '../native.ts';
import { Waiting } from '../patience.ts';
import { atEndOfTurn } from '../turn.ts';
import { FAILED, READABLE, ReadySocket, WRITABLE } from './ready-sockets.ts';

const { MSG_NOSIGNAL } = native.constants;

/** A server that sends without a pause gets no more than this before others have their turn. */
const BYTES_A_TURN = 65_536;

/** Shared by all streams: what is read is copied out at once. */
const buffer = new Uint8Array(65536);
const received: ReceivedMessage = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };

/** A connected TCP socket, read only while somebody waits for it. */
export class SocketStream implements Stream {
  readonly #socket: ReadySocket;
  readonly #signal: AbortSignal;
  #unsent: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  readonly #waiting = new Waiting(() => this.#await());
  #open = true;
  /** Bytes since the reader last waited. */
  #unbroken = 0;

  readonly #aborted = (): void => this.#waiting.end();

  /** Owns the descriptor from now on. */
  constructor(fd: number, signal: AbortSignal) {
    this.#signal = signal;
    this.#socket = new ReadySocket(fd, 0, (events) => this.#ready(events));
    signal.addEventListener('abort', this.#aborted);
  }

  write(data: Uint8Array): void {
    this.#unsent = this.#unsent.length === 0 ? data : concatenate([this.#unsent, data]);
    this.#send();
  }

  async read(limit: Duration): Promise<Result<Uint8Array | 'end', ReadFailure>> {
    let late = false;
    if (this.#unbroken >= BYTES_A_TURN) await this.#pause();
    for (;;) {
      // A descriptor that was closed may be another socket's by now.
      if (this.#signal.aborted || !this.#open) return err({ kind: 'aborted' });
      const length = native.recvmsg(this.#socket.fd, buffer, null, null, 0, received);
      if (length > 0) {
        this.#unbroken += length;
        return ok(buffer.slice(0, length));
      }
      if (length === 0) return ok('end');
      if (length !== -errno.EAGAIN) return err({ kind: 'failed', code: native.describeError(-length)[0] });
      if (late) return err({ kind: 'timeout' });
      late = !(await this.#waiting.begin(limit));
      this.#unbroken = 0;
    }
  }

  close(): void {
    this.#open = false;
    this.#signal.removeEventListener('abort', this.#aborted);
    this.#socket.close();
    this.#waiting.end();
  }

  async #pause(): Promise<void> {
    await new Promise<void>(atEndOfTurn);
    this.#unbroken = 0;
  }

  #ready(events: number): void {
    if (events & (WRITABLE | FAILED)) this.#send();
    if (events & (READABLE | FAILED)) this.#waiting.end();
  }

  /** Hands the kernel what it takes. A failure waits in the socket for the reader. */
  #send(): void {
    if (this.#unsent.length > 0) {
      const sent = native.sendmsg(this.#socket.fd, this.#unsent, null, null, MSG_NOSIGNAL);
      if (sent > 0) this.#unsent = this.#unsent.subarray(sent);
      else if (sent !== -errno.EAGAIN) this.#unsent = new Uint8Array(0);
    }
    this.#await();
  }

  #await(): void {
    if (this.#open) this.#socket.await((this.#waiting.isOn ? READABLE : 0) | (this.#unsent.length > 0 ? WRITABLE : 0));
  }
}
