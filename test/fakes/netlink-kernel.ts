import { ByteWriter } from '../../src/lib/byte-writer.ts';
import { encodeMessage, type Message, messageFlag, messagesIn, messageType } from '../../src/netlink/message.ts';
import type { NetlinkReceipt, NetlinkSocket } from '../../src/ports/netlink.ts';

/** One message of an answer: its type, flags and what follows the header. */
export interface Reply {
  readonly type: number;
  readonly flags?: number;
  readonly body: (writer: ByteWriter) => void;
}

/** What a kernel says to one request: messages, then an error number (0 for success). */
export interface Answer {
  readonly replies?: readonly Reply[];
  readonly errno?: number;
}

/** A netlink socket whose kernel is a function; it answers within `send`, as the real one does. */
export class FakeNetlinkSocket implements NetlinkSocket {
  readonly portId = 4711;
  /** Datagrams sent, and how many messages each held. */
  readonly batches: number[] = [];
  closed = false;
  /** How many of the next receipts are lost to an overrun. */
  dropNext = 0;
  readonly #answer: (request: Message) => Answer;
  readonly #queue: Uint8Array[] = [];
  #readable: (() => void) | undefined;
  #overrun = false;

  constructor(answer: (request: Message) => Answer = () => ({})) {
    this.#answer = answer;
  }

  send(batch: Uint8Array): void {
    let count = 0;
    for (const request of messagesIn(batch.slice())) {
      count++;
      this.#respond(request);
    }
    this.batches.push(count);
  }

  receive(): NetlinkReceipt {
    if (this.#overrun) {
      this.#overrun = false;
      return 'overrun';
    }
    return this.#queue.shift() ?? 'empty';
  }

  onReadable(readable: () => void): void {
    this.#readable = readable;
  }

  close(): void {
    this.closed = true;
  }

  /** An event of the kernel's own accord, or caused by the request of the process at `portId`. */
  emit(reply: Reply, portId = 0): void {
    this.#deliver(datagramOf(reply, 0, portId));
    this.#readable?.();
  }

  /** Events were dropped. */
  emitOverrun(): void {
    this.#overrun = true;
    this.#readable?.();
  }

  #respond(request: Message): void {
    const { replies = [], errno = 0 } = this.#answer(request);
    const dump = (request.flags & messageFlag.dump) === messageFlag.dump;
    for (const reply of replies) {
      const flags = (reply.flags ?? 0) | (dump ? messageFlag.multi : 0);
      this.#deliver(datagramOf({ ...reply, flags }, request.sequence, this.portId));
    }
    if (dump && errno === 0) this.#deliver(status(messageType.done, request, 0, this.portId));
    else if (errno !== 0 || request.flags & messageFlag.ack) {
      this.#deliver(status(messageType.error, request, errno, this.portId));
    }
  }

  #deliver(datagram: Uint8Array): void {
    if (this.dropNext > 0) {
      this.dropNext--;
      this.#overrun = true;
    } else this.#queue.push(datagram);
  }
}

function datagramOf(reply: Reply, sequence: number, portId: number): Uint8Array {
  const writer = new ByteWriter(256);
  encodeMessage(writer, { type: reply.type, flags: 0, body: reply.body }, 0, sequence);
  const datagram = writer.written().slice();
  const header = new ByteWriter(8);
  header.u16(reply.flags ?? 0);
  datagram.set(header.written(), 6);
  header.clear();
  header.u32(portId);
  datagram.set(header.written(), 12);
  return datagram;
}

/** NLMSG_ERROR with the capped request header, or NLMSG_DONE. */
function status(type: number, request: Message, errno: number, portId: number): Uint8Array {
  const flags = type === messageType.error ? messageFlag.capped : messageFlag.multi;
  const body = (writer: ByteWriter): void => {
    writer.u32(-errno);
    if (type === messageType.error) writer.zeros(16);
  };
  return datagramOf({ type, flags, body }, request.sequence, portId);
}
