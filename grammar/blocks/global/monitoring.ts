import { leaf, type ValueKind } from '../../keyword.ts';
import { decimalSeconds, flag, quote, text } from '../../values.ts';
import { seconds } from '../../../src/lib/duration.ts';

const maximumSocketName = 4095;

const agentSocket: ValueKind<string> = {
  syntax: 'one address, such as unix:/var/agentx/master',
  read(statement) {
    const complain = (message: string): undefined => statement.refuse(message, 1, this.syntax);
    const [, word, surplus] = statement.words;
    if (surplus !== undefined) return complain('Too many parameters specified for snmp_socket - ignoring');
    if (word === undefined) return complain('SNMP error : snmp socket name missing');
    if (word.length > maximumSocketName) return complain('SNMP error : snmp socket name too long - ignoring');
    const written = statement.scope.values.snmp_socket as string | undefined;
    const earlier = written ?? statement.surroundings.snmpSocket;
    return earlier === undefined ? word : complain(`SNMP socket already set to ${earlier} - ignoring`);
  },
  print: quote,
};

// keepalived names the virtual servers in both complaints.
const staleness = { invalid: "snmp stats vs update interval '%s' invalid - ignoring" };

/** What other programs may ask the daemon. */
export const monitoringRows = {
  snmp_socket: leaf(agentSocket, 'Where the SNMP agent listens for subagents.', {
    otherwise: 'unix:/var/agentx/master',
  }),
  enable_traps: leaf(flag, 'Send SNMP traps.'),
  enable_snmp_vrrp: leaf(flag, 'Serve the VRRP part of the KEEPALIVED MIB.', { otherwise: 'off (on with -x)' }),
  enable_snmp_keepalived: leaf(flag, 'Old spelling of enable_snmp_vrrp.', {
    deprecated: { instead: 'enable_snmp_vrrp', quiet: true, message: '' },
  }),
  enable_snmp_rfc: leaf(flag, 'Serve the VRRP MIBs of both RFCs.', {
    admit: (value, { scope }) => {
      scope.values.enable_snmp_rfcv2 = true;
      scope.values.enable_snmp_rfcv3 = true;
      return value;
    },
  }),
  enable_snmp_rfcv2: leaf(flag, 'Serve the MIB of VRRP version 2 (RFC 2787).'),
  enable_snmp_rfcv3: leaf(flag, 'Serve the MIB of VRRP version 3 (RFC 6527).'),
  enable_snmp_checker: leaf(flag, 'Serve the checker part of the KEEPALIVED MIB.', { otherwise: 'off (on with -x)' }),
  snmp_vs_stats_update_interval: leaf(
    decimalSeconds(1000, 30_000_000),
    'How old the statistics of virtual servers may be that SNMP shows.',
    { default: seconds(5), ...staleness },
  ),
  snmp_rs_stats_update_interval: leaf(
    decimalSeconds(1000, 30_000_000),
    'How old the statistics of real servers may be that SNMP shows.',
    { otherwise: 'that of virtual servers', ...staleness },
  ),
  enable_dbus: leaf(flag, 'Offer the interface on D-Bus.'),
  dbus_service_name: leaf(text, 'Name to own on D-Bus.', {
    default: 'org.keepalived.Vrrp1',
    missing: 'dbus_service_name missing - ignoring',
  }),
  dbus_no_interface_name: leaf(text, 'What stands in object paths for the interface of instances without one.', {
    default: 'none',
    missing: 'dbus_no_interface_name missing - ignoring',
  }),
};
