import { ByteWriter } from '../lib/byte-writer.ts';
import { errno } from '../lib/errno.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { NetlinkSocket } from '../ports/netlink.ts';
import {
  decodeError,
  encodeMessage,
  type KernelError,
  type Message,
  messageFlag,
  messagesIn,
  messageType,
  type Request,
} from './message.ts';

/**
 * The answers to a batch wait in the socket's receive buffer, about a kilobyte each by the kernel's accounting; 200
 * stay within the default of 208 KiB.
 */
const BATCH_MESSAGES = 200;
/** Well within the default send buffer. */
const BATCH_BYTES = 32_768;
const DUMP_ATTEMPTS = 10;
const NO_ANSWER = errno.EPROTO;

/** Requests and their answers over one netlink socket that joins no groups. Every call is synchronous. */
export class NetlinkConnection {
  readonly #socket: NetlinkSocket;
  readonly #writer = new ByteWriter();
  #sequence = 0;

  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  get portId(): number {
    return this.#socket.portId;
  }

  close(): void {
    this.#socket.close();
  }

  /**
   * Sends `requests` in few system calls and gives one answer each, in their order. A refused one does not stop the
   * others. When the kernel had to drop answers, the requests without one are sent again one by one, so a request may
   * act twice: "already so" must be success for the caller. Throws what the socket's `send` throws.
   */
  transact(requests: readonly Request[]): KernelError[] {
    const answers = new Array<KernelError>(requests.length);
    for (let first = 0; first < requests.length; ) first = this.#batch(requests, first, BATCH_MESSAGES, answers);
    return answers;
  }

  /** One request with one answering message, which `decode` turns into a value while its bytes are valid. */
  query<T>(request: Request, decode: (message: Message) => T | undefined): Result<T, KernelError> {
    const sequence = this.#send(request, messageFlag.ack);
    let value: T | undefined;
    for (;;) {
      const receipt = this.#socket.receive();
      if (!(receipt instanceof Uint8Array)) return err({ errno: receipt === 'overrun' ? errno.ENOBUFS : NO_ANSWER });
      for (const message of messagesIn(receipt)) {
        if (message.sequence !== sequence) continue;
        if (message.type !== messageType.error) {
          value = decode(message);
          continue;
        }
        const answer = decodeError(message);
        if (answer.errno !== 0) return err(answer);
        return value === undefined ? err({ errno: NO_ANSWER }) : ok(value);
      }
    }
  }

  /**
   * Every object of a kernel table, `decode` leaving out what it answers undefined for. Read again when the table
   * changed under the reading (NLM_F_DUMP_INTR) or messages were dropped; after ten such attempts the last, possibly
   * inconsistent, reading stands.
   */
  dump<T>(request: Request, decode: (message: Message) => T | undefined): Result<T[], KernelError> {
    for (let attempt = 1; ; attempt++) {
      const items: T[] = [];
      const end = this.#dumpOnce(request, decode, items);
      if (end.errno !== 0 && end.errno !== errno.ENOBUFS) return err(end);
      if (end.complete) return ok(items);
      if (attempt === DUMP_ATTEMPTS) return end.errno === 0 ? ok(items) : err(end);
    }
  }

  #dumpOnce<T>(request: Request, decode: (message: Message) => T | undefined, items: T[]): DumpEnd {
    const sequence = this.#send(request, messageFlag.dump);
    let overrun = false;
    let interrupted = false;
    for (;;) {
      const receipt = this.#socket.receive();
      if (receipt === 'empty') return { errno: overrun ? errno.ENOBUFS : NO_ANSWER, complete: false };
      if (receipt === 'overrun') {
        overrun = true;
        continue;
      }
      for (const message of messagesIn(receipt)) {
        if (message.sequence !== sequence) continue;
        interrupted ||= (message.flags & messageFlag.dumpInterrupted) !== 0;
        if (message.type === messageType.done || message.type === messageType.error) {
          const answer = decodeError(message);
          if (answer.errno === 0 && overrun) return { errno: errno.ENOBUFS, complete: false };
          return { ...answer, complete: answer.errno === 0 && !interrupted };
        }
        const item = decode(message);
        if (item !== undefined) items.push(item);
      }
    }
  }

  #send(request: Request, flags: number): number {
    const sequence = this.#nextSequence();
    this.#writer.clear();
    encodeMessage(this.#writer, request, flags, sequence);
    this.#socket.send(this.#writer.written());
    return sequence;
  }

  /** Sends at most `limit` requests from `first` on and fills their answers; the index of the first not sent. */
  #batch(requests: readonly Request[], first: number, limit: number, answers: KernelError[]): number {
    const writer = this.#writer;
    writer.clear();
    const base = this.#nextSequence();
    let next = first;
    while (next < requests.length && next - first < limit && writer.length < BATCH_BYTES) {
      encodeMessage(writer, requests[next] as Request, messageFlag.ack, base + next - first);
      next++;
    }
    this.#sequence = base + next - first - 1;
    this.#socket.send(writer.written());
    const overrun = this.#collect(base, first, next, answers);
    for (let i = first; i < next; i++) {
      if (answers[i]) continue;
      if (overrun && limit > 1) this.#batch(requests, i, 1, answers);
      else answers[i] = { errno: overrun ? errno.ENOBUFS : NO_ANSWER };
    }
    return next;
  }

  /** Takes answers until all of `first` to `next` are there or the socket is empty; whether some were dropped. */
  #collect(base: number, first: number, next: number, answers: KernelError[]): boolean {
    let overrun = false;
    for (let missing = next - first; missing > 0; ) {
      const receipt = this.#socket.receive();
      if (receipt === 'empty') break;
      if (receipt === 'overrun') {
        overrun = true;
        continue;
      }
      for (const message of messagesIn(receipt)) {
        const i = first + message.sequence - base;
        if (message.type !== messageType.error || i < first || i >= next || answers[i]) continue;
        answers[i] = decodeError(message);
        missing--;
      }
    }
    return overrun;
  }

  /** Never 0, which the kernel uses for what nobody asked for, and far enough from the end for a whole batch. */
  #nextSequence(): number {
    this.#sequence = this.#sequence > 0xffff_0000 ? 1 : this.#sequence + 1;
    return this.#sequence;
  }
}

interface DumpEnd extends KernelError {
  readonly complete: boolean;
}
