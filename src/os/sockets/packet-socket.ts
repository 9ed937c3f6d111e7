import { native } from '../native.ts';
import { setSocketBuffer } from './netlink-socket.ts';
import { linkLayerAddress } from './socket-address.ts';
import { systemCall } from '../system-error.ts';

const { AF_PACKET, SOCK_RAW } = native.constants;
/** Frames wait in it for a slow link: some five thousand, as the kernel counts them. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/** Sends whole link-layer frames (packet(7)). */
export interface PacketSocket {
  /** Sends a frame, link-layer header included, on an interface: 0 or -errno. */
  send(ifindex: number, frame: { readonly etherType: number; readonly bytes: Uint8Array }): number;
  close(): void;
}

/** Protocol 0 receives nothing, so that nothing has to be read. Throws a SystemError. */
export function openPacketSocket(): PacketSocket {
  const fd = systemCall('packet socket', () => native.socket(AF_PACKET, SOCK_RAW, 0));
  systemCall('packet socket', () => setSocketBuffer(fd, 'send', BUFFER_BYTES, true));
  return {
    send(ifindex, { etherType, bytes }) {
      const address = linkLayerAddress(ifindex, etherType, bytes.subarray(0, 6));
      return Math.min(native.sendmsg(fd, bytes, address, null, 0), 0);
    },
    close: () => native.close(fd),
  };
}
