import type { GarpSettings, GlobalConfig, GlobalDefaults, NotifyFifo, TimedScript } from '../config/types.ts';
import { seconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import {
  type DumpLines,
  enabled,
  fileOfOtherName,
  optional,
  present,
  scriptText,
  secondsFixed,
  secondsShort,
  title,
  trueFalse,
  wholeSeconds,
} from './dump-text.ts';

/** Section "Global definitions", with which every dump begins. */
export function globalLines(global: GlobalConfig): string[] {
  const defaults = global.defaults ?? standard;
  return present([
    title('Global definitions'),
    ...identity(global, defaults),
    ...mail(global, defaults),
    ...scripts(global, defaults),
    ...services(global, defaults),
    ...routers(global, defaults),
    ...processes,
    ...security(global),
    ...buffers,
    ...rest(global, defaults),
  ]);
}

/** Of keepalived.conf(5). */
const standard: GlobalDefaults = {
  emailFaults: true,
  checkerEmails: true,
  strict: false,
  skipCheckAdvertAddresses: false,
  lowerPriorityNoAdvert: false,
  higherPrioritySendAdvert: false,
  ownerIgnoreAdverts: false,
  downTimerAdverts: 3,
  multicastGroup6: 'ff02::12' as IpAddress,
  garp: {
    delay: seconds(5),
    repeat: 5,
    refresh: seconds(0),
    refreshRepeat: 1,
    lowerPriorityDelay: seconds(5),
    lowerPriorityRepeat: 5,
  },
  dynamicInterfaces: 'off',
  maxAutoPriority: 0,
  minAutoPriorityDelay: 1_000_000,
  useSymlinkPaths: false,
  pidDirectory: false,
};

function identity(global: GlobalConfig, { useSymlinkPaths }: GlobalDefaults): DumpLines {
  const { parent, vrrp, checker, bfd } = global.processNames;
  return [
    ` Network namespace = ${global.netNamespace ?? '(default)'}`,
    ' Network namespace ipvs = (main namespace)',
    optional(' Instance name', global.instanceName),
    optional(' Parent process name', parent),
    optional(' VRRP process name', vrrp),
    optional(' LVS process name', checker),
    optional(' BFD process name', bfd),
    ` ${useSymlinkPaths ? "Don't replace" : 'Replace'} symlinks in script paths`,
    " Don't set supplementary groups for all scripts",
    ` Router ID = ${global.routerId}`,
  ];
}

function mail({ email, checkerLogAllFailures }: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  return [
    ...(email?.server
      ? [
          ` Smtp server = ${email.server.host}`,
          ` Smtp server port = ${email.server.port}`,
          ` Smtp HELO name = ${email.heloName}`,
          ` Smtp server connection timeout = ${wholeSeconds(email.connectTimeout)}`,
        ]
      : []),
    email && ` Email notification from = ${email.from}`,
    ...(email && email.to.length > 0 ? [' Email notification to:', ...email.to.map((to) => `   ${to}`)] : []),
    ` Default smtp_alert = ${setting(defaults.smtpAlert)}`,
    ` Default smtp_alert_vrrp = ${setting(defaults.smtpAlertVrrp)}`,
    ` Default smtp_alert_checker = ${setting(defaults.smtpAlertChecker)}`,
    ` Checkers log all failures = ${trueFalse(checkerLogAllFailures)}`,
  ];
}

function setting(value: boolean | undefined): string {
  return value === undefined ? 'unset' : value ? 'on' : 'off';
}

function scripts({ startupScript, shutdownScript, lvsTimeouts = {} }: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  const { dynamicInterfaces, emailFaults } = defaults;
  const limit = (script: TimedScript) => `timeout ${wholeSeconds(script.timeout)}`;
  return [
    ' No test config before reload',
    startupScript && ` Startup script = ${scriptText(startupScript.command)}, ${limit(startupScript)}`,
    shutdownScript && ` Shutdown script = ${scriptText(shutdownScript.command)} ${limit(shutdownScript)}`,
    ` Dynamic interfaces = ${trueFalse(dynamicInterfaces !== 'off')}`,
    dynamicInterfaces === 'changeable' && ' Allow interface changes = true',
    !emailFaults && ' Send emails for fault transitions = off',
    optional(' LVS TCP timeout', lvsTimeouts.tcp),
    optional(' LVS TCP FIN timeout', lvsTimeouts.tcpfin),
    // The UDP timeout goes by this name in keepalived's dumps.
    optional(' LVS TCP timeout', lvsTimeouts.udp),
  ];
}

const flushOnStop = { off: 'disabled', services: 'VS', all: 'full' } as const;

function services(global: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  return [
    optional(' Default interface', defaults.interface),
    ' Disable local IGMP = no',
    ' Use VRRPv2 checksum for VRRPv3 IPv4 = no',
    ` LVS flush = ${trueFalse(global.lvsFlush)}`,
    ` LVS flush on stop = ${flushOnStop[global.lvsFlushOnStop]}`,
    ...fifo('Global', global.notifyFifo),
    ...fifo('VRRP', global.vrrpNotifyFifo),
    ...fifo('LVS', global.lvsNotifyFifo),
  ];
}

function fifo(kind: string, settings: NotifyFifo | undefined): DumpLines {
  if (!settings) return [];
  const { path, uid, gid, script } = settings;
  // The script gets the FIFO's name as its last word.
  const command = script && { ...script, argv: [...script.argv, path] };
  const file = command && fileOfOtherName(command);
  return [
    ` ${kind} notify fifo = ${path}, uid:gid ${uid}:${gid}`,
    command && ` ${kind} notify fifo ${file === undefined ? '' : `path = ${file}, `}script = ${scriptText(command)}`,
  ];
}

function routers(global: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  return [
    ' FIFO write vrrp states on reload = false',
    ` VRRP notify priority changes = ${trueFalse(global.notifyPriorityChanges)}`,
    ` VRRP IPv4 mcast group = ${global.vrrpMulticastGroup4}`,
    ` VRRP IPv6 mcast group = ${defaults.multicastGroup6}`,
    ...garpLines(' Gratuitous ARP', 'refresh timer', defaults.garp),
    ` Num adverts before down = ${defaults.downTimerAdverts}`,
    ' Gratuitous ARP for each secondary VMAC = 0s',
    ` Send advert after receive lower priority advert = ${trueFalse(!defaults.lowerPriorityNoAdvert)}`,
    ` Send advert after receive higher priority advert = ${trueFalse(defaults.higherPrioritySendAdvert)}`,
    ` Gratuitous ARP interval = ${secondsFixed(global.garpInterval)}`,
    ` Gratuitous NA interval = ${secondsFixed(global.gnaInterval)}`,
    ` VRRP default protocol version = ${global.vrrpVersion}`,
    ' nftables without counters',
    ' VRRP check unicast_src = false',
    ` VRRP skip check advert addresses = ${trueFalse(defaults.skipCheckAdvertAddresses)}`,
    ` VRRP strict mode = ${trueFalse(defaults.strict)}`,
    ` Max auto priority = ${defaults.maxAutoPriority === -1 ? 'Disabled' : defaults.maxAutoPriority}`,
    ` Min auto priority delay = ${defaults.minAutoPriorityDelay} usecs`,
  ];
}

/** The gratuitous ARP schedule, which global_defs and instances label alike but for the refresh time. */
export function garpLines(label: string, refreshLabel: string, garp: GarpSettings): string[] {
  return [
    `${label} delay = ${wholeSeconds(garp.delay)}`,
    `${label} repeat = ${garp.repeat}`,
    `${label} ${refreshLabel} = ${wholeSeconds(garp.refresh)}`,
    `${label} refresh repeat = ${garp.refreshRepeat}`,
    `${label} lower priority delay = ${wholeSeconds(garp.lowerPriorityDelay)}`,
    `${label} lower priority repeat = ${garp.lowerPriorityRepeat}`,
  ];
}

const processes: DumpLines = [
  ...['VRRP', 'Checker', 'BFD'].flatMap((name) => [
    ` ${name} process priority = 0`,
    ` ${name} don't swap = false`,
    ` ${name} realtime priority = 0`,
    ` ${name} realtime limit = 10000`,
  ]),
  ...['vrrp', 'checker', 'RFCv2', 'RFCv3', 'traps'].map((name) => ` SNMP ${name} disabled`),
  ' SNMP socket = default (unix:/var/agentx/master)',
  ' SNMP VS stats update interval = 5.000000',
  ' SNMP RS stats update interval = 5.000000',
  ' DBus disabled',
  ' DBus service name = ',
  ' DBus no interface name = none',
];

function security({ enableScriptSecurity, scriptUser }: GlobalConfig): DumpLines {
  return [
    ` Script security ${enabled(enableScriptSecurity)}`,
    scriptUser && ` Default script uid:gid ${scriptUser.uid}:${scriptUser.gid}`,
  ];
}

const bufferOwners = [
  'vrrp_netlink_cmd',
  'vrrp_netlink_monitor',
  'process_monitor',
  'lvs_netlink_cmd',
  'lvs_netlink_monitor',
];
const buffers: DumpLines = bufferOwners.flatMap((owner) => [` ${owner}_rcv_bufs = 0`, ` ${owner}_rcv_bufs_force = 0`]);

function rest(global: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  return [
    ` rs_init_notifies = ${Number(global.rsInitNotifies)}`,
    ` no_checker_emails = ${Number(!defaults.checkerEmails)}`,
    ' rx_bufs_multiples = 3',
    ` umask = 0${global.umask.toString(8)}`,
    global.startupDelay > 0 && ` vrrp_startup_delay = ${secondsShort(global.startupDelay)}`,
    global.logUnknownVrids && ' log_unknown_vrids',
    defaults.ownerIgnoreAdverts && ' vrrp_owner_ignore_adverts',
    ' json_version 1',
    ' iproute usr directory /etc/iproute2',
    ' iproute etc directory /etc/iproute2',
  ];
}
