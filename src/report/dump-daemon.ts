import { defaultServiceName, usualRealtimeLimit } from '../config/resolve-daemon.ts';
import type { GlobalConfig, LvsSyncDaemon, ProcessSettings } from '../config/types.ts';
import { type DumpLines, optional, secondsFixed, trueFalse, yesNo } from './dump-text.ts';

/** When the configuration is read again. */
export function reloadLines(
  { reload, dumps }: GlobalConfig,
  scheduled: { readonly text: string; readonly dated: boolean } | undefined,
): DumpLines {
  const { checkOutput, timeFile, timeRepeat, marker } = reload;
  return [
    checkOutput === undefined ? ' No test config before reload' : ` Test config before reload, log to ${checkOutput}`,
    ...(timeFile === undefined
      ? []
      : [` Reload time file = ${timeFile}${timeRepeat ? ' (repeat)' : ''}`, reloadTime(scheduled)]),
    optional(' Reload_file', marker),
    optional(' config save directory', dumps.temporaryDirectory),
    dumps.useInstance && ' Use instance name in data dumps',
  ];
}

/** The bracket stays open in keepalived's too. */
function reloadTime(scheduled: { readonly text: string; readonly dated: boolean } | undefined): string {
  if (!scheduled) return ' No reload scheduled';
  return ` Reload scheduled for ${scheduled.text}${scheduled.dated ? ' (date specified' : ''}`;
}

/** Only the VRRP process knows the instance that it follows; the others have its name. */
export function syncDaemonLines(daemon: LvsSyncDaemon | undefined, resolved: boolean): DumpLines {
  if (!daemon) return [];
  return [
    optional(` LVS syncd vrrp ${resolved ? 'instance' : 'name'}`, daemon.instance),
    ` LVS syncd interface = ${daemon.interface}`,
    optional(' LVS syncd syncid', daemon.id),
    optional(' LVS syncd maxlen', daemon.maximumLength),
    daemon.group !== undefined && ` LVS mcast group ${daemon.group}`,
    optional(' LVS syncd mcast port', daemon.port),
    optional(' LVS syncd mcast ttl', daemon.ttl),
  ];
}

/** The release of libnftnl whose encoding of rules ours is; the library itself is not used. */
const RULES_AS_OF_LIBNFTNL = '1.2.4';

/** Packet filters and the names of what they use. */
export function filterLines({ iptables, ipsets, nftables, nftablesIpvs, nftablesCounters }: GlobalConfig): DumpLines {
  const sets = ['IPv4 address', 'IPv6 address', 'IPv6 address,iface', 'IGMP', 'MLD', 'ND'];
  return [
    ...(iptables
      ? [
          ` Iptables input chain = ${iptables.inputChain}`,
          optional(' Iptables output chain', iptables.outputChain),
          ` Using ipsets = ${yesNo((ipsets ?? []).length > 0)}`,
          ...(ipsets ?? []).map((name, i) => ` ipset ${sets[i]} set = ${name}`),
        ]
      : []),
    ...(nftables
      ? [
          ` nftables table name = ${nftables.table}`,
          ` nftables base chain priority = ${nftables.priority}`,
          ` nftables ${nftables.matchIfindex ? '' : "don't "}force use ifindex for link local IPv6`,
        ]
      : []),
    ...(nftablesIpvs
      ? [
          ` ipvs nftables table name = ${nftablesIpvs.table}`,
          ` ipvs nftables base chain priority = ${nftablesIpvs.priority}`,
          ` ipvs nftables start fwmark = ${nftablesIpvs.startFwmark}`,
        ]
      : []),
    ` nftables with${nftablesCounters ? '' : 'out'} counters`,
    ` libnftnl version ${RULES_AS_OF_LIBNFTNL}`,
  ];
}

function processLines(name: string, settings: ProcessSettings): DumpLines {
  const { priority = 0, noSwap, realtimePriority = 0, cpuAffinity, realtimeLimit = usualRealtimeLimit } = settings;
  return [
    ` ${name} process priority = ${priority}`,
    ` ${name} don't swap = ${trueFalse(noSwap)}`,
    ` ${name} realtime priority = ${realtimePriority}`,
    // keepalived prints processor 0 as nothing.
    cpuAffinity && ` ${name} CPU Affinity = ${cpuAffinity.map((processor) => `${processor || ''} `).join('')}`,
    ` ${name} realtime limit = ${realtimeLimit}`,
  ];
}

function onOff(name: string, enabled: boolean): string {
  return ` ${name} ${enabled ? 'enabled' : 'disabled'}`;
}

/** Scheduling of the processes, and what SNMP and D-Bus show. */
export function processesLines({ processes, snmp, dbus }: GlobalConfig): DumpLines {
  const serviceName = dbus === undefined || dbus.serviceName === defaultServiceName ? '' : dbus.serviceName;
  return [
    ...processLines('VRRP', processes.vrrp),
    ...processLines('Checker', processes.checker),
    ...processLines('BFD', processes.bfd),
    onOff('SNMP vrrp', snmp.vrrp),
    onOff('SNMP checker', snmp.checker),
    onOff('SNMP RFCv2', snmp.rfcV2),
    onOff('SNMP RFCv3', snmp.rfcV3),
    onOff('SNMP traps', snmp.traps),
    ` SNMP socket = ${snmp.socket ?? 'default (unix:/var/agentx/master)'}`,
    ` SNMP VS stats update interval = ${secondsFixed(snmp.virtualServerInterval)}`,
    ` SNMP RS stats update interval = ${secondsFixed(snmp.realServerInterval)}`,
    onOff('DBus', dbus !== undefined),
    ` DBus service name = ${serviceName}`,
    ` DBus no interface name = ${dbus?.noInterfaceName ?? 'none'}`,
  ];
}

/** Sizes of receive buffers. */
export function bufferLines({ receiveBuffers: buffers }: GlobalConfig): DumpLines {
  const owners = {
    vrrp_netlink_cmd: buffers.vrrpCommand,
    vrrp_netlink_monitor: buffers.vrrpMonitor,
    process_monitor: buffers.processMonitor,
    lvs_netlink_cmd: buffers.lvsCommand,
    lvs_netlink_monitor: buffers.lvsMonitor,
  };
  return Object.entries(owners).flatMap(([owner, { bytes = 0, force }]) => [
    ` ${owner}_rcv_bufs = ${bytes}`,
    ` ${owner}_rcv_bufs_force = ${Number(force)}`,
  ]);
}

/** How the sockets of VRRP are sized. */
export function receivePolicyLines({ receiveBuffers: { vrrpPolicy, vrrpMultiplier } }: GlobalConfig): DumpLines {
  const policy = vrrpPolicy && (vrrpPolicy.bytes ?? (vrrpPolicy.mtu ? 'MTU' : 'ADVERT'));
  const label = vrrpPolicy?.bytes === undefined ? ' rx_bufs_policy' : ' rx_bufs_size';
  return [optional(label, policy), ` rx_bufs_multiples = ${vrrpMultiplier}`];
}
