import type { TrackEntry } from '../../grammar/blocks/vrrp/tracking.ts';
import { writtenCommand } from './written-command.ts';
import type { Values } from './print-block.ts';
import type { TrackedLists } from './instance-draft.ts';
import type { BfdInstance, Config, SyncGroup, TrackedItem, TrackFile, TrackProcess, VrrpScript } from './types.ts';

/** The blocks of what can be tracked, and the groups of instances. */
export function writtenTracking(config: Config): Values {
  return {
    vrrp_script: config.scripts.map(writtenScript),
    vrrp_track_process: config.trackProcesses.map(writtenProcess),
    track_file: config.trackFiles.map(writtenFile),
    bfd_instance: config.bfdInstances.map(writtenBfd),
    vrrp_sync_group: config.syncGroups.map(writtenGroup),
  };
}

/** track_* blocks; every weight is said, since that of the item may be another. */
export function writtenTrackBlocks(lists: TrackedLists): Values {
  return {
    track_interface: lists.trackInterfaces.map(writtenInterface),
    track_script: lists.trackScripts.map(writtenItem),
    track_file: lists.trackFiles.map(writtenItem),
    track_process: lists.trackProcesses.map(writtenItem),
    track_bfd: lists.trackBfds.map(writtenItem),
  };
}

function writtenItem({ name, weight, reverse }: TrackedItem): TrackEntry {
  return { name, weight, reverse };
}

/** Only an interface has no definition whose weight would be taken. */
function writtenInterface({ name, weight, reverse }: TrackedItem): TrackEntry {
  return { name, ...((weight !== 0 || reverse) && { weight }), ...(reverse && { reverse }) };
}

function writtenWeight({ weight, reverse }: { readonly weight: number; readonly reverse: boolean }) {
  return { weight, ...(reverse && { reverse: true as const }) };
}

/** Everything that can be tracked stands before the instances, whatever their numbers. */
const first = -1;

function writtenScript(script: VrrpScript): Values {
  const { user, group } = script.command;
  return {
    name: script.name,
    sequence: first,
    script: writtenCommand({ argv: script.command.argv, uid: 0, gid: 0 }),
    interval: script.interval,
    timeout: script.timeout,
    weight: writtenWeight(script),
    rise: script.rise,
    fall: script.fall,
    user: user === undefined ? undefined : { user, ...(group !== undefined && { group }) },
    init_fail: script.initFail || undefined,
  };
}

function writtenProcess(process: TrackProcess): Values {
  const { parameterMatch: match, quorumMaximum } = process;
  return {
    name: process.name,
    sequence: first,
    process: { path: process.process, parameters: process.parameters },
    param_match: match === 'none' || (match === 'exact' && process.parameters.length > 0) ? undefined : match,
    weight: writtenWeight(process),
    quorum: process.quorum === 0 ? undefined : process.quorum,
    quorum_max: quorumMaximum,
    terminate_delay: process.terminateDelay || undefined,
    fork_delay: process.forkDelay || undefined,
    full_command: process.fullCommand || undefined,
  };
}

function writtenFile(file: TrackFile): Values {
  return { name: file.name, sequence: first, file: file.path, weight: writtenWeight(file), init_file: file.initial };
}

function writtenBfd(session: BfdInstance): Values {
  const everybody = session.forVrrp && session.forCheckers;
  return {
    name: session.name,
    sequence: first,
    neighbor_ip: session.neighbor,
    source_ip: session.source,
    min_rx: session.minimumReceive,
    min_tx: session.minimumTransmit,
    idle_tx: session.idleTransmit,
    multiplier: session.multiplier,
    passive: session.passive || undefined,
    ttl: session.ttl,
    max_hops: session.maximumHops,
    multihop: session.multihop || undefined,
    weight: writtenWeight(session),
    vrrp: (!everybody && session.forVrrp) || undefined,
    checker: (!everybody && session.forCheckers) || undefined,
  };
}

function writtenGroup(group: SyncGroup): Values {
  const { notify } = group;
  return {
    name: group.name,
    sequence: first,
    group: group.members,
    ...writtenTrackBlocks(group),
    notify_backup: writtenCommand(notify.backup),
    notify_master: writtenCommand(notify.master),
    notify_fault: writtenCommand(notify.fault),
    notify_stop: writtenCommand(notify.stop),
    notify: writtenCommand(notify.any),
    smtp_alert: group.smtpAlert,
    sync_group_tracking_weight: group.trackingWeight || undefined,
    notify_priority_changes: group.notifyPriorityChanges,
  };
}
