import type { OptionForm } from './getopt.ts';
import type { CommandAction, Options, OutputLine } from './options.ts';
import { FACILITY_DAEMON, FACILITY_LOCAL0, FACILITY_USER } from './options.ts';
import { SIGNAL_NUMBERS } from '../signals.ts';

/** The state of reading one command line. */
export interface Reading {
  options: Options;
  readonly output: OutputLine[];
  failed: boolean;
  invalidNumber: boolean;
  action?: CommandAction;
}

type Effect = (reading: Reading, value: string, call: Call) => void;

/** How an option was called: the words of the command line, the place among them and the spelling. */
export interface Call {
  readonly words: readonly string[];
  readonly at: number;
  readonly written: string;
}

/** One option: one row. */
export interface OptionRow extends OptionForm {
  readonly effect: Effect;
}

/** Switches: what the option's presence means. */
function sets(change: Partial<Options>): Effect {
  return (reading) => Object.assign(reading.options, change);
}

/** Stores the option's argument. */
function stores(
  name:
    | 'configFile'
    | 'logFile'
    | 'pidFile'
    | 'vrrpPidFile'
    | 'checkersPidFile'
    | 'bfdPidFile'
    | 'namespace'
    | 'snmpSocket'
    | 'configId',
): Effect {
  return (reading, value) => Object.assign(reading.options, { [name]: value });
}

/** Leaves one of the child processes out. */
function without(daemon: keyof Options['daemons']): Effect {
  return ({ options }) => Object.assign(options.daemons, { [daemon]: false });
}

/** An option that leaves a process out counts if it comes later. */
function startAll({ options }: Reading): void {
  Object.assign(options, { all: true, daemons: { vrrp: true, checker: true, bfd: true } });
}

/** Adds a line for standard error. */
export function complain(reading: Reading, text: string): void {
  reading.output.push({ stream: 'stderr', text });
}

/** keepalived's word to its own copies; ours are told in another way. */
function nothing(): void {}

function setCorePattern({ options }: Reading, pattern: string): void {
  Object.assign(options, { coreDump: true, corePattern: pattern === '' ? 'core' : pattern });
}

function setLogFormat(reading: Reading, format: string): void {
  if (format === 'text' || format === 'json') reading.options.logFormat = format;
  else complain(reading, `Invalid log format '${format}'`);
}

/**
 * keepalived first tries to read a number and remembers that this failed, even where the word then is a good facility.
 */
function setFacility(reading: Reading, value: string): void {
  const number = /^\s*\+?0*([0-7]?)$/.exec(value)?.[1];
  if (number === undefined) {
    reading.invalidNumber = true;
    // A configuration test tells what is wrong with a number, once it is known to be one.
    if (reading.options.configTest !== undefined) for (const text of refusals(value)) complain(reading, text);
  }
  const facility = number === undefined ? namedFacility(value) : FACILITY_LOCAL0 + Number(number);
  if (facility === undefined) complain(reading, `Invalid log facility '${value}'`);
  else reading.options.logFacility = facility;
}

const LARGEST_UNSIGNED = 0xffff_ffff;

/** Why a facility is no number from 0 to 7, and why what follows `local` is none. */
function refusals(value: string): string[] {
  const local = /^local(.+)$/.exec(value)?.[1];
  return [value, ...(local === undefined ? [] : [local])].flatMap((text) => {
    if (/^\s*-/.test(text)) return [`negative number '${text}'`];
    if (!/^\s*\+?[0-9]+$/.test(text)) return [`invalid number '${text}'`];
    if (Number(text) > LARGEST_UNSIGNED) return [`number '${text}' outside unsigned integer range`];
    return Number(text) > 7 ? [`number '${text}' outside range [0, 7]`] : [];
  });
}

function namedFacility(value: string): number | undefined {
  if (value === 'daemon') return FACILITY_DAEMON;
  if (value === 'user') return FACILITY_USER;
  const local = /^local([0-7]?)$/.exec(value)?.[1];
  return local === undefined ? undefined : FACILITY_LOCAL0 + Number(local);
}

function setUmask(reading: Reading, value: string): void {
  const mask = parseMask(value);
  if (mask === undefined) complain(reading, `Invalid --umask option ${value}`);
  else reading.options.umask = mask;
}

/** strtoul(3) with base 0, limited to the permission bits. */
function parseMask(value: string): number | undefined {
  if (value === '') return 0;
  const base = /^0x[0-9a-f]+$/i.test(value) ? 16 : /^0[0-7]*$/.test(value) ? 8 : /^[1-9][0-9]*$/.test(value) ? 10 : 0;
  if (base === 0) return undefined;
  const mask = Number.parseInt(value, base);
  return mask <= 0o777 ? mask : undefined;
}

function printSignalNumber(reading: Reading, name: string): void {
  const number = (SIGNAL_NUMBERS as Readonly<Record<string, number>>)[name];
  if (number === undefined) {
    complain(reading, `Unknown sigfunc ${name}`);
    reading.action = { exit: 1 };
    return;
  }
  reading.output.push({ stream: 'stdout', text: String(number) });
  reading.action = { exit: 0 };
}

function startConfigTest(reading: Reading, file: string): void {
  const configTest = file === '' ? (reading.options.configTest ?? '') : file;
  Object.assign(reading.options, { configTest, dontRespawn: true, dontFork: true, noSyslog: true });
}

/** Everything that follows is for genhash. */
function startGenhash(reading: Reading, _value: string, { words, at, written }: Call): void {
  if (at > 0 || /^-[^-T]/.test(words[0] ?? '')) {
    const name = written === '-T' ? written : 'genhash';
    complain(reading, `Warning -- \`${name}\` not used as first option, previous options ignored`);
  }
  reading.action = { genhash: words.slice(at + 1) };
}

/** Ends the reading: nothing after this option counts. */
function ends(action: CommandAction): Effect {
  return (reading) => Object.assign(reading, { action });
}

/** keepalived's options, with keepalived's letters and names. */
export const OPTION_TABLE: readonly OptionRow[] = [
  { short: 'f', long: 'use-file', argument: 'required', effect: stores('configFile') },
  { short: 'P', long: 'vrrp', argument: 'none', effect: without('checker') },
  { short: 'C', long: 'check', argument: 'none', effect: without('vrrp') },
  { short: 'B', long: 'no_bfd', argument: 'none', effect: without('bfd') },
  { long: 'all', argument: 'none', effect: startAll },
  { short: 'l', long: 'log-console', argument: 'none', effect: sets({ logConsole: true }) },
  { short: 'D', long: 'log-detail', argument: 'none', effect: sets({ logDetail: true }) },
  { short: 'S', long: 'log-facility', argument: 'required', effect: setFacility },
  { short: 'g', long: 'log-file', argument: 'optional', effect: stores('logFile') },
  { long: 'flush-log-file', argument: 'none', effect: sets({ flushLogFile: true }) },
  { short: 'G', long: 'no-syslog', argument: 'none', effect: sets({ noSyslog: true }) },
  { short: 'u', long: 'umask', argument: 'required', effect: setUmask },
  { short: 'X', long: 'release-vips', argument: 'none', effect: sets({ releaseVips: true }) },
  { short: 'V', long: 'dont-release-vrrp', argument: 'none', effect: sets({ dontReleaseVrrp: true }) },
  { short: 'I', long: 'dont-release-ipvs', argument: 'none', effect: sets({ dontReleaseIpvs: true }) },
  { short: 'R', long: 'dont-respawn', argument: 'none', effect: sets({ dontRespawn: true }) },
  { short: 'n', long: 'dont-fork', argument: 'none', effect: sets({ dontFork: true }) },
  { short: 'd', long: 'dump-conf', argument: 'none', effect: sets({ dumpConfig: true }) },
  { short: 'p', long: 'pid', argument: 'required', effect: stores('pidFile') },
  { short: 'r', long: 'vrrp_pid', argument: 'required', effect: stores('vrrpPidFile') },
  {
    short: 'c',
    long: 'checkers_pid',
    argument: 'required',
    effect: stores('checkersPidFile'),
  },
  { short: 'b', long: 'bfd_pid', argument: 'required', effect: stores('bfdPidFile') },
  {
    short: 'a',
    long: 'address-monitoring',
    argument: 'none',
    effect: sets({ addressMonitoring: true }),
  },
  { short: 'x', long: 'snmp', argument: 'none', effect: sets({ snmp: true }) },
  { short: 'A', long: 'snmp-agent-socket', argument: 'required', effect: stores('snmpSocket') },
  { short: 'm', long: 'core-dump', argument: 'none', effect: sets({ coreDump: true }) },
  { short: 'M', long: 'core-dump-pattern', argument: 'optional', effect: setCorePattern },
  { short: 's', long: 'namespace', argument: 'required', effect: stores('namespace') },
  { short: 'e', long: 'all-config', argument: 'none', effect: sets({ allConfig: true }) },
  { short: 'i', long: 'config-id', argument: 'required', effect: stores('configId') },
  { long: 'ignore-sigint', argument: 'none', effect: sets({ ignoreSigint: true }) },
  { long: 'signum', argument: 'required', effect: printSignalNumber },
  { short: 't', long: 'config-test', argument: 'optional', effect: startConfigTest },
  { short: 'T', long: 'genhash', argument: 'none', effect: startGenhash },
  { long: 'config-fd', argument: 'required', effect: nothing },
  { long: 'log-format', argument: 'required', effect: setLogFormat },
  { short: 'v', long: 'version', argument: 'none', effect: ends('version') },
  { short: 'h', long: 'help', argument: 'none', effect: ends('help') },
];
