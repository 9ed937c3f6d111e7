import { type Attributes, encodeAttributes, nested, type Table } from '../netlink/attribute.ts';
import { bytes, cstring, u16, u32, u8 } from '../netlink/kinds.ts';
import { messageFlag, type Request } from '../netlink/message.ts';
import { linkFlag, MACVLAN_PRIVATE, routeMessage } from './numbers.ts';

/** linux/if_link.h: enum macvlan_mode, IPVLAN_MODE_*, IPVLAN_F_* */
const IPVLAN_L2 = 0;
const ipvlanFlag = { bridge: 0, private: 1, vepa: 2 } as const;
/** IN6_ADDR_GEN_MODE_NONE */
const NO_GENERATED_ADDRESS = 1;
/** struct ifinfomsg */
const HEADER_LENGTH = 16;

const macvlanData = { /** IFLA_MACVLAN_MODE */ mode: [1, u32] } as const satisfies Table;
const ipvlanData = {
  /** IFLA_IPVLAN_MODE */ mode: [1, u16],
  /** IFLA_IPVLAN_FLAGS */ flags: [2, u16],
} as const satisfies Table;

const macvlanInformation = {
  /** IFLA_INFO_KIND */ kind: [1, cstring(64)],
  /** IFLA_INFO_DATA */ data: [2, nested(macvlanData)],
} as const satisfies Table;
const ipvlanInformation = {
  /** IFLA_INFO_KIND */ kind: [1, cstring(64)],
  /** IFLA_INFO_DATA */ data: [2, nested(ipvlanData)],
} as const satisfies Table;

/** linux/ip.h: IPV4_DEVCONF_*, by their names below /proc/sys/net/ipv4/conf. */
const settingAttributes = {
  rp_filter: [8, u32],
  arp_filter: [13, u32],
  arp_ignore: [19, u32],
  promote_secondaries: [20, u32],
  accept_local: [23, u32],
} as const satisfies Table;
/** IFLA_INET_* */
const inetAttributes = { /** IFLA_INET_CONF */ settings: [1, nested(settingAttributes)] } as const satisfies Table;
/** IFLA_INET6_* */
const inet6Attributes = { /** IFLA_INET6_ADDR_GEN_MODE */ addressGeneration: [8, u8] } as const satisfies Table;
const familyAttributes = {
  /** AF_INET */ inet: [2, nested(inetAttributes)],
  /** AF_INET6 */ inet6: [10, nested(inet6Attributes)],
} as const satisfies Table;

const common = {
  /** IFLA_LINK */ parent: [5, u32],
  /** IFLA_IFNAME */ name: [3, cstring(16)],
  /** IFLA_GROUP */ group: [27, u32],
  /** IFLA_ADDRESS */ hardwareAddress: [1, bytes()],
  /** IFLA_MASTER */ master: [10, u32],
} as const satisfies Table;

const macvlanAttributes = { /** IFLA_LINKINFO */ information: [18, nested(macvlanInformation)], ...common } as const;
const ipvlanAttributes = { ...common, /** IFLA_LINKINFO */ information: [18, nested(ipvlanInformation)] } as const;
const specificAttributes = { /** IFLA_AF_SPEC */ families: [26, nested(familyAttributes)] } as const satisfies Table;
const nameAttributes = { /** IFLA_IFNAME */ name: [3, cstring(16)] } as const satisfies Table;

/** An interface of a virtual router's own on top of another. */
export interface VirtualLink {
  readonly name: string;
  /** Index of the interface below. */
  readonly parent: number;
  readonly kind: 'macvlan' | 'ipvlan';
  /** Of a macvlan: six octets. */
  readonly hardwareAddress?: Uint8Array;
  readonly ipvlanFlags?: keyof typeof ipvlanFlag;
  readonly group?: number;
  /** Index of the VRF that the interface below belongs to. */
  readonly master?: number;
}

/** RTM_NEWLINK that fails where the name is taken. */
export function createLinkRequest(link: VirtualLink): Request {
  return virtualLinkRequest(link, messageFlag.create | messageFlag.exclusive);
}

/** RTM_NEWLINK that changes the link of this name. */
export function changeLinkRequest(link: VirtualLink): Request {
  return virtualLinkRequest(link, 0);
}

function virtualLinkRequest(link: VirtualLink, flags: number): Request {
  const { name, parent, group, master, hardwareAddress } = link;
  const shared = {
    parent,
    name,
    ...(group !== undefined && { group }),
    ...(master !== undefined && { master }),
  };
  if (link.kind === 'ipvlan') {
    const data = { mode: IPVLAN_L2, flags: ipvlanFlag[link.ipvlanFlags ?? 'bridge'] };
    return linkRequest(routeMessage.newLink, flags, {}, ipvlanAttributes, {
      ...shared,
      information: { kind: 'ipvlan', data },
    });
  }
  return linkRequest(routeMessage.newLink, flags, {}, macvlanAttributes, {
    information: { kind: 'macvlan', data: { mode: MACVLAN_PRIVATE } },
    ...shared,
    ...(hardwareAddress && { hardwareAddress }),
  });
}

/** Kernel settings of an interface for IPv4, by name. */
export type InterfaceSettingValues = Readonly<Partial<Record<keyof typeof settingAttributes, number>>>;

export function isInterfaceSetting(name: string): name is keyof InterfaceSettingValues {
  return Object.hasOwn(settingAttributes, name);
}

/** RTM_NEWLINK that gives kernel settings values; possible also where /proc/sys is read-only, as in containers. */
export function interfaceSettingsRequest(ifindex: number, settings: InterfaceSettingValues): Request {
  return linkRequest(routeMessage.newLink, 0, { ifindex }, specificAttributes, { families: { inet: { settings } } });
}

/** The kernel gives the interface no link-local address by itself. */
export function noGeneratedAddressRequest(ifindex: number): Request {
  return linkRequest(routeMessage.newLink, 0, { ifindex }, specificAttributes, {
    families: { inet6: { addressGeneration: NO_GENERATED_ADDRESS } },
  });
}

export function setLinkUpRequest(ifindex: number): Request {
  return linkRequest(routeMessage.newLink, 0, { ifindex, flags: linkFlag.up, change: linkFlag.up }, {}, {});
}

export function deleteLinkRequest(ifindex: number): Request {
  return linkRequest(routeMessage.deleteLink, 0, { ifindex }, {}, {});
}

/** To be queried: the link of this name. */
export function linkByNameRequest(name: string): Request {
  return linkRequest(routeMessage.getLink, 0, {}, nameAttributes, { name });
}

function linkRequest<T extends Table>(
  type: number,
  flags: number,
  header: { readonly ifindex?: number; readonly flags?: number; readonly change?: number },
  table: T,
  values: Attributes<T>,
): Request {
  return {
    type,
    flags,
    body: (writer) => {
      const start = writer.length;
      writer.zeros(HEADER_LENGTH);
      writer.patchU32(start + 4, header.ifindex ?? 0);
      writer.patchU32(start + 8, header.flags ?? 0);
      writer.patchU32(start + 12, header.change ?? 0);
      encodeAttributes(writer, table, values);
    },
  };
}
