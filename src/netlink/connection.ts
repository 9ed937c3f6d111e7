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
 * Refusals of a batch wait in the socket's receive buffer, about a kilobyte each by the kernel's accounting; 200 stay
 * within the default of 208 KiB, as do the requests within the send buffer.
 */
const BATCH_MESSAGES = 200;
const DUMP_ATTEMPTS = 10;
const SUCCESS: KernelError = Object.freeze({ errno: 0 });
/** For a request to which the kernel gave no answer. */
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
   * others. Requests are taken from the iterable batch by batch, so that thousands need not exist at once. When the
   * kernel had to drop answers, the requests without one are sent again one by one, so a request may act twice:
   * "already so" must be success for the caller. Throws what the socket's `send` throws.
   */
  transact(requests: Iterable<Request>): KernelError[] {
    const answers: KernelError[] = [];
    let batch: Request[] = [];
    for (const request of requests) {
      batch.push(request);
      if (batch.length < BATCH_MESSAGES) continue;
      this.#batch(batch, answers);
      batch = [];
    }
    if (batch.length > 0) this.#batch(batch, answers);
    return answers;
  }

  /**
   * Sends `requests` as one datagram that the kernel carries out whole or not at all (nfnetlink batches); the last but
   * one asks for the acknowledgement, since the last only marks the end. The first refusal, or undefined.
   */
  transactWhole(requests: readonly Request[]): KernelError | undefined {
    const first = this.#nextSequence();
    const acknowledged = first + requests.length - 2;
    this.#writer.clear();
    for (let i = 0; i < requests.length; i++) {
      const flags = first + i === acknowledged ? messageFlag.ack : 0;
      encodeMessage(this.#writer, requests[i] as Request, flags, first + i);
    }
    this.#sequence = first + requests.length - 1;
    this.#socket.send(this.#writer.written());
    const { errors, overrun } = this.#collect(first, acknowledged);
    const refusals = [...errors.entries()].filter(([, error]) => error.errno !== 0).sort(([a], [b]) => a - b);
    if (refusals.length > 0) return refusals[0]?.[1];
    if (errors.has(acknowledged)) return undefined;
    return { errno: overrun ? errno.ENOBUFS : NO_ANSWER };
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

  /**
   * Only the last request asks for an acknowledgement: the kernel works through a batch in order before `send`
   * returns, and reports errors unasked, so that silence about the others means success.
   */
  #batch(requests: readonly Request[], answers: KernelError[]): void {
    const first = this.#nextSequence();
    const last = first + requests.length - 1;
    this.#writer.clear();
    for (let i = 0; i < requests.length; i++) {
      const flags = first + i === last ? messageFlag.ack : 0;
      encodeMessage(this.#writer, requests[i] as Request, flags, first + i);
    }
    this.#sequence = last;
    this.#socket.send(this.#writer.written());
    const { errors, overrun } = this.#collect(first, last);
    for (let i = 0; i < requests.length; i++) {
      const error = errors.get(first + i);
      if (error) answers.push(error);
      else if (!overrun) answers.push(errors.has(last) ? SUCCESS : { errno: NO_ANSWER });
      else if (requests.length > 1) this.#batch([requests[i] as Request], answers);
      else answers.push({ errno: errno.ENOBUFS });
    }
  }

  /** Takes answers by sequence number until that of `last` is there or the socket is empty. */
  #collect(first: number, last: number): { errors: Map<number, KernelError>; overrun: boolean } {
    const errors = new Map<number, KernelError>();
    let overrun = false;
    while (!errors.has(last)) {
      const receipt = this.#socket.receive();
      if (receipt === 'empty') break;
      if (receipt === 'overrun') {
        overrun = true;
        continue;
      }
      for (const message of messagesIn(receipt)) {
        if (message.type !== messageType.error || message.sequence < first || message.sequence > last) continue;
        errors.set(message.sequence, decodeError(message));
      }
    }
    return { errors, overrun };
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
