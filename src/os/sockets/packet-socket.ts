import { native } from '../native.ts';
import { setSocketBuffer } from './netlink-socket.ts';
import { linkLayerAddress } from './socket-address.ts';
import { systemCall } from '../system-error.ts';

const { AF_PACKET, SOCK_RAW } = native.constants;
const DESTINATION_LENGTH = 6;
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
  const addressOf = rememberedAddress();
  return {
    send(ifindex, { etherType, bytes }) {
      const address = addressOf(ifindex, etherType, bytes);
      return Math.min(native.sendmsg(fd, bytes, address, null, 0), 0);
    },
    close: () => native.close(fd),
  };
}

/** Of thousands of frames in a row most go the same way. */
function rememberedAddress(): (ifindex: number, etherType: number, frame: Uint8Array) => Uint8Array {
  let last: { ifindex: number; etherType: number; destination: Uint8Array; address: Uint8Array } | undefined;
  return (ifindex, etherType, frame) => {
    const same = last?.ifindex === ifindex && last.etherType === etherType;
    if (same && last?.destination.every((byte, at) => byte === frame[at])) return last.address;
    const destination = frame.slice(0, DESTINATION_LENGTH);
    const address = linkLayerAddress(ifindex, etherType, destination);
    last = { ifindex, etherType, destination, address };
    return address;
  };
}
