import type { VirtualAddress } from '../../../src/config/types.ts';
import { ByteWriter } from '../../../src/lib/byte-writer.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import { encodeMessage, type Message, messagesIn, type Request } from '../../../src/netlink/message.ts';

export function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`not an IP address: ${text}`);
  return address;
}

export function virtualAddress(
  address: string,
  prefixLength: number,
  options: Partial<VirtualAddress> = {},
): VirtualAddress {
  return {
    address: ip(address),
    prefixLength,
    interface: 'v0',
    scope: 0,
    noDad: address.includes(':'),
    flags: 0,
    noTrack: false,
    ...options,
  };
}

/** The message that a request makes, with sequence number 1. */
export function messageOf(request: Request): Message {
  const writer = new ByteWriter(16);
  encodeMessage(writer, request, 0, 1);
  const [message] = messagesIn(writer.written());
  if (!message) throw new Error('not a message');
  return message;
}

/** What follows the header of a message, in hexadecimal. */
export function bodyOf(request: Request): string {
  const { view, start, end } = messageOf(request);
  return Buffer.from(view.buffer, view.byteOffset + start, end - start).toString('hex');
}

/** A message of a kernel, from what follows its header. */
export function received(type: number, hex: string, portId = 0): Message {
  const body = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return { ...messageOf({ type, flags: 0, body: (writer) => writer.bytes(body) }), portId };
}
