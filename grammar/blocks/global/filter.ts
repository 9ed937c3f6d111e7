import { ipsets, iptablesChains, nftablesTable } from '../../filter-values.ts';
import { leaf, type Statement } from '../../keyword.ts';
import { flag, integer, maximumUnsigned } from '../../values.ts';
import { once } from './shared.ts';

const priority = integer(-0x80000000, 0x7fffffff, 'exact');

/** What belongs to a table counts only after the table is named. */
const after =
  (table: string) =>
  <T>(value: T, { scope }: Statement): T | undefined =>
    scope.values[table] === undefined ? undefined : value;

/** Filters for addresses that must not answer, and marks for groups of virtual servers. */
export const filterRows = {
  vrrp_iptables: leaf(
    iptablesChains,
    'Filter with iptables, in these chains; here nftables does it, which the log says.',
    {
      otherwise: 'no argument: INPUT and OUTPUT; one argument: no out chain',
      admit: once(() => 'vrrp_iptables already specified - ignoring'),
    },
  ),
  vrrp_ipsets: leaf(
    ipsets,
    'Names of the sets of addresses that iptables rules refer to; nftables has sets of its own instead.',
    {
      otherwise:
        'used when iptables is used, names keepalived, keepalived6, keepalived_if6, keepalived_igmp, keepalived_mld, keepalived_nd; no argument: ipsets off',
    },
  ),
  nftables: leaf(nftablesTable('keepalived'), 'Filter with nftables, in this table.', {
    otherwise: 'no argument: keepalived',
    admit: once(() => 'nftables already specified - ignoring'),
  }),
  nftables_priority: leaf(priority, 'Priority of the base chains of that table.', {
    default: -1,
    invalid: "invalid nftables chain priority '%s'",
    admit: after('nftables'),
  }),
  nftables_ifindex: leaf(
    flag,
    'Know interfaces by index rather than by name, for link-local addresses; here they always are.',
  ),
  nftables_ipvs: leaf(nftablesTable('keepalived_ipvs'), 'Mark packets for groups of virtual servers with nftables.', {
    otherwise: 'no argument: keepalived_ipvs',
    admit: once(() => 'ipvs nftables already specified - ignoring'),
  }),
  nftables_ipvs_priority: leaf(priority, 'Priority of the base chains of that table.', {
    default: -1,
    invalid: "invalid ipvs nftables chain priority '%s'",
    admit: after('nftables_ipvs'),
  }),
  nftables_ipvs_start_fwmark: leaf(integer(1, maximumUnsigned, 'exact'), 'First of the marks.', {
    default: 1000,
    invalid: "invalid ipvs nftables start_fwmark priority '%s'",
    admit: after('nftables_ipvs'),
  }),
  nftables_counters: leaf(flag, 'Count packets in the rules of nftables.'),
};
