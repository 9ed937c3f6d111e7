import type { VirtualAddress } from '../config/types.ts';
import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { addressFamily, type IpAddress } from '../lib/ip.ts';
import { addressFlag, keepalivedProtocol } from '../lib/routing-numbers.ts';
import { type Attributes, decodeAttributes, encodeAttributes, type Table } from '../netlink/attribute.ts';
import { cstring, ipAddress, type Kind, u8, u32 } from '../netlink/kinds.ts';
import type { Message, Request } from '../netlink/message.ts';
import { addressFamilies, familyOf } from '../netlink/shared-numbers.ts';
import { routeMessage } from './numbers.ts';

/** An address on an interface as the kernel reports it. */
export interface KernelAddress {
  readonly ifindex: number;
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** rt_scope number: 0 global, 253 link, 254 host. */
  readonly scope: number;
  /** IFA_F_* */
  readonly flags: number;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  /** The other end of a point-to-point address; the prefix length is its. */
  readonly peer?: IpAddress;
  /** Who set it (RTPROT_*). Kernels before 5.18 do not say. */
  readonly protocol?: number;
}

/** struct ifa_cacheinfo; lifetimes in seconds, stamps in hundredths. */
interface CacheInformation {
  readonly preferred: number;
  readonly valid: number;
}

const cacheInformation: Kind<CacheInformation> = {
  encode: (writer, { preferred, valid }) => {
    writer.u32(preferred);
    writer.u32(valid);
    writer.zeros(8);
  },
  decode: (view, offset, length) =>
    length < 16
      ? undefined
      : {
          preferred: view.getUint32(offset, hostIsLittleEndian),
          valid: view.getUint32(offset + 4, hostIsLittleEndian),
        },
};

/** In the order keepalived sends them. */
const addressAttributes = {
  /** IFA_CACHEINFO */ cacheInformation: [6, cacheInformation],
  /** IFA_LOCAL */ local: [2, ipAddress],
  /** IFA_BROADCAST */ broadcast: [4, ipAddress],
  /** IFA_ADDRESS */ address: [1, ipAddress],
  /** IFA_FLAGS */ flags: [8, u32],
  /** IFA_LABEL */ label: [3, cstring(16)],
  /** IFA_PROTO */ protocol: [11, u8],
} as const satisfies Table;

/** struct ifaddrmsg: family u8, prefix length u8, flags u8, scope u8, index u32 */
const HEADER_LENGTH = 8;
const INFINITE_LIFETIME = 0xffff_ffff;

/** To be dumped: every address of both families, each read by {@link decodeAddress}. */
export function addressesRequest(): Request {
  return { type: routeMessage.getAddress, flags: 0, body: (writer) => writer.zeros(HEADER_LENGTH) };
}

/**
 * RTM_NEWADDR without CREATE, EXCL or REPLACE: an address that is already there is refused with EEXIST and left as
 * it is.
 */
export function addAddressRequest(ifindex: number, address: VirtualAddress): Request {
  const family = addressFamily(address.address);
  const flags = address.flags | (family === 6 && address.noDad ? addressFlag.noDad : 0);
  const preferred = family === 6 ? address.preferredLifetime : undefined;
  return addressRequest(routeMessage.newAddress, ifindex, address, {
    local: address.address,
    broadcast: family === 4 ? address.broadcast : undefined,
    address: address.peer?.address,
    flags: flags === 0 ? undefined : flags,
    label: address.label,
    cacheInformation: preferred === undefined ? undefined : { preferred, valid: INFINITE_LIFETIME },
    protocol: keepalivedProtocol,
  });
}

/**
 * RTM_DELADDR. The kernel compares IFA_ADDRESS with the prefix of the address, or of its peer if it has one; as with keepalived
 * an IPv4 address with a peer elsewhere is not found, and stays.
 */
export function deleteAddressRequest(ifindex: number, address: AddressIdentity): Request {
  const family = addressFamily(address.address);
  return addressRequest(routeMessage.deleteAddress, ifindex, address, {
    local: address.address,
    address: family === 4 ? address.address : undefined,
  });
}

/** What the kernel finds an address by. */
export type AddressIdentity = Pick<VirtualAddress, 'address' | 'prefixLength' | 'scope' | 'peer'>;

function addressRequest(
  type: number,
  ifindex: number,
  { address, prefixLength, scope, peer }: AddressIdentity,
  attributes: Attributes<typeof addressAttributes>,
): Request {
  return {
    type,
    flags: 0,
    body: (writer) => {
      writer.u8(addressFamilies[addressFamily(address)]);
      writer.u8(peer?.prefixLength ?? prefixLength);
      writer.u8(0);
      writer.u8(scope);
      writer.u32(ifindex);
      encodeAttributes(writer, addressAttributes, attributes);
    },
  };
}

/** The address of an RTM_NEWADDR or RTM_DELADDR message; undefined when it is damaged or of another family. */
export function decodeAddress({ view, start, end }: Message): KernelAddress | undefined {
  if (start + HEADER_LENGTH > end || familyOf(view.getUint8(start)) === undefined) return undefined;
  const decoded = decodeAttributes(addressAttributes, view, start + HEADER_LENGTH, end);
  if (!decoded.ok) return undefined;
  const { local, address, flags, label, broadcast, protocol } = decoded.value;
  const own = local ?? address;
  if (own === undefined) return undefined;
  return {
    ifindex: view.getUint32(start + 4, hostIsLittleEndian),
    address: own,
    prefixLength: view.getUint8(start + 1),
    scope: view.getUint8(start + 3),
    flags: flags ?? view.getUint8(start + 2),
    ...(label !== undefined && { label }),
    ...(broadcast !== undefined && { broadcast }),
    ...(address !== undefined && address !== own && { peer: address }),
    ...(protocol !== undefined && { protocol }),
  };
}
