import type { Command } from '../../grammar/command.ts';
import type { Weight } from '../../grammar/weight.ts';
import { micros, millis, seconds } from '../lib/duration.ts';
import { addressFamily } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { RawConfig } from './build.ts';
import type { RawBfdInstance, RawScript, RawTrackFile, RawTrackProcess } from './raw.ts';
import type { Scripts } from './scripts.ts';
import type { BfdInstance, TrackFile, TrackProcess, VrrpScript } from './types.ts';

/** The weight of each item that can be tracked, by its name. */
interface Items {
  get(name: string): { readonly weight: number; readonly reverse: boolean } | undefined;
}

export interface TrackedDefaults {
  readonly scripts: Items;
  readonly files: Items;
  readonly processes: Items;
  readonly bfds: Items;
}

export interface TrackableItems {
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly TrackProcess[];
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}

/** Everything that can be tracked; scripts that cannot be run are left out with a complaint. */
export function resolveTrackable(raw: RawConfig, scripts: Scripts, report: (message: string) => void): TrackableItems {
  return {
    scripts: firstOfEach(raw.vrrp_script).flatMap((script) => resolveScript(script, scripts, report) ?? []),
    trackProcesses: firstOfEach(raw.vrrp_track_process).map(resolveProcess),
    trackFiles: resolveTrackFiles(raw),
    bfdInstances: (raw.bfd_instance ?? []).flatMap((session) => resolveBfd(session) ?? []),
  };
}

export function resolveTrackFiles(raw: RawConfig): readonly TrackFile[] {
  return firstOfEach(raw.track_file).map(resolveFile);
}

/** Names used twice are not noticed; the first one is found. */
function firstOfEach<T extends { readonly name: string }>(items: readonly T[] = []): readonly T[] {
  const names = new Set<string>();
  return items.filter(({ name }) => !names.has(name) && names.add(name));
}

export function trackedDefaults(items: TrackableItems): TrackedDefaults {
  const byName = <T extends { readonly name: string; readonly weight: number; readonly reverse: boolean }>(
    list: readonly T[],
  ) => new Map(list.map((item) => [item.name, item]));
  return {
    scripts: byName(items.scripts),
    files: byName(items.trackFiles),
    processes: byName(items.trackProcesses),
    bfds: byName(items.bfdInstances),
  };
}

function weightOf(written: Weight | undefined, otherwise = 0): { weight: number; reverse: boolean } {
  return { weight: written?.weight ?? otherwise, reverse: written?.reverse ?? false };
}

function resolveScript(raw: RawScript, scripts: Scripts, report: (message: string) => void): VrrpScript | undefined {
  const user = raw.user === 'unknown' ? undefined : raw.user;
  const command: Command = { ...(raw.script as Command), ...user };
  const path = systemCheckPath(command);
  const runnable =
    path === undefined ? runnableScript(raw.name, command, scripts, report) : opened(command, path, scripts);
  if (!runnable) return undefined;
  const interval = raw.interval ?? seconds(1);
  return {
    name: raw.name,
    command: runnable,
    systemCheck: path !== undefined,
    interval,
    ...(raw.timeout !== undefined && { timeout: raw.timeout }),
    ...weightOf(raw.weight),
    rise: raw.rise ?? 1,
    fall: raw.fall ?? 1,
    initFail: raw.init_fail ?? false,
  };
}

/** `</path` or `< /path`: the file that must open. */
function systemCheckPath({ argv }: Command): string | undefined {
  return /^<\s*(\/.*)$/s.exec(argv.slice(0, 2).join(' '))?.[1];
}

function opened(command: Command, path: string, scripts: Scripts): ScriptCommand | undefined {
  const owner = scripts.identity(command.user, command.group);
  if (!owner) return undefined;
  return {
    argv: [`<${path}`],
    uid: owner.uid,
    gid: owner.gid,
    ...(command.user !== undefined && { user: command.user }),
    ...(command.group !== undefined && { group: command.group }),
  };
}

function runnableScript(
  name: string,
  command: Command,
  scripts: Scripts,
  report: (message: string) => void,
): ScriptCommand | undefined {
  const found = scripts.examine(command);
  if (found.ok) {
    scripts.use();
    return found.value;
  }
  if (found.error === 'inhibited') scripts.use();
  if (found.error === 'insecure' || found.error === 'inhibited')
    report(`Disabling track script ${name} due to insecure`);
  // A file that is there but not executable goes without a word.
  else if (found.error !== 'not-executable') report(`Disabling track script ${name} since not found/accessible`);
  return undefined;
}

function resolveProcess(raw: RawTrackProcess): TrackProcess {
  const { path, parameters } = raw.process as { path: string; parameters: readonly string[] };
  const match = raw.param_match ?? (parameters.length > 0 ? 'exact' : 'none');
  return {
    name: raw.name,
    process: path,
    parameters,
    parameterMatch: match,
    fullCommand: raw.full_command === true || match !== 'none',
    ...weightOf(raw.weight),
    quorum: raw.quorum ?? 1,
    ...(raw.quorum_max !== undefined && { quorumMaximum: raw.quorum_max }),
    terminateDelay: raw.terminate_delay ?? micros(0),
    forkDelay: raw.fork_delay ?? micros(0),
  };
}

function resolveFile(raw: RawTrackFile): TrackFile {
  return {
    name: raw.name,
    path: raw.file as string,
    ...weightOf(raw.weight, 1),
    ...(raw.init_file && { initial: raw.init_file }),
  };
}

/** TTL and hop limit unless configured. */
const defaultTtl = { 4: 255, 6: 64 } as const;

function resolveBfd(raw: RawBfdInstance): BfdInstance | undefined {
  const { neighbor_ip: neighbor, disabled } = raw;
  if (neighbor === undefined || disabled) return undefined;
  const family = addressFamily(neighbor);
  const everybody = raw.vrrp === undefined && raw.checker === undefined;
  return {
    name: raw.name,
    family,
    neighbor,
    ...(raw.source_ip !== undefined && { source: raw.source_ip }),
    minimumReceive: raw.min_rx ?? millis(10),
    minimumTransmit: raw.min_tx ?? millis(10),
    idleTransmit: raw.idle_tx ?? millis(1000),
    multiplier: raw.multiplier ?? 5,
    passive: raw.passive ?? false,
    ttl: raw.ttl ?? defaultTtl[family],
    maximumHops: raw.max_hops ?? 0,
    multihop: raw.multihop ?? false,
    ...weightOf(raw.weight),
    forVrrp: everybody || raw.vrrp === true,
    forCheckers: everybody || raw.checker === true,
  };
}
