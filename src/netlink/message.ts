import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { errno } from '../lib/errno.ts';
import { type Attributes, decodeAttributes, type Table } from './attribute.ts';
import { cstring, u32 } from './kinds.ts';

/** linux/netlink.h: NLM_F_* */
export const messageFlag = {
  request: 0x01,
  multi: 0x02,
  ack: 0x04,
  dumpInterrupted: 0x10,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  capped: 0x100,
  ackAttributes: 0x200,
} as const;

/** linux/netlink.h: NLMSG_* */
export const messageType = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

/** NLMSG_HDRLEN */
export const HEADER_LENGTH = 16;

/** A request without its sequence number, which the connection gives. */
export interface Request {
  readonly type: number;
  /** NLM_F_* beyond REQUEST and ACK. */
  readonly flags: number;
  /** Writes what follows the header. */
  readonly body: (writer: ByteWriter) => void;
}

/** A message within a received datagram; `view` is only good until the socket's next receive. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Port of the process whose request caused it; 0 for the kernel's own. */
  readonly portId: number;
  readonly view: DataView;
  /** First byte after the header. */
  readonly start: number;
  readonly end: number;
}

/** The kernel's answer to a request that it refused. */
export interface KernelError {
  /** Positive; 0 means success. */
  readonly errno: number;
  /** Extended ack: what the kernel says in words. */
  readonly text?: string;
  /** Extended ack: which byte of the request it did not like. */
  readonly offset?: number;
  /** Of the refused request. */
  readonly sequence?: number;
}

export function encodeMessage(writer: ByteWriter, request: Request, flags: number, sequence: number): void {
  const start = writer.length;
  writer.u32(0);
  writer.u16(request.type);
  writer.u16(request.flags | flags | messageFlag.request);
  writer.u32(sequence);
  writer.u32(0);
  request.body(writer);
  writer.patchU32(start, writer.length - start);
  writer.align4();
}

/** The same request with its body encoded once, for when there will be no time. */
export function encodedBeforehand({ type, flags, body }: Request): Request {
  const writer = new ByteWriter(128);
  body(writer);
  const bytes = writer.written().slice();
  return { type, flags, body: (target) => target.bytes(bytes) };
}

/** The whole messages of a datagram; a cut-off rest is left out, as NLMSG_OK does. */
export function* messagesIn(datagram: Uint8Array): Generator<Message> {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  for (let at = 0; at + HEADER_LENGTH <= datagram.length; ) {
    const length = view.getUint32(at, hostIsLittleEndian);
    if (length < HEADER_LENGTH || at + length > datagram.length) return;
    yield {
      type: view.getUint16(at + 4, hostIsLittleEndian),
      flags: view.getUint16(at + 6, hostIsLittleEndian),
      sequence: view.getUint32(at + 8, hostIsLittleEndian),
      portId: view.getUint32(at + 12, hostIsLittleEndian),
      view,
      start: at + HEADER_LENGTH,
      end: at + length,
    };
    at += (length + 3) & ~3;
  }
}

const extendedAck = {
  /** NLMSGERR_ATTR_MSG */ text: [1, cstring(0x10000)],
  /** NLMSGERR_ATTR_OFFS */ offset: [2, u32],
} as const satisfies Table;

const success: KernelError = Object.freeze({ errno: 0 });

/** The error number an NLMSG_ERROR or NLMSG_DONE message carries, and the extended ack if there is one. */
export function decodeError(message: Message): KernelError {
  const { view, start, end } = message;
  if (start + 4 > end) return message.type === messageType.done ? success : { errno: errno.EPROTO };
  const number = -view.getInt32(start, hostIsLittleEndian);
  if (number === 0) return success;
  const { sequence } = message;
  if ((message.flags & messageFlag.ackAttributes) === 0) return { errno: number, sequence };
  const decoded = decodeAttributes(extendedAck, view, Math.min(end, attributesAfter(message)), end);
  const attributes: Attributes<typeof extendedAck> = decoded.ok ? decoded.value : {};
  return {
    errno: number,
    sequence,
    ...(attributes.text !== undefined && { text: attributes.text }),
    ...(attributes.offset !== undefined && { offset: attributes.offset }),
  };
}

/** After the error number come the request's header and, unless capped, its body (struct nlmsgerr). */
function attributesAfter({ type, flags, view, start, end }: Message): number {
  if (type === messageType.done) return start + 4;
  const request = start + 4;
  if (request + HEADER_LENGTH > end || flags & messageFlag.capped) return request + HEADER_LENGTH;
  const length = view.getUint32(request, hostIsLittleEndian);
  return request + ((Math.max(length, HEADER_LENGTH) + 3) & ~3);
}
