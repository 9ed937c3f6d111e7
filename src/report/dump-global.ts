import type {
  GarpSettings,
  GlobalConfig,
  GlobalDefaults,
  NotifyFifo,
  ScriptUser,
  TimedScript,
} from '../config/types.ts';
import { seconds } from '../lib/duration.ts';
import { defaultVmacPrefix } from '../config/resolve-daemon.ts';
import {
  bufferLines,
  filterLines,
  processesLines,
  receivePolicyLines,
  reloadLines,
  syncDaemonLines,
} from './dump-daemon.ts';
import {
  type DumpLines,
  enabled,
  fileOfOtherName,
  groupLines,
  optional,
  present,
  scriptText,
  secondsFixed,
  secondsShort,
  title,
  trueFalse,
  wholeSeconds,
  yesNo,
} from './dump-text.ts';
import type { GlobalRuntime } from './runtime.ts';

/** The processes, each of which writes what it makes of global_defs. */
export type DumpingProcess = 'parent' | 'vrrp' | 'checker' | 'bfd';

/** Section "Global definitions", with which every dump begins, as `process` goes by it. */
export function globalLines(global: GlobalConfig, process: DumpingProcess, runtime: GlobalRuntime = {}): string[] {
  const { defaults } = global;
  return present([
    title('Global definitions'),
    ...identity(global, defaults),
    ...mail(global, defaults),
    ...scripts(global, defaults, process, runtime),
    ...services(global, defaults, process),
    ...routers(global, process === 'vrrp' ? defaults : unresolved(defaults)),
    ...processesLines(global),
    ...security(global, global.scriptUsers[process === 'bfd' ? 'parent' : process]),
    ...bufferLines(global),
    ...rest(global, defaults, runtime),
  ]);
}

function identity(global: GlobalConfig, { useSymlinkPaths }: GlobalDefaults): DumpLines {
  const { parent, vrrp, checker, bfd } = global.processNames;
  return [
    optional(' Config save dir', global.dumps.saveDirectory),
    ` Network namespace = ${global.netNamespace ?? '(default)'}`,
    ` Network namespace ipvs = ${namespaceOfIpvs(global)}`,
    optional(' Instance name', global.instanceName),
    optional(' Parent process name', parent),
    optional(' VRRP process name', vrrp),
    optional(' LVS process name', checker),
    optional(' BFD process name', bfd),
    ` ${useSymlinkPaths ? "Don't replace" : 'Replace'} symlinks in script paths`,
    ` ${global.setSupplementaryGroups ? 'S' : "Don't s"}et supplementary groups for all scripts`,
    ` Router ID = ${global.routerId}`,
  ];
}

/** An empty name is the main one, whatever the daemon's own. */
function namespaceOfIpvs({ netNamespaceIpvs }: GlobalConfig): string {
  if (netNamespaceIpvs === undefined) return '(main namespace)';
  return netNamespaceIpvs === '' ? '(default)' : netNamespaceIpvs;
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
    ...(email?.from !== undefined
      ? [` Email notification from = ${email.from}`, ' Email notification to:', ...email.to.map((to) => `   ${to}`)]
      : []),
    ` Default smtp_alert = ${setting(defaults.smtpAlert)}`,
    ` Default smtp_alert_vrrp = ${setting(defaults.smtpAlertVrrp)}`,
    ` Default smtp_alert_checker = ${setting(defaults.smtpAlertChecker)}`,
    ` Checkers log all failures = ${trueFalse(checkerLogAllFailures)}`,
  ];
}

function setting(value: boolean | undefined): string {
  return value === undefined ? 'unset' : value ? 'on' : 'off';
}

function scripts(
  global: GlobalConfig,
  defaults: GlobalDefaults,
  process: DumpingProcess,
  { reload }: GlobalRuntime,
): DumpLines {
  const { lvsTimeouts = {} } = global;
  // The others do not read of those that the parent runs.
  const { startupScript, shutdownScript } = process === 'parent' ? global : {};
  const { dynamicInterfaces, emailFaults } = defaults;
  const limit = (script: TimedScript) => `timeout ${wholeSeconds(script.timeout)}`;
  return [
    ...reloadLines(global, reload),
    startupScript && ` Startup script = ${scriptText(startupScript.command)}, ${limit(startupScript)}`,
    shutdownScript && ` Shutdown script = ${scriptText(shutdownScript.command)} ${limit(shutdownScript)}`,
    ` Dynamic interfaces = ${trueFalse(dynamicInterfaces !== 'off')}`,
    dynamicInterfaces !== 'off' && ` Allow interface changes = ${trueFalse(dynamicInterfaces === 'changeable')}`,
    !emailFaults && ' Send emails for fault transitions = off',
    optional(' LVS TCP timeout', lvsTimeouts.tcp),
    optional(' LVS TCP FIN timeout', lvsTimeouts.tcpfin),
    // The UDP timeout goes by this name in keepalived's dumps.
    optional(' LVS TCP timeout', lvsTimeouts.udp),
  ];
}

const flushOnStop = { off: 'disabled', services: 'VS', all: 'full' } as const;

function services(global: GlobalConfig, defaults: GlobalDefaults, process: DumpingProcess): DumpLines {
  return [
    process === 'vrrp' && optional(' Default interface', defaults.interface),
    ` Disable local IGMP = ${yesNo(global.disableLocalIgmp)}`,
    ` Use VRRPv2 checksum for VRRPv3 IPv4 = ${yesNo(defaults.v3ChecksumAsV2)}`,
    ...syncDaemonLines(global.lvsSyncDaemon, process === 'vrrp'),
    ` LVS flush = ${trueFalse(global.lvsFlush)}`,
    ` LVS flush on stop = ${flushOnStop[global.lvsFlushOnStop]}`,
    ...fifo('Global', global.notifyFifo, process === 'vrrp' || process === 'checker'),
    ...fifo('VRRP', global.vrrpNotifyFifo, process === 'vrrp'),
    ...fifo('LVS', global.lvsNotifyFifo, process === 'checker'),
  ];
}

/** `used`: the process writes to it, and has given its script the FIFO's name as last word. */
function fifo(kind: string, settings: NotifyFifo | undefined, used: boolean): DumpLines {
  if (!settings) return [];
  const { path, uid, gid, script } = settings;
  const command = script && used ? { ...script, argv: [...script.argv, path] } : script;
  const file = command && fileOfOtherName(command);
  return [
    ` ${kind} notify fifo = ${path}, uid:gid ${uid}:${gid}`,
    command && ` ${kind} notify fifo ${file === undefined ? '' : `path = ${file}, `}script = ${scriptText(command)}`,
    ...(command ? groupLines(command, 3) : []),
  ];
}

function routers(global: GlobalConfig, defaults: GlobalDefaults): DumpLines {
  const { garpExtra } = defaults;
  return [
    ` FIFO write vrrp states on reload = ${trueFalse(global.fifoWriteVrrpStatesOnReload)}`,
    ` VRRP notify priority changes = ${trueFalse(global.notifyPriorityChanges)}`,
    ` VRRP IPv4 mcast group = ${global.vrrpMulticastGroup4}`,
    ` VRRP IPv6 mcast group = ${defaults.multicastGroup6}`,
    ...garpLines(' Gratuitous ARP', 'refresh timer', defaults.garp),
    ` Num adverts before down = ${defaults.downTimerAdverts}`,
    ` Gratuitous ARP for each secondary ${garpExtra.all ? 'i/f' : 'VMAC'} = ${wholeSeconds(garpExtra.interval)}s`,
    ` Send advert after receive lower priority advert = ${trueFalse(!defaults.lowerPriorityNoAdvert)}`,
    ` Send advert after receive higher priority advert = ${trueFalse(defaults.higherPrioritySendAdvert)}`,
    ` Gratuitous ARP interval = ${secondsFixed(global.garpInterval)}`,
    ` Gratuitous NA interval = ${secondsFixed(global.gnaInterval)}`,
    ` VRRP default protocol version = ${global.vrrpVersion}`,
    ...filterLines(global),
    ` VRRP check unicast_src = ${trueFalse(defaults.checkUnicastSource)}`,
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

function security({ enableScriptSecurity }: GlobalConfig, user: ScriptUser | undefined): DumpLines {
  return [
    ` Script security ${enabled(enableScriptSecurity)}`,
    user && ` Default script uid:gid ${user.uid}:${user.gid}`,
    ...(user ? groupLines(user, 3) : []),
  ];
}

/** What nobody has configured stays a number of all ones where VRRP is not at work. */
const UNSET = 0xffffffff;

function unresolved(defaults: GlobalDefaults): GlobalDefaults {
  const { delay = seconds(UNSET), repeat = UNSET } = defaults.garpLowerPriority;
  return { ...defaults, garp: { ...defaults.garp, lowerPriorityDelay: delay, lowerPriorityRepeat: repeat } };
}

function rest(global: GlobalConfig, defaults: GlobalDefaults, { realtime }: GlobalRuntime): DumpLines {
  return [
    ` rs_init_notifies = ${Number(global.rsInitNotifies)}`,
    ` no_checker_emails = ${Number(!defaults.checkerEmails)}`,
    ...receivePolicyLines(global),
    ` umask = 0${global.umask.toString(8)}`,
    global.startupDelay > 0 && ` vrrp_startup_delay = ${secondsShort(global.startupDelay)}`,
    global.logUnknownVrids && ' log_unknown_vrids',
    defaults.ownerIgnoreAdverts && ' vrrp_owner_ignore_adverts',
    global.vmacPrefix !== defaultVmacPrefix && ` VMAC prefix = ${global.vmacPrefix}`,
    global.vmacAddressPrefix !== defaultVmacPrefix && ` VMAC address prefix = ${global.vmacAddressPrefix}`,
    realtime && ` current realtime priority = ${realtime.priority}`,
    realtime && ` current realtime time limit = ${realtime.limit}`,
    ` json_version ${global.dumps.jsonVersion}`,
    ` iproute usr directory ${global.iprouteUsrDirectory ?? '/etc/iproute2'}`,
    ` iproute etc directory ${global.iprouteEtcDirectory ?? '/etc/iproute2'}`,
    global.dumps.statePath !== undefined && ` state dump file ${global.dumps.statePath}`,
    global.dumps.statisticsPath !== undefined && ` stats dump file ${global.dumps.statisticsPath}`,
    global.dumps.jsonPath !== undefined && ` json dump file ${global.dumps.jsonPath}`,
  ];
}
