import { block, leaf, list, type ValueKind } from '../keyword.ts';
import { listedWord, uniqueName } from '../names.ts';
import { boolean, flag } from '../values.ts';
import { notifyGroup } from './vrrp/notify.ts';
import { trackBlocks } from './vrrp/tracking.ts';

const name = uniqueName('vrrp_sync_group', {
  missing: 'vrrp_sync_group must have a name - skipping',
  noun: 'vrrp sync group',
});

const meaningOfWeights = 'What the members track may have weights.';
const oldWeights: ValueKind<true> = {
  ...flag,
  read({ scope, report }) {
    const message = `(${scope.name}) global_tracking is deprecated. Use track_interface/script/file on the sync group`;
    report('deprecated', message, 0, 'track_interface, track_script or track_file');
    scope.values.sync_group_tracking_weight = true;
    return undefined;
  },
};

/** vrrp_sync_group: instances that change state together. */
export const vrrpSyncGroup = block(
  name,
  'Instances that change their state together.',
  {
    group: list(listedWord('names of instances', 'VI_1 VI_2'), 'Names of the instances.', {
      wordwise: true,
      once: (owner) => `Group list already specified for sync group ${owner}`,
    }),
    ...trackBlocks,
    notify_backup: notifyGroup('the group becomes backup'),
    notify_master: notifyGroup('the group becomes master'),
    notify_fault: notifyGroup('the group enters the fault state'),
    notify_stop: notifyGroup('VRRP stops'),
    notify: notifyGroup('the group changes state'),
    smtp_alert: leaf(boolean('Invalid vrrp_group smtp_alert parameter %s'), 'Send mails about changes of state.', {
      otherwise: 'smtp_alert_vrrp, then smtp_alert',
    }),
    global_tracking: leaf(oldWeights, meaningOfWeights),
    sync_group_tracking_weight: leaf(flag, meaningOfWeights),
    notify_priority_changes: leaf(
      boolean("(%n) Invalid value '%s' for sync group notify_priority_changes specified"),
      'Tell scripts and FIFOs about changes of priority of the members.',
      { otherwise: 'unset' },
    ),
  },
  {
    finish({ name: owner, values }, statement) {
      if (values.group !== undefined) return true;
      statement.report('general-error', `Sync group ${owner} has no members - removing`);
      return false;
    },
  },
);
