import { createServer, type Server, type Socket } from 'node:net';

/** Types of RFC 2741, section 6.1. */
const OPEN = 1;
const REGISTER = 3;
const GET = 5;
const GET_NEXT = 6;
const RESPONSE = 18;
const NETWORK_BYTE_ORDER = 0x10;
const HEADER_LENGTH = 20;

/** What a subagent answered: the type of the variable that came back, and the bytes of its value. */
export interface MasterAnswer {
  readonly type: number;
  readonly value: Buffer;
}

/** A master agent of AgentX with one subagent. `registrationError` is what it says of every registration. */
export class AgentxMaster {
  readonly path: string;
  readonly registered: Promise<void>;
  readonly #server: Server;
  readonly #answers = new Map<number, (answer: MasterAnswer) => void>();
  #socket: Socket | undefined;
  #packet = 1000;

  constructor(path: string, registrationError = 0) {
    this.path = path;
    let done: () => void = () => {};
    this.registered = new Promise((resolve) => {
      done = resolve;
    });
    this.#server = createServer((socket) => {
      this.#socket = socket;
      let pending = Buffer.alloc(0);
      socket.on('data', (data) => {
        pending = Buffer.concat([pending, data]);
        while (pending.length >= HEADER_LENGTH) {
          const length = HEADER_LENGTH + pending.readUInt32BE(16);
          if (pending.length < length) return;
          this.#received(pending.subarray(0, length), registrationError, done);
          pending = pending.subarray(length);
        }
      });
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.path, resolve));
  }

  get(oid: string): Promise<MasterAnswer> {
    return this.#ask(GET, oid);
  }

  next(oid: string): Promise<MasterAnswer> {
    return this.#ask(GET_NEXT, oid);
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }

  #ask(type: number, oid: string): Promise<MasterAnswer> {
    const packet = this.#packet++;
    const range = Buffer.concat([encodeOid(oid), Buffer.alloc(4)]);
    this.#send(type, packet, range);
    return new Promise((resolve) => this.#answers.set(packet, resolve));
  }

  #received(frame: Buffer, registrationError: number, registered: () => void): void {
    const type = frame.readUInt8(1);
    const packet = frame.readUInt32BE(12);
    if (type === RESPONSE) {
      this.#answers.get(packet)?.(decodeVariable(frame.subarray(HEADER_LENGTH + 8)));
      return;
    }
    const response = Buffer.alloc(8);
    if (type === REGISTER) response.writeUInt16BE(registrationError, 4);
    this.#send(RESPONSE, packet, response);
    if (type === REGISTER) registered();
    else if (type !== OPEN) throw new Error(`unexpected type ${type}`);
  }

  #send(type: number, packet: number, payload: Buffer): void {
    const header = Buffer.alloc(HEADER_LENGTH);
    header.set([1, type, NETWORK_BYTE_ORDER, 0]);
    header.writeUInt32BE(7, 4);
    header.writeUInt32BE(packet, 12);
    header.writeUInt32BE(payload.length, 16);
    this.#socket?.write(Buffer.concat([header, payload]));
  }
}

function encodeOid(oid: string): Buffer {
  const parts = oid.split('.').map(Number);
  const bytes = Buffer.alloc(4 + 4 * parts.length);
  bytes.writeUInt8(parts.length, 0);
  for (const [at, part] of parts.entries()) bytes.writeUInt32BE(part, 4 + 4 * at);
  return bytes;
}

/** The first variable of an answer. */
function decodeVariable(bytes: Buffer): MasterAnswer {
  const nameLength = 4 + 4 * bytes.readUInt8(4);
  return { type: bytes.readUInt16BE(0), value: bytes.subarray(4 + nameLength) };
}
