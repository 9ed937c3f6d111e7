import type {
  BfdInstance,
  Config,
  TrackedItem,
  TrackFile,
  TrackProcess,
  VrrpInstance,
  VrrpScript,
} from '../config/types.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import { type DumpLines, scriptWords, secondsFixed, section, trueFalse, wholeSeconds } from './dump-text.ts';
import type { VrrpRuntime } from './runtime.ts';

type Lists = Pick<VrrpInstance, 'trackInterfaces' | 'trackScripts' | 'trackFiles' | 'trackProcesses' | 'trackBfds'>;

/** What an instance or a group tracks; every kind has a punctuation of its own. */
export function trackedLines(lists: Lists, processLabel = 'processes'): DumpLines {
  return [
    ...listLines('interfaces', lists.trackInterfaces, ''),
    ...listLines('scripts', lists.trackScripts, ''),
    ...listLines('files', lists.trackFiles, ','),
    ...listLines(processLabel, lists.trackProcesses, ','),
    ...listLines('BFDs', lists.trackBfds, ':'),
  ];
}

function listLines(what: string, items: readonly TrackedItem[], mark: string): DumpLines {
  if (items.length === 0) return [];
  return [
    `   Tracked ${what} :`,
    ...items.map(({ name, weight, reverse }) => `     ${name}${mark} weight ${weight}${reverseText(reverse)}`),
  ];
}

/** Sections "VRRP Scripts", "VRRP Track files", "VRRP Track processes" and "VRRP Track BFDs". */
export function trackingSections(config: Config, runtime: VrrpRuntime): string[] {
  const { scripts, trackFiles, trackProcesses, bfdInstances } = config;
  return [
    // keepalived forgets those that nobody tracks.
    ...section(
      'VRRP Scripts',
      scripts
        .filter(({ name }) => trackersOf(config, 'trackScripts', name).length > 0)
        .flatMap((script) => scriptLines(script, config, runtime)),
    ),
    ...section(
      'VRRP Track files',
      trackFiles
        .filter(({ name }) => trackersOf(config, 'trackFiles', name).length > 0)
        .flatMap((file) => fileLines(file, config, runtime)),
    ),
    ...section(
      'VRRP Track processes',
      trackProcesses.flatMap((process) => processLines(process, config, runtime)),
    ),
    ...section(
      'VRRP Track BFDs',
      bfdInstances.filter(({ forVrrp }) => forVrrp).flatMap((session) => bfdLines(session, config, runtime)),
    ),
  ];
}

function bfdLines({ name, weight, reverse }: BfdInstance, config: Config, runtime: VrrpRuntime): DumpLines {
  return [
    ` VRRP Track BFD = ${name}`,
    `   Weight = ${weight}${reverseText(reverse)}`,
    `   Bfd is ${runtime.bfd?.(name) === true ? 'up' : 'down'}`,
    '   Tracking VRRP instances :',
    ...trackersOf(config, 'trackBfds', name),
  ];
}

function scriptLines(script: VrrpScript, config: Config, runtime: VrrpRuntime): DumpLines {
  const state = runtime.script?.(script);
  const { name, command, interval, timeout, weight, reverse, rise, fall } = script;
  return [
    ` VRRP Script = ${name}`,
    `   Command = ${scriptWords(command)}`,
    `   Interval = ${spanText(interval)} sec`,
    `   Timeout = ${spanText(timeout ?? seconds(0))} sec`,
    `   Weight = ${weight}${reverseText(reverse)}`,
    `   Rise = ${rise}`,
    `   Fall = ${fall}`,
    `   Result = ${state?.result ?? 0}`,
    '   Insecure = no',
    `   Init state = ${state?.initState ?? 'INIT'}`,
    `   Status = ${state?.good === true ? 'GOOD' : 'BAD'}`,
    `   Script uid:gid = ${command.uid}:${command.gid}`,
    '   VRRP instances :',
    ...trackersOf(config, 'trackScripts', name),
    `   State = ${state?.state ?? 'idle'}`,
  ];
}

function fileLines(file: TrackFile, config: Config, runtime: VrrpRuntime): DumpLines {
  return [
    ` Track file = ${file.name}`,
    `   File = ${file.path}`,
    `   Status = ${runtime.file?.(file) ?? 0}`,
    `   Weight = ${file.weight}${reverseText(file.reverse)}`,
    ...trackersOf(config, 'trackFiles', file.name),
  ];
}

function processLines(process: TrackProcess, config: Config, runtime: VrrpRuntime): DumpLines {
  const state = runtime.process?.(process);
  const { parameters, parameterMatch, quorumMaximum } = process;
  const running = (is: boolean) => `${is ? '' : 'not '}running`;
  return [
    ` VRRP Track process = ${process.name}`,
    `   Process = ${process.process}`,
    parameters.length > 0 && `   Parameters = ${parameters.join(' ')}`,
    // keepalived does not name an exact match.
    parameterMatch !== 'none' && `   Param match${parameterMatch === 'exact' ? '' : ` = ${parameterMatch}`}`,
    `   Min processes = ${process.quorum}`,
    quorumMaximum !== undefined && `   Max processes = ${quorumMaximum}`,
    `   Current processes = ${state?.current ?? 0}`,
    `   Have quorum = ${trueFalse(state?.haveQuorum ?? false)}`,
    `   Weight = ${process.weight}${reverseText(process.reverse)}`,
    `   Terminate delay = ${secondsFixed(process.terminateDelay)}s`,
    `   Fork delay = ${secondsFixed(process.forkDelay)}s`,
    state && `   Fork delay timer ${running(state.forkDelayRunning)}`,
    state && `   Terminate delay timer ${running(state.terminateDelayRunning)}`,
    `   Full command = ${trueFalse(process.fullCommand)}`,
    ...trackersOf(config, 'trackProcesses', process.name),
  ];
}

/** The instances that track an object, by themselves or with their group. */
function trackersOf(
  { instances, syncGroups }: Config,
  list: Exclude<keyof Lists, 'trackInterfaces'>,
  name: string,
): DumpLines {
  const lines = instances.flatMap((instance) => {
    const group = syncGroups.find(({ members }) => members.includes(instance.name));
    const item = [...instance[list], ...(group?.[list] ?? [])].find((one) => one.name === name);
    return item ? [`     ${instance.name}, weight ${item.weight}${reverseText(item.reverse)}`] : [];
  });
  return lines.length === 0 ? [] : ['   Tracking instances :', ...lines];
}

function reverseText(reverse: boolean): string {
  return reverse ? ' reverse' : '';
}

/** Whole seconds, with milliseconds where there are any. */
function spanText(span: Duration): string {
  const whole = wholeSeconds(span);
  const thousandths = Math.trunc((span % 1e6) / 1000);
  return thousandths === 0 ? `${whole}` : `${whole}.${String(thousandths).padStart(3, '0')}`;
}
