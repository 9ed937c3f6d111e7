import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { decodeAttributes, nested, type Table } from '../netlink/attribute.ts';
import { bytes, cstring, u32 } from '../netlink/kinds.ts';
import type { Message, Request } from '../netlink/message.ts';
import { linkFlag, MACVLAN_PRIVATE, routeMessage } from './numbers.ts';

/** A network interface as the kernel reports it. */
export interface Link {
  readonly ifindex: number;
  readonly name: string;
  /** ARPHRD_*: 1 is Ethernet. */
  readonly type: number;
  /** All of IFF_* (linux/if.h). */
  readonly flags: number;
  readonly up: boolean;
  /** Up and with carrier, by RFC 2863. */
  readonly running: boolean;
  readonly loopback: boolean;
  readonly broadcast: boolean;
  readonly pointToPoint: boolean;
  readonly noArp: boolean;
  readonly multicast: boolean;
  readonly mtu: number;
  /** Hardware address; empty where there is none. */
  readonly hardwareAddress: Uint8Array;
  readonly hardwareBroadcast: Uint8Array;
  /** Index of the bridge, bond or VRF it belongs to. */
  readonly master?: number;
  /** Index of the interface it sits on (VLAN, macvlan); in another namespace where `parentElsewhere`. */
  readonly parent?: number;
  readonly parentElsewhere: boolean;
  /** Kind of virtual interface: vlan, macvlan, bridge, vrf …; absent for hardware. */
  readonly kind?: string;
  /** A macvlan of mode private, as those of virtual routers are. */
  readonly privateMacvlan?: true;
  readonly group: number;
  /** Of a VRF: its routing table. */
  readonly vrfTable?: number;
}

/** Whether the kernel reports the same of both. */
export function equalLinks(one: Link, other: Link): boolean {
  const keys = Object.keys(one) as (keyof Link)[];
  return (
    keys.length === Object.keys(other).length &&
    // Hardware addresses compare as text like all the rest.
    keys.every((key) => String(one[key]) === String(other[key]))
  );
}

const linkInformation = {
  /** IFLA_INFO_KIND */ kind: [1, cstring(64)],
  /** IFLA_INFO_DATA, whose form depends on the kind. */ data: [2, bytes()],
} as const satisfies Table;

const linkAttributes = {
  /** IFLA_ADDRESS */ hardwareAddress: [1, bytes()],
  /** IFLA_BROADCAST */ hardwareBroadcast: [2, bytes()],
  /** IFLA_IFNAME */ name: [3, cstring(16)],
  /** IFLA_MTU */ mtu: [4, u32],
  /** IFLA_LINK */ parent: [5, u32],
  /** IFLA_MASTER */ master: [10, u32],
  /** IFLA_LINKINFO */ information: [18, nested(linkInformation)],
  /** IFLA_GROUP */ group: [27, u32],
  /** IFLA_EXT_MASK */ extendedMask: [29, u32],
  /** IFLA_LINK_NETNSID */ parentNamespace: [37, u32],
} as const satisfies Table;

/** struct ifinfomsg: family u8, pad u8, type u16, index s32, flags u32, change mask u32 */
const HEADER_LENGTH = 16;
const AF_UNSPEC = 0;
/** RTEXT_FILTER_SKIP_STATS: counters would be half of every message. */
const SKIP_STATISTICS = 0x8;

/** To be dumped: every link, each read by {@link decodeLink}. */
export function linksRequest(): Request {
  return {
    type: routeMessage.getLink,
    flags: 0,
    body: (writer) => {
      writer.zeros(HEADER_LENGTH);
      writer.u16(8);
      writer.u16(linkAttributes.extendedMask[0]);
      writer.u32(SKIP_STATISTICS);
    },
  };
}

/**
 * The link of an RTM_NEWLINK or RTM_DELLINK message. Undefined when the message is damaged, or when it speaks of a
 * bridge's port: those carry the link's index and a removal only means that the port left the bridge.
 */
export function decodeLink({ view, start, end }: Message): Link | undefined {
  if (start + HEADER_LENGTH > end || view.getUint8(start) !== AF_UNSPEC) return undefined;
  const decoded = decodeAttributes(linkAttributes, view, start + HEADER_LENGTH, end);
  if (!decoded.ok || decoded.value.name === undefined) return undefined;
  const { name, mtu, hardwareAddress, hardwareBroadcast, master, parent, information, group } = decoded.value;
  const flags = view.getUint32(start + 8, hostIsLittleEndian);
  return {
    ifindex: view.getInt32(start + 4, hostIsLittleEndian),
    name,
    type: view.getUint16(start + 2, hostIsLittleEndian),
    flags,
    ...decodeFlags(flags),
    mtu: mtu ?? 0,
    hardwareAddress: hardwareAddress ?? new Uint8Array(0),
    hardwareBroadcast: hardwareBroadcast ?? new Uint8Array(0),
    ...(master !== undefined && master !== 0 && { master }),
    ...(parent !== undefined && parent !== 0 && { parent }),
    parentElsewhere: decoded.value.parentNamespace !== undefined,
    ...(information?.kind !== undefined && { kind: information.kind }),
    ...(information?.kind === 'macvlan' && information.data && privateMode(information.data)),
    group: group ?? 0,
    ...(information?.kind === 'vrf' && information.data && vrfTable(information.data)),
  };
}

/** IFLA_VRF_TABLE */
function vrfTable(data: Uint8Array): { vrfTable: number } | undefined {
  const table = firstNumber(data);
  return table === undefined ? undefined : { vrfTable: table };
}

/** IFLA_MACVLAN_MODE */
function privateMode(data: Uint8Array): { privateMacvlan: true } | undefined {
  return firstNumber(data) === MACVLAN_PRIVATE ? { privateMacvlan: true } : undefined;
}

/** The attribute 1 of an interface's own data, a number for macvlans and VRFs (linux/if_link.h). */
function firstNumber(data: Uint8Array): number | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const decoded = decodeAttributes({ first: [1, u32] } as const satisfies Table, view, 0, data.length);
  return decoded.ok ? decoded.value.first : undefined;
}

function decodeFlags(flags: number) {
  return {
    up: (flags & linkFlag.up) !== 0,
    running: (flags & linkFlag.up) !== 0 && (flags & linkFlag.running) !== 0,
    loopback: (flags & linkFlag.loopback) !== 0,
    broadcast: (flags & linkFlag.broadcast) !== 0,
    pointToPoint: (flags & linkFlag.pointToPoint) !== 0,
    noArp: (flags & linkFlag.noArp) !== 0,
    multicast: (flags & linkFlag.multicast) !== 0,
  };
}
