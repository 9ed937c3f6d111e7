import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import { native } from '../native.ts';

const { AF_INET, SOCK_DGRAM, SIOCGMIIPHY, SIOCGMIIREG, SIOCGIFFLAGS } = native.constants;
/** struct ifreq (linux/if.h) */
const REQUEST_LENGTH = 40;
const NAME_LENGTH = 16;
/** linux/mii.h: the status register and its link bit, which stays down until read. */
const MII_BMSR = 1;
const BMSR_LSTATUS = 0x4;
/** linux/if.h */
const IFF_RUNNING = 0x40;

/** Ways of asking a network device about its link. */
export type LinkbeatMethod = 'MII' | 'ETHTOOL' | 'IOCTL';

let socket: number | undefined;

/** The first method that the device answers, from `first` on. */
export function linkbeatMethod(name: string, first: LinkbeatMethod = 'MII'): LinkbeatMethod {
  if (first === 'MII' && readMii(name) !== undefined) return 'MII';
  return first !== 'IOCTL' && native.ethtoolLink(openSocket(), name) >= 0 ? 'ETHTOOL' : 'IOCTL';
}

/** Whether the device says that its link is up; a device that is gone says no. */
export function hasLinkbeat(name: string, method: LinkbeatMethod): boolean {
  if (method === 'MII') return readMii(name) ?? false;
  if (method === 'ETHTOOL') return native.ethtoolLink(openSocket(), name) === 1;
  const { bytes, view } = request(name);
  if (native.ioctl(openSocket(), SIOCGIFFLAGS, bytes) < 0) return false;
  return (view.getUint16(NAME_LENGTH, hostIsLittleEndian) & IFF_RUNNING) !== 0;
}

/** Undefined where the device has no MII. Read twice: the bit remembers that the link has been down. */
function readMii(name: string): boolean | undefined {
  const { bytes, view } = request(name);
  const fd = openSocket();
  if (native.ioctl(fd, SIOCGMIIPHY, bytes) < 0) return undefined;
  let status = 0;
  for (let attempt = 0; attempt < 2; attempt++) {
    view.setUint16(NAME_LENGTH + 2, MII_BMSR, hostIsLittleEndian);
    if (native.ioctl(fd, SIOCGMIIREG, bytes) < 0) return undefined;
    status = view.getUint16(NAME_LENGTH + 6, hostIsLittleEndian);
  }
  return (status & BMSR_LSTATUS) !== 0;
}

function request(name: string): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(REQUEST_LENGTH);
  bytes.set(new TextEncoder().encode(name).subarray(0, NAME_LENGTH - 1));
  return { bytes, view: new DataView(bytes.buffer) };
}

function openSocket(): number {
  socket ??= native.socket(AF_INET, SOCK_DGRAM, 0);
  return socket;
}
