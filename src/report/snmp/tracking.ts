import type { BfdInstance, Config, TrackedItem, TrackFile, TrackProcess, VrrpScript } from '../../config/types.ts';
import type { ScriptStanding, VrrpSurvey } from '../../ipc/observation.ts';
import { fileOfOtherName } from '../dump-text.ts';
import { command, VRRP } from './instances.ts';
import { type Columns, numbered, type SnmpTable, snmpTable } from './tree.ts';
import { choice, gauge, given, integer, text, wholeSeconds } from './values.ts';

const SCRIPT_ENTRY = [...VRRP, 9, 1];
const FILE_ENTRY = [...VRRP, 13, 1];
const BFD_ENTRY = [...VRRP, 18, 1];
const PROCESS_ENTRY = [...VRRP, 21, 1];

const RESULTS: Readonly<Record<ScriptStanding, number>> = { init: 1, bad: 2, good: 3, initFailed: 5 };
/** As keepalived counts them; its MIB has the last two the other way round. */
const PARAMETER_MATCHES: Readonly<Record<TrackProcess['parameterMatch'], number>> = {
  none: 0,
  exact: 1,
  initial: 2,
  partial: 3,
};

/** Who tracks something: an instance or a sync group. */
type Tracker = Readonly<
  Record<'trackInterfaces' | 'trackScripts' | 'trackFiles' | 'trackBfds' | 'trackProcesses', readonly TrackedItem[]>
>;

/** By kind: where the tables for instances and for sync groups are. */
const TRACKED = {
  trackInterfaces: [4, 14],
  trackScripts: [5, 15],
  trackFiles: [12, 16],
  trackBfds: [17, 19],
  trackProcesses: [20, 22],
} as const satisfies Record<keyof Tracker, readonly [number, number]>;

/** What instances and sync groups track, and the tracked objects themselves. */
export function trackingTables(config: Config, survey: VrrpSurvey): SnmpTable[] {
  const kinds = Object.keys(TRACKED) as (keyof Tracker)[];
  return [
    ...kinds.flatMap((kind) => {
      const own = ownWeights(config, kind);
      return [
        trackedTable(TRACKED[kind][0], kind, config.instances, own),
        trackedTable(TRACKED[kind][1], kind, config.syncGroups, own),
      ];
    }),
    ...objectTables(config, survey),
  ];
}

/** keepalived shows files, sessions and processes with the weight they have themselves, whatever the tracker says. */
function ownWeights(config: Config, kind: keyof Tracker): ReadonlyMap<string, TrackedItem> {
  const objects = {
    trackInterfaces: [],
    trackScripts: [],
    trackFiles: config.trackFiles,
    trackBfds: config.bfdInstances,
    trackProcesses: config.trackProcesses,
  } as const;
  return new Map(objects[kind].map((object) => [object.name, object]));
}

function trackedTable(
  number: number,
  kind: keyof Tracker,
  trackers: readonly Tracker[],
  own: ReadonlyMap<string, TrackedItem>,
): SnmpTable {
  const items = trackers.map((tracker) => tracker[kind].map((item) => own.get(item.name) ?? item));
  const rows = items.flatMap((ofTracker, at) => numbered(ofTracker, [at + 1]));
  return snmpTable([...VRRP, number, 1], kind === 'trackInterfaces' ? itemColumns(1) : itemColumns(2), rows);
}

/** Interfaces have no column for their index. */
function itemColumns(first: number): Columns<TrackedItem> {
  return {
    [first]: ({ name }) => text(name),
    [first + 1]: ({ weight }) => integer(weight),
    [first + 2]: ({ reverse }) => choice(reverse),
  };
}

function objectTables({ scripts, trackFiles, bfdInstances, trackProcesses }: Config, survey: VrrpSurvey): SnmpTable[] {
  return [
    snmpTable(SCRIPT_ENTRY, scriptColumns(survey), numbered(scripts)),
    snmpTable(FILE_ENTRY, fileColumns(survey), numbered(trackFiles)),
    snmpTable(BFD_ENTRY, bfdColumns(survey), numbered(bfdInstances.filter(({ forVrrp }) => forVrrp))),
    snmpTable(PROCESS_ENTRY, processColumns(survey), numbered(trackProcesses)),
  ];
}

function scriptColumns({ scripts }: VrrpSurvey): Columns<VrrpScript> {
  return {
    2: ({ name }) => text(name),
    3: ({ command: script }) => command(script),
    4: ({ interval }) => ['integer', wholeSeconds(interval)[1]],
    5: ({ weight }) => integer(weight),
    6: ({ name }) => integer(RESULTS[scripts[name] ?? 'init']),
    7: ({ rise }) => gauge(rise),
    8: ({ fall }) => gauge(fall),
    9: ({ reverse }) => choice(reverse),
    10: ({ command: script }) => given(fileOfOtherName(script), text),
    11: ({ interval }) => gauge(interval),
    12: ({ interval, timeout = interval }) => gauge(timeout),
  };
}

function fileColumns({ files }: VrrpSurvey): Columns<TrackFile> {
  return {
    2: ({ name }) => text(name),
    3: ({ path }) => text(path),
    4: ({ name }) => integer(files[name] ?? 0),
    5: ({ weight }) => integer(weight),
    6: ({ reverse }) => choice(reverse),
  };
}

function bfdColumns({ bfds }: VrrpSurvey): Columns<BfdInstance> {
  return {
    2: ({ name }) => text(name),
    3: ({ name }) => integer(bfds[name] === true ? 1 : 0),
    4: ({ weight }) => integer(weight),
    5: ({ reverse }) => choice(reverse),
  };
}

function processColumns({ processes }: VrrpSurvey): Columns<TrackProcess> {
  return {
    2: ({ name }) => text(name),
    3: ({ process }) => text(process),
    4: ({ parameters }) => text(parameters.join(' ')),
    5: ({ parameterMatch }) => integer(PARAMETER_MATCHES[parameterMatch]),
    6: ({ weight }) => integer(weight),
    7: ({ reverse }) => choice(reverse),
    8: ({ quorum }) => gauge(quorum),
    9: ({ quorumMaximum }) => integer(quorumMaximum ?? -1),
    10: ({ forkDelay }) => gauge(forkDelay),
    11: ({ terminateDelay }) => gauge(terminateDelay),
    12: ({ fullCommand }) => choice(fullCommand),
    13: ({ name }) => integer(processes[name]?.current ?? 0),
    14: ({ name }) => choice(processes[name]?.haveQuorum === true),
  };
}
