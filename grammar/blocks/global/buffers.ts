import { leaf, type Statement } from '../../keyword.ts';
import { receivePolicy } from '../../receive-buffer.ts';
import { integer, maximumUnsigned } from '../../values.ts';
import { globalBoolean } from './shared.ts';

const size = (keyword: string, socket: string) =>
  leaf(integer(0, maximumUnsigned, 'exact'), `Bytes of the receive buffer of ${socket}; 0 leaves it as it is.`, {
    otherwise: "the kernel's",
    missing: `${keyword} size missing`,
    invalid: `${keyword} size (%s) invalid`,
  });

const force = (keyword: string, socket: string) =>
  leaf(globalBoolean(keyword), `Exceed net.core.rmem_max for the receive buffer of ${socket}.`);

const readMultiplier = integer(1, maximumUnsigned, 'exact');

const multiplier = {
  ...readMultiplier,
  read(statement: Statement): number | undefined {
    const value = statement.words.length === 2 ? readMultiplier.read(statement) : undefined;
    if (value !== undefined) return value;
    const word = statement.words.length === 2 ? ` ${statement.words[1]}` : '';
    return statement.refuse(`Invalid vrrp_rx_bufs_multiplier${word}`, 0, readMultiplier.syntax);
  },
};

/** Room for what the kernel sends faster than it is read. */
export const bufferRows = {
  vrrp_netlink_cmd_rcv_bufs: size('vrrp_netlink_cmd_rcv_bufs', 'netlink commands of VRRP'),
  vrrp_netlink_cmd_rcv_bufs_force: force('vrrp_netlink_cmd_rcv_bufs_force', 'netlink commands of VRRP'),
  vrrp_netlink_monitor_rcv_bufs: size('vrrp_netlink_monitor_rcv_bufs', 'netlink events of VRRP'),
  vrrp_netlink_monitor_rcv_bufs_force: force('vrrp_netlink_monitor_rcv_bufs_force', 'netlink events of VRRP'),
  process_monitor_rcv_bufs: size('process_monitor_rcv_bufs', 'process events'),
  process_monitor_rcv_bufs_force: force('process_monitor_rcv_bufs_force', 'process events'),
  lvs_netlink_cmd_rcv_bufs: size('lvs_netlink_cmd_rcv_bufs', 'netlink commands of the checkers'),
  lvs_netlink_cmd_rcv_bufs_force: force('lvs_netlink_cmd_rcv_bufs_force', 'netlink commands of the checkers'),
  lvs_netlink_monitor_rcv_bufs: size('lvs_netlink_monitor_rcv_bufs', 'netlink events of the checkers'),
  lvs_netlink_monitor_rcv_bufs_force: force('lvs_netlink_monitor_rcv_bufs_force', 'netlink events of the checkers'),
  vrrp_rx_bufs_policy: leaf(receivePolicy, 'How the receive buffers of VRRP sockets are sized.', {
    otherwise: 'unset',
    missing: 'vrrp_rx_bufs_policy missing',
  }),
  vrrp_rx_bufs_multiplier: leaf(multiplier, 'How many such packets the receive buffers of VRRP sockets hold.', {
    default: 3,
  }),
};
