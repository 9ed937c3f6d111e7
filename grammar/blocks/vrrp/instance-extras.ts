import { alias, leaf, list, type Statement, type ValueKind } from '../../keyword.ts';
import { readInteger } from '../../numbers.ts';
import { boolean, flag, integer, maximumUnsigned, optionalInteger, quote } from '../../values.ts';
import { extraAnnouncements } from '../global/garp.ts';
import { multicastDestination, oldChecksum, unicastPeer, vrf } from './unicast.ts';
import { ipvlan, macvlan } from './virtual-interface.ts';

const ownExtra = extraAnnouncements(0, ({ words, scope }) => `(${scope.name}): ${words[0]}`);

const instanceExtra: typeof ownExtra = {
  ...ownExtra,
  read(statement) {
    if (statement.words[0] === 'vmac_garp_intvl') {
      const message = 'Keyword "vmac_garp_intvl" is deprecated - please use "garp_extra_if"';
      statement.report('deprecated', message, 0, 'garp_extra_if');
    }
    return ownExtra.read(statement);
  },
};

const receiveBuffer: ValueKind<number> = {
  syntax: 'bytes, a whole number; 0 leaves the size to the kernel',
  example: '212992',
  read(statement) {
    const { words, scope } = statement;
    const bytes = words.length === 2 ? readInteger(statement, 1, 0, maximumUnsigned, 'exact', this.syntax) : undefined;
    return bytes ?? statement.refuse(`(${scope.name}) invalid kernel_rx_buf_size specified`, 1, this.syntax);
  },
  print: String,
};

const polling: ValueKind<true> = {
  ...flag,
  read({ scope, report }) {
    const message = `(${scope.name}) 'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block`;
    report('deprecated', message, 0, 'a linkbeat_interfaces block');
    return true;
  },
};

/** Of all instances and global_defs only one may name an interface for the IPVS synchronization daemon. */
const syncDaemonInterface: ValueKind<string> = {
  syntax: 'an interface',
  example: 'eth0',
  read(statement) {
    const { scope, words, report } = statement;
    const message = `(${scope.name}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.`;
    report('deprecated', message, 0, 'lvs_sync_daemon in global_defs');
    // keepalived sets this below the name in the line before, and counts a little wrong.
    const indentation = ' '.repeat(6 + Math.abs(scope.name.length - 2));
    report('deprecated', `${indentation}Please use global lvs_sync_daemon`, 0);
    const used = earlierDaemon(statement);
    if (used === undefined) return words[1] ?? statement.missing(1);
    const refusal = `(${scope.name}) lvs_sync_daemon_interface has already been specified as ${used} - ignoring`;
    return statement.refuse(refusal, 1);
  },
  print: quote,
};

function earlierDaemon({ scope }: Statement): string | undefined {
  const root = scope.parent?.values as
    | {
        readonly global_defs?: { readonly lvs_sync_daemon?: { readonly interface?: string } };
        readonly vrrp_instance?: readonly { readonly lvs_sync_daemon_interface?: string }[];
      }
    | undefined;
  const own = scope.values.lvs_sync_daemon_interface as string | undefined;
  const others = root?.vrrp_instance?.map((instance) => instance.lvs_sync_daemon_interface);
  return root?.global_defs?.lvs_sync_daemon?.interface ?? own ?? others?.find((name) => name !== undefined);
}

/** Unicast, virtual interfaces and what else goes beyond RFC 5798. */
export const instanceExtras = {
  use_vmac: leaf(
    macvlan,
    'Run on a macvlan of its own with the MAC address of the virtual router (RFC 5798, section 7.3).',
    { otherwise: 'off' },
  ),
  use_vmac_addr: leaf(flag, 'Addresses on other interfaces get virtual MAC addresses too.'),
  vmac_xmit_base: leaf(flag, 'Adverts leave by the interface below the virtual one.'),
  use_ipvlan: leaf(ipvlan, 'Run on an ipvlan of its own; its address is the source of adverts.', {
    otherwise: 'off; bridge',
  }),
  unicast_peer: list(unicastPeer, 'Routers that adverts are sent to, one by one, in place of a multicast group.'),
  unicast_fault_no_peer: leaf(flag, 'Without peers the instance is in the fault state, not multicast.'),
  check_unicast_src: leaf(flag, 'Take adverts only from the peers named.'),
  old_unicast_checksum: leaf(oldChecksum, 'The checksum of version 3 over unicast as releases before 1.3.6 made it.', {
    otherwise: 'auto detection off',
  }),
  vrf: leaf(vrf, 'VRF that a unicast instance without an interface works in.', { otherwise: 'none' }),
  mcast_dst_ip: leaf(multicastDestination, 'Multicast group that adverts are sent to.', {
    otherwise: 'vrrp_mcast_group4 or vrrp_mcast_group6',
  }),
  track_src_ip: leaf(flag, 'In the fault state while the configured source address is absent.'),
  unicast_ttl: leaf(integer(0, 255, 'exact'), 'TTL or hop limit of adverts to peers.', {
    invalid: "(%n): TTL '%s' not valid - must be between 0 & 255",
    otherwise: '255 with IPv4, the default of the kernel with IPv6',
  }),
  linkbeat_use_polling: leaf(polling, 'Ask the driver for the state of the link, again and again.', {
    otherwise: 'off',
  }),
  v3_checksum_as_v2: leaf(
    boolean('(%n) invalid v3_checksum_as_v2 %s specified'),
    'Leave the pseudo header out of the checksum of version 3.',
    { otherwise: 'v3_checksum_as_v2 of global_defs' },
  ),
  lvs_sync_daemon_interface: leaf(
    syncDaemonInterface,
    'Interface of the IPVS synchronization daemon that follows this instance.',
    { otherwise: 'none' },
  ),
  timer_expired_backup: leaf(
    optionalInteger(1, 254, 254, 'exact'),
    'Highest priority of the other routers: when a timer was late, be backup once more instead of master.',
    {
      otherwise: '0 (off); no argument 254',
      invalid: '(%n) timer_expired_backup highest_other_priority not valid! must be between 1 & 254',
    },
  ),
  thread_timer_expired: leaf(optionalInteger(1, 254, 254, 'exact'), 'The old spelling of timer_expired_backup.', {
    invalid: '(%n) timer_expired_backup highest_other_priority not valid! must be between 1 & 254',
    deprecated: {
      instead: 'timer_expired_backup',
      message: "(%n) thread_timer_expired - please replace with keyword 'timer_expired_backup'",
    },
  }),
  garp_extra_if: leaf(instanceExtra, 'Announce the addresses on further interfaces every so often.', {
    otherwise: 'vrrp_garp_extra_if',
  }),
  vmac_garp_intvl: alias('garp_extra_if'),
  kernel_rx_buf_size: leaf(receiveBuffer, 'Receive buffer of the socket.', { default: 0 }),
} as const;
