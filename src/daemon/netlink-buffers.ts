import type { ReceiveBuffer } from '../config/types.ts';
import { type NetlinkSocketOptions, openNetlinkSocket } from '../os/sockets/netlink-socket.ts';
import type { NetlinkSocket } from '../ports/netlink.ts';

/** What a configured receive buffer means for a socket; none or 0 leaves the size that sockets have anyway. */
export function bufferOptions({ bytes, force }: ReceiveBuffer): Partial<NetlinkSocketOptions> {
  return bytes ? { bufferBytes: bytes, force } : {};
}

/** Opens netlink sockets with the receive buffers of the configuration; one that joins groups is a monitor. */
export function sizedNetlink(
  command: ReceiveBuffer,
  monitor: ReceiveBuffer,
): (options: NetlinkSocketOptions) => NetlinkSocket {
  return (options) => {
    const buffer = (options.groups ?? []).length > 0 ? monitor : command;
    return openNetlinkSocket({ ...options, ...bufferOptions(buffer) });
  };
}
