import { internetChecksum, onesComplementSum } from '../lib/checksum.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';

/** What a frame's sender looks like on its link. */
export interface LinkIdentity {
  readonly mac: Uint8Array;
  readonly broadcast: Uint8Array;
  /** The interface forwards IPv6: its neighbour advertisements carry the router flag. */
  readonly forwardsIpv6: boolean;
}

/** An Ethernet frame that moves `address` to this link: gratuitous ARP, or an unsolicited neighbour advertisement. */
export function encodeAnnouncement(address: IpAddress, link: LinkIdentity): Uint8Array {
  return addressFamily(address) === 4
    ? encodeGratuitousArp(address, link)
    : encodeNeighbourAdvertisement(address, link);
}

/** ARP request whose sender and target are the address itself (RFC 5944, section 4.6); the target hardware address is the broadcast one. */
export function encodeGratuitousArp(address: IpAddress, link: LinkIdentity): Uint8Array {
  const frame = new Uint8Array(42);
  frame.set(link.broadcast, 0);
  frame.set(link.mac, 6);
  frame.set([0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, 1], 12);
  frame.set(link.mac, 22);
  frame.set(ipBytes(address), 28);
  frame.set(link.broadcast, 32);
  frame.set(ipBytes(address), 38);
  return frame;
}

const ALL_NODES = new Uint8Array([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
const ICMPV6 = 58;
const ROUTER_FLAG = 0x80;
const OVERRIDE_FLAG = 0x20;

/** Unsolicited neighbour advertisement with the override flag and target link-layer address (RFC 4861, section 4.4). */
export function encodeNeighbourAdvertisement(address: IpAddress, link: LinkIdentity): Uint8Array {
  const source = ipBytes(address);
  const icmp = new Uint8Array(32);
  icmp[0] = 136;
  icmp[4] = OVERRIDE_FLAG | (link.forwardsIpv6 ? ROUTER_FLAG : 0);
  icmp.set(source, 8);
  icmp.set([2, 1], 24);
  icmp.set(link.mac, 26);
  const checksum = internetChecksum(
    icmp,
    onesComplementSum(source) + onesComplementSum(ALL_NODES) + icmp.length + ICMPV6,
  );
  icmp[2] = checksum >> 8;
  icmp[3] = checksum & 0xff;
  const frame = new Uint8Array(14 + 40 + icmp.length);
  frame.set([0x33, 0x33, 0, 0, 0, 1], 0);
  frame.set(link.mac, 6);
  frame.set([0x86, 0xdd, 0x60, 0, 0, 0, 0, icmp.length, ICMPV6, 255], 12);
  frame.set(source, 22);
  frame.set(ALL_NODES, 38);
  frame.set(icmp, 54);
  return frame;
}
