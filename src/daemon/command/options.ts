/** Everything the command line decides. */
export interface Options {
  configFile: string;
  daemons: { vrrp: boolean; checker: boolean; bfd: boolean };
  /** Start every child even when the configuration has nothing for it. */
  all: boolean;
  logConsole: boolean;
  logDetail: boolean;
  /** syslog(3) facility number: 3 is daemon, 16 to 23 are local0 to local7. */
  logFacility: number;
  logFile?: string;
  flushLogFile: boolean;
  noSyslog: boolean;
  /** File creation mask, over the configuration's. */
  umask?: number;
  releaseVips: boolean;
  dontReleaseVrrp: boolean;
  dontReleaseIpvs: boolean;
  dontRespawn: boolean;
  dontFork: boolean;
  dumpConfig: boolean;
  pidFile?: string;
  vrrpPidFile?: string;
  checkersPidFile?: string;
  bfdPidFile?: string;
  addressMonitoring: boolean;
  coreDump: boolean;
  /** -M: names of core files (core(5)). */
  corePattern?: string;
  /** -x: everything that SNMP can tell. */
  snmp: boolean;
  snmpSocket?: string;
  /** Lines of the log as text or as JSON objects; ours. */
  logFormat: 'text' | 'json';
  namespace?: string;
  /** Every include must match a file. */
  allConfig: boolean;
  configId?: string;
  ignoreSigint: boolean;
  /** -t; an empty name means standard error. */
  configTest?: string;
}

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What to do once the whole command line has been read. */
export type CommandAction =
  | 'run'
  | 'version'
  | 'help'
  | { readonly genhash: readonly string[] }
  | { readonly exit: number };

export interface CommandLine {
  readonly options: Options;
  /** In the order in which the words called for them. */
  readonly output: readonly OutputLine[];
  readonly action: CommandAction;
  /** A number was refused: a configuration test then fails whatever the file says. */
  readonly invalidNumber: boolean;
}

export const DEFAULT_CONFIG_FILE = '/etc/keepalived/keepalived.conf';

/** syslog(3) facilities. */
export const FACILITY_DAEMON = 3;
export const FACILITY_USER = 1;
export const FACILITY_LOCAL0 = 16;

/** What holds when nothing is said. */
export function defaultOptions(): Options {
  return {
    configFile: DEFAULT_CONFIG_FILE,
    daemons: { vrrp: true, checker: true, bfd: true },
    all: false,
    logConsole: false,
    logDetail: false,
    logFacility: FACILITY_DAEMON,
    flushLogFile: false,
    noSyslog: false,
    releaseVips: false,
    dontReleaseVrrp: false,
    dontReleaseIpvs: false,
    dontRespawn: false,
    dontFork: false,
    dumpConfig: false,
    addressMonitoring: false,
    coreDump: false,
    snmp: false,
    logFormat: 'text',
    allConfig: false,
    ignoreSigint: false,
  };
}
