import { hostIsLittleEndian } from '../lib/byte-order.ts';
import type { ByteWriter } from '../lib/byte-writer.ts';
import { type IpAddress, ipBytes, printIp } from '../lib/ip.ts';

/** How the payload of an attribute is written and read. */
export interface Kind<T> {
  /** The payload is attributes, and NLA_F_NESTED says so. */
  readonly nested?: true;
  encode(writer: ByteWriter, value: T): void;
  /** Undefined when the payload does not have this kind's length or form. */
  decode(view: DataView, offset: number, length: number): T | undefined;
}

export const u8: Kind<number> = {
  encode: (writer, value) => writer.u8(value),
  decode: (view, offset, length) => (length < 1 ? undefined : view.getUint8(offset)),
};

export const u16: Kind<number> = {
  encode: (writer, value) => writer.u16(value),
  decode: (view, offset, length) => (length < 2 ? undefined : view.getUint16(offset, hostIsLittleEndian)),
};

export const u32: Kind<number> = {
  encode: (writer, value) => writer.u32(value),
  decode: (view, offset, length) => (length < 4 ? undefined : view.getUint32(offset, hostIsLittleEndian)),
};

export const s32: Kind<number> = {
  encode: (writer, value) => writer.u32(value),
  decode: (view, offset, length) => (length < 4 ? undefined : view.getInt32(offset, hostIsLittleEndian)),
};

export const u64: Kind<bigint> = {
  encode: (writer, value) => writer.u64(value),
  decode: (view, offset, length) => (length < 8 ? undefined : view.getBigUint64(offset, hostIsLittleEndian)),
};

/** Network order. */
export const be16: Kind<number> = {
  encode: (writer, value) => writer.be16(value),
  decode: (view, offset, length) => (length < 2 ? undefined : view.getUint16(offset)),
};

/** Network order. */
export const be32: Kind<number> = {
  encode: (writer, value) => writer.be32(value),
  decode: (view, offset, length) => (length < 4 ? undefined : view.getUint32(offset)),
};

/** Network order. */
export const be64: Kind<bigint> = {
  encode: (writer, value) => writer.be64(value),
  decode: (view, offset, length) => (length < 8 ? undefined : view.getBigUint64(offset)),
};

/** An attribute that says everything by being there. */
export const flag: Kind<true> = {
  encode: () => {},
  decode: () => true,
};

/** An IPv4 or IPv6 address, told apart by the payload's length. */
export const ipAddress: Kind<IpAddress> = {
  encode: (writer, value) => writer.bytes(ipBytes(value)),
  decode: (view, offset, length) =>
    length === 4 || length === 16 ? printIp(bytesAt(view, offset, length)) : undefined,
};

/**
 * Text ended by a zero byte. `capacity` is the kernel's array size, terminator included: longer text is a broken
 * promise of ours, since configuration refuses it earlier. Every byte stands for the character of its number.
 */
export function cstring(capacity: number): Kind<string> {
  return {
    encode: (writer, value) => {
      if (value.length >= capacity) throw new Error(`"${value}" does not fit ${capacity} bytes`);
      for (let i = 0; i < value.length; i++) writer.u8(value.charCodeAt(i));
      writer.u8(0);
    },
    decode: (view, offset, length) => {
      let text = '';
      for (let i = 0; i < length; i++) {
        const byte = view.getUint8(offset + i);
        if (byte === 0) break;
        text += String.fromCharCode(byte);
      }
      return text;
    },
  };
}

/** Exactly `count` bytes, or any number of them. */
export function bytes(count?: number): Kind<Uint8Array> {
  return {
    encode: (writer, value) => {
      if (count !== undefined && value.length !== count) throw new Error(`${value.length} bytes where ${count} belong`);
      writer.bytes(value);
    },
    decode: (view, offset, length) =>
      count === undefined || length === count ? bytesAt(view, offset, length).slice() : undefined,
  };
}

function bytesAt(view: DataView, offset: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, length);
}
