import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { addressFamily, type IpAddress, ipBytes, ipv4Number } from '../lib/ip.ts';
import type { Attributes, Table } from '../netlink/attribute.ts';
import { nested } from '../netlink/attribute.ts';
import { be16, bytes, cstring, type Kind, s32, u8, u16, u32, u64 } from '../netlink/kinds.ts';

/** struct ip_vs_flags: the bits, and which of them count. */
export interface FlagsAndMask {
  readonly flags: number;
  readonly mask: number;
}

const flagsAndMask: Kind<FlagsAndMask> = {
  encode: (writer, { flags, mask }) => {
    writer.u32(flags);
    writer.u32(mask);
  },
  decode: (view, offset, length) =>
    length < 8
      ? undefined
      : {
          flags: view.getUint32(offset, hostIsLittleEndian),
          mask: view.getUint32(offset + 4, hostIsLittleEndian),
        },
};

/**
 * union nf_inet_addr: an IPv4 address fills the first four of sixteen bytes. Written from text; read as bytes, since
 * the family stands in another attribute.
 */
const inetAddress: Kind<IpAddress | Uint8Array> = {
  encode: (writer, value) => {
    if (typeof value === 'string' && addressFamily(value) === 4) {
      writer.be32(ipv4Number(value));
      writer.zeros(12);
      return;
    }
    const address = typeof value === 'string' ? ipBytes(value) : value;
    writer.bytes(address);
    writer.zeros(16 - address.length);
  },
  decode: bytes(16).decode,
};
/** IP_VS_SCHEDNAME_MAXLEN, IP_VS_PENAME_MAXLEN, IP_VS_IFNAME_MAXLEN */
const NAME_LENGTH = 16;

/** Counters and rates of a service or destination, 64 bits wide; rates are per second. */
export const stats64Attributes = {
  /** IPVS_STATS_ATTR_CONNS */ connections: [1, u64],
  /** IPVS_STATS_ATTR_INPKTS */ incomingPackets: [2, u64],
  /** IPVS_STATS_ATTR_OUTPKTS */ outgoingPackets: [3, u64],
  /** IPVS_STATS_ATTR_INBYTES */ incomingBytes: [4, u64],
  /** IPVS_STATS_ATTR_OUTBYTES */ outgoingBytes: [5, u64],
  /** IPVS_STATS_ATTR_CPS */ connectionRate: [6, u64],
  /** IPVS_STATS_ATTR_INPPS */ incomingPacketRate: [7, u64],
  /** IPVS_STATS_ATTR_OUTPPS */ outgoingPacketRate: [8, u64],
  /** IPVS_STATS_ATTR_INBPS */ incomingByteRate: [9, u64],
  /** IPVS_STATS_ATTR_OUTBPS */ outgoingByteRate: [10, u64],
} as const satisfies Table;

export type Stats64 = Attributes<typeof stats64Attributes>;

/** In the order keepalived sends them. */
export const serviceAttributes = {
  /** IPVS_SVC_ATTR_AF */ family: [1, u16],
  /** IPVS_SVC_ATTR_FWMARK */ fwmark: [5, u32],
  /** IPVS_SVC_ATTR_PROTOCOL */ protocol: [2, u16],
  /** IPVS_SVC_ATTR_ADDR */ address: [3, inetAddress],
  /** IPVS_SVC_ATTR_PORT */ port: [4, be16],
  /** IPVS_SVC_ATTR_SCHED_NAME */ scheduler: [6, cstring(NAME_LENGTH)],
  /** IPVS_SVC_ATTR_PE_NAME */ persistenceEngine: [11, cstring(NAME_LENGTH)],
  /** IPVS_SVC_ATTR_FLAGS */ flags: [7, flagsAndMask],
  /** IPVS_SVC_ATTR_TIMEOUT, seconds */ timeout: [8, u32],
  /** IPVS_SVC_ATTR_NETMASK, an IPv4 mask in network order or an IPv6 prefix length in the machine's */
  netmask: [9, bytes(4)],
  /** IPVS_SVC_ATTR_STATS64 */ stats64: [12, nested(stats64Attributes)],
} as const satisfies Table;

export const destinationAttributes = {
  /** IPVS_DEST_ATTR_ADDR_FAMILY */ family: [11, u16],
  /** IPVS_DEST_ATTR_ADDR */ address: [1, inetAddress],
  /** IPVS_DEST_ATTR_PORT */ port: [2, be16],
  /** IPVS_DEST_ATTR_FWD_METHOD */ forwardingMethod: [3, u32],
  /** IPVS_DEST_ATTR_WEIGHT */ weight: [4, u32],
  /** IPVS_DEST_ATTR_TUN_TYPE */ tunnelType: [13, u8],
  /** IPVS_DEST_ATTR_TUN_PORT */ tunnelPort: [14, be16],
  /** IPVS_DEST_ATTR_TUN_FLAGS */ tunnelFlags: [15, u16],
  /** IPVS_DEST_ATTR_U_THRESH */ upperThreshold: [5, u32],
  /** IPVS_DEST_ATTR_L_THRESH */ lowerThreshold: [6, u32],
  /** IPVS_DEST_ATTR_ACTIVE_CONNS */ activeConnections: [7, u32],
  /** IPVS_DEST_ATTR_INACT_CONNS */ inactiveConnections: [8, u32],
  /** IPVS_DEST_ATTR_PERSIST_CONNS */ persistentConnections: [9, u32],
  /** IPVS_DEST_ATTR_STATS64 */ stats64: [12, nested(stats64Attributes)],
} as const satisfies Table;

/** The connection synchronisation daemon; kept beside the rest because it shares the family. */
export const daemonAttributes = {
  /** IPVS_DAEMON_ATTR_STATE */ state: [1, s32],
  /** IPVS_DAEMON_ATTR_MCAST_IFN */ interface: [2, cstring(NAME_LENGTH)],
  /** IPVS_DAEMON_ATTR_SYNC_ID */ syncId: [3, s32],
  /** IPVS_DAEMON_ATTR_SYNC_MAXLEN */ maximumLength: [4, u16],
  /** IPVS_DAEMON_ATTR_MCAST_GROUP */ multicastGroup4: [5, bytes(4)],
  /** IPVS_DAEMON_ATTR_MCAST_GROUP6 */ multicastGroup6: [6, bytes(16)],
  /** IPVS_DAEMON_ATTR_MCAST_PORT */ multicastPort: [7, u16],
  /** IPVS_DAEMON_ATTR_MCAST_TTL */ multicastTtl: [8, u8],
} as const satisfies Table;

/** IPVS_CMD_ATTR_*: what a command is about. Timeouts are in seconds. */
export const commandAttributes = {
  service: [1, nested(serviceAttributes)],
  destination: [2, nested(destinationAttributes)],
  daemon: [3, nested(daemonAttributes)],
  timeoutTcp: [4, u32],
  timeoutTcpFin: [5, u32],
  timeoutUdp: [6, u32],
} as const satisfies Table;

/** The answer to IPVS_CMD_GET_INFO. */
export const infoAttributes = {
  /** IPVS_INFO_ATTR_VERSION, one byte a part: 0x010201 is 1.2.1 */ version: [1, u32],
  /** IPVS_INFO_ATTR_CONN_TAB_SIZE */ connectionTableSize: [2, u32],
} as const satisfies Table;
