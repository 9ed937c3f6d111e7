import type { ExtraAnnouncements } from '../../grammar/blocks/global/garp.ts';
import type { Diagnostic } from '../lib/diagnostic.ts';
import { micros } from '../lib/duration.ts';
import type { RawConfig } from './build.ts';
import { packetFilter } from './checks/instance-addresses.ts';
import { distinctVirtualRouters, instanceRules, isComplete } from './checks/instances.ts';
import { assignMembers, groupTracking, type Membership, trackedTwice } from './checks/sync-groups.ts';
import type { ConfigEnvironment } from './environment.ts';
import { draftInstance, type InheritedSettings, type InstanceDraft, type RuleContext } from './instance-draft.ts';
import type { LoadOptions } from './load-options.ts';
import type { RawInstance } from './raw.ts';
import { finishInstance, notifications } from './resolve-instances.ts';
import { nameVirtualInterfaces, sharedCarriers } from './virtual-carriers.ts';
import { resolveTrackable, type TrackableItems, trackedDefaults } from './resolve-tracking.ts';
import type { Scripts } from './scripts.ts';
import type { GlobalConfig, LvsSyncDaemon, SyncGroup, VrrpInstance, VrrpNotify } from './types.ts';

export interface VrrpParts extends TrackableItems {
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly SyncGroup[];
}

/**
 * Everything of VRRP, in keepalived's order: what can be tracked, then groups, each instance by itself, and all
 * together. Undefined after a fatal complaint.
 */
export function resolveVrrp(
  raw: RawConfig,
  global: GlobalConfig,
  scripts: Scripts,
  environment: ConfigEnvironment,
  { ownInterfaces = new Set(), detailed = false }: Pick<LoadOptions, 'ownInterfaces' | 'detailed'>,
  report: (diagnostic: Diagnostic) => void,
): VrrpParts | undefined {
  const complain = (message: string): void => report({ class: 'general-error', message });
  const usedBefore = scripts.used;
  const { notify_fifo_script: forAll, vrrp_notify_fifo_script: forVrrp } = raw.global_defs ?? {};
  for (const reader of [forAll, forVrrp]) scripts.resolve(reader);
  // Without an instance nobody would miss a script.
  const mention = (message: string): void => report({ class: 'ok', logOnly: true, message });
  const items = resolveTrackable(raw, scripts, raw.vrrp_instance ? complain : mention);
  let failed = false;
  const context: RuleContext = {
    global,
    defaults: global.defaults,
    inherited: inheritedSettings(raw),
    tracked: trackedDefaults(items),
    interfaceFacts: (name) => environment.interfaceFacts(name),
    foundMacvlan: (base, mac) => environment.privateMacvlans(base, mac).find((name) => !ownInterfaces.has(name)),
    claimInterface(name) {
      if (environment.interfaceFacts(name) === undefined) ownInterfaces.add(name);
    },
    detailed,
    report: (problem, message) => report({ class: problem, message }),
    log: (message) => report({ class: 'ok', message, logOnly: true }),
    fatal(message) {
      complain(message);
      failed = true;
    },
  };
  const notify = resolveNotifications(raw, scripts);
  if (raw.vrrp_instance && scripts.used > usedBefore && !global.enableScriptSecurity) {
    const insecure = scripts.insecure ? ' There are insecure scripts.' : '';
    const message = `SECURITY VIOLATION - scripts are being executed but script_security not enabled.${insecure}`;
    report({ class: 'security-error', message });
  }
  const whole = resolveTogether(raw, context, notify, () => failed);
  return whole && { ...items, ...whole };
}

/** Commands are looked at before anything else, by the block they stand in. */
type Notifications = ReadonlyMap<object, VrrpNotify>;

function resolveNotifications(
  { vrrp_instance: instances = [], vrrp_sync_group: groups = [] }: RawConfig,
  scripts: Scripts,
): Notifications {
  return new Map([...instances, ...groups].map((block) => [block, notifications(block, scripts)]));
}

function resolveTogether(
  raw: RawConfig,
  context: RuleContext,
  notify: Notifications,
  failed: () => boolean,
): Pick<VrrpParts, 'instances' | 'syncGroups'> | undefined {
  const raws: readonly RawInstance[] = raw.vrrp_instance ?? [];
  if (!raws.every((instance) => isComplete(instance, context))) return undefined;
  const complain = (message: string): void => context.report('general-error', message);
  const memberships = assignMembers(raw.vrrp_sync_group ?? [], raws, complain);
  const drafts: InstanceDraft[] = [];
  for (const instance of raws) {
    const group = memberships.find(({ members }) => members.includes(instance.name))?.group;
    const draft = draftInstance(instance, group, context);
    for (const rule of instanceRules) {
      rule(draft, context);
      if (failed()) return undefined;
    }
    drafts.push(draft);
  }
  packetFilter(drafts, context);
  nameVirtualInterfaces(drafts, context);
  distinctVirtualRouters(drafts, context);
  if (failed()) return undefined;
  sharedCarriers(drafts, context);
  const syncGroups = memberships.map((membership) => resolveGroup(membership, drafts, context, notify));
  return {
    instances: drafts.map((draft) => finishInstance(draft, context, notify.get(draft.raw) as VrrpNotify)),
    syncGroups,
  };
}

function resolveGroup(
  membership: Membership,
  drafts: readonly InstanceDraft[],
  context: RuleContext,
  notify: Notifications,
): SyncGroup {
  const { group, members } = membership;
  const { defaults } = context;
  const lists = groupTracking(membership, drafts, context);
  for (const draft of drafts) if (members.includes(draft.name)) trackedTwice(draft, lists, context);
  const { master, backup, fault, stop, any } = notify.get(group) as VrrpNotify;
  return {
    name: group.name,
    members,
    ...lists,
    notify: {
      ...(master && { master }),
      ...(backup && { backup }),
      ...(fault && { fault }),
      ...(stop && { stop }),
      ...(any && { any }),
    },
    smtpAlert: group.smtp_alert ?? defaults.smtpAlertVrrp ?? defaults.smtpAlert ?? false,
    ...(group.notify_priority_changes !== undefined && { notifyPriorityChanges: group.notify_priority_changes }),
    trackingWeight: group.sync_group_tracking_weight ?? false,
  };
}

/**
 * The old way to ask for the IPVS synchronization daemon: one instance names an interface for it. Where the instance
 * that it follows is none of ours it never runs.
 */
export function withSyncDaemon(
  global: GlobalConfig,
  instances: readonly VrrpInstance[],
  log: (message: string) => void,
): GlobalConfig {
  const followed = global.lvsSyncDaemon?.instance;
  if (followed !== undefined && instances.length > 0 && !instances.some(({ name }) => name === followed)) {
    log(`Unable to find vrrp instance ${followed} for lvs_syncd - clearing lvs_syncd config`);
  }
  const asking = instances.find(({ lvsSyncDaemonInterface: name }) => name !== undefined);
  if (global.lvsSyncDaemon || asking?.lvsSyncDaemonInterface === undefined) return global;
  const daemon: LvsSyncDaemon = {
    interface: asking.lvsSyncDaemonInterface,
    instance: asking.name,
    ofInstance: true,
  };
  return { ...global, lvsSyncDaemon: daemon };
}

function inheritedSettings(raw: RawConfig): InheritedSettings {
  const {
    vrrp_garp_extra_if: extra,
    vrrp_check_unicast_src: checkUnicastSource,
    v3_checksum_as_v2: v3ChecksumAsV2,
  } = (raw.global_defs ?? {}) as {
    readonly vrrp_garp_extra_if?: ExtraAnnouncements;
    readonly vrrp_check_unicast_src?: boolean;
    readonly v3_checksum_as_v2?: boolean;
  };
  return {
    extra: extra ?? { interval: micros(0), all: false },
    checkUnicastSource: checkUnicastSource ?? false,
    v3ChecksumAsV2: v3ChecksumAsV2 ?? false,
  };
}
