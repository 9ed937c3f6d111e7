/** Before each message comes its length in four bytes. */
const HEADER = 4;
const AT_ONCE = 65_536;

/** Makes whole messages of a stream of bytes, without copying a long one more often than once. */
export class MessageReader {
  readonly #received: (message: Uint8Array) => void;
  /** What is read while no message is known to be longer than it. */
  readonly #short = new Uint8Array(AT_ONCE);
  #bytes = this.#short;
  #length = 0;

  /** @param received gets each message in memory of its own */
  constructor(received: (message: Uint8Array) => void) {
    this.#received = received;
  }

  /** A message as it travels. */
  static frame(message: Uint8Array): Uint8Array {
    const framed = Buffer.allocUnsafe(HEADER + message.length);
    framed.writeUInt32BE(message.length);
    framed.set(message, HEADER);
    return framed;
  }

  /** Where what comes next belongs. */
  space(): Uint8Array {
    return this.#bytes.subarray(this.#length);
  }

  /** So many bytes have come there. */
  filled(count: number): void {
    this.#length += count;
    const bytes = this.#bytes;
    const messages: Uint8Array[] = [];
    let at = 0;
    let wanted = HEADER;
    for (;;) {
      wanted = HEADER + lengthOf(bytes, at, this.#length);
      if (this.#length - at < wanted) break;
      messages.push(bytes.slice(at + HEADER, at + wanted));
      at += wanted;
    }
    const rest = bytes.subarray(at, this.#length);
    if (at > 0 || wanted > bytes.length) {
      this.#bytes = wanted > AT_ONCE ? new Uint8Array(wanted) : this.#short;
      this.#bytes.set(rest);
      this.#length = rest.length;
    }
    for (const message of messages) this.#received(message);
  }
}

/** 0 as long as the length itself has not come. */
function lengthOf(bytes: Uint8Array, at: number, end: number): number {
  return end - at < HEADER ? 0 : new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
}
