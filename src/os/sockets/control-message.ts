import { hostIsLittleEndian } from '../../lib/byte-order.ts';

/** sizeof(size_t), to which control messages are aligned (cmsg(3)). */
const WORD_LENGTH = process.arch === 'arm' || process.arch === 'ia32' ? 4 : 8;
const HEADER_LENGTH = WORD_LENGTH + 8;

export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

function align(length: number): number {
  return Math.ceil(length / WORD_LENGTH) * WORD_LENGTH;
}

/** One message for sendmsg: struct cmsghdr and its data, padded. */
export function encodeControlMessage({ level, type, data }: ControlMessage): Uint8Array {
  const bytes = new Uint8Array(align(HEADER_LENGTH + data.length));
  const view = new DataView(bytes.buffer);
  // The high half of a 64-bit length is always zero.
  const lengthAt = hostIsLittleEndian ? 0 : WORD_LENGTH - 4;
  view.setUint32(lengthAt, HEADER_LENGTH + data.length, hostIsLittleEndian);
  view.setInt32(WORD_LENGTH, level, hostIsLittleEndian);
  view.setInt32(WORD_LENGTH + 4, type, hostIsLittleEndian);
  bytes.set(data, HEADER_LENGTH);
  return bytes;
}

/** The messages that recvmsg left in the first `length` bytes of `bytes`. */
export function decodeControlMessages(bytes: Uint8Array, length: number): ControlMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const lengthAt = hostIsLittleEndian ? 0 : WORD_LENGTH - 4;
  const messages: ControlMessage[] = [];
  for (let at = 0; at + HEADER_LENGTH <= length; ) {
    const size = view.getUint32(at + lengthAt, hostIsLittleEndian);
    if (size < HEADER_LENGTH || at + size > length) break;
    messages.push({
      level: view.getInt32(at + WORD_LENGTH, hostIsLittleEndian),
      type: view.getInt32(at + WORD_LENGTH + 4, hostIsLittleEndian),
      data: bytes.subarray(at + HEADER_LENGTH, at + size),
    });
    at += align(size);
  }
  return messages;
}
