import { native } from '../native.ts';
import { unixAddress } from './socket-address.ts';

const { AF_UNIX, SOCK_DGRAM, ENAMETOOLONG } = native.constants;

/** Sends datagrams to a Unix socket that others may remove and make anew at any time. */
export interface UnixDatagramSender {
  /** Never blocks: bytes sent or -errno, -EAGAIN when the receiver's queue is full. */
  send(data: Uint8Array): number;
  close(): void;
}

/** Unconnected, so that a receiver that restarts is found again by its path. Throws a NativeError. */
export function openUnixDatagramSender(path: string): UnixDatagramSender {
  const fd = native.socket(AF_UNIX, SOCK_DGRAM, 0);
  const address = unixAddress(path);
  return {
    send: (data) => (address === undefined ? -ENAMETOOLONG : native.sendmsg(fd, data, address, null, 0)),
    close: () => native.close(fd),
  };
}
