import { shownStates } from '../../lib/vrrp-words.ts';
import type { GroupRuntime, ProcessRuntime, ScriptRuntime, VrrpRuntime } from '../../report/runtime.ts';
import type { SyncGroups } from './sync-groups.ts';
import type { Tracking } from './tracking.ts';

/** Sync groups and tracked objects as dumps show them. */
export function trackingRuntime({
  tracking,
  groups,
}: {
  readonly tracking: Tracking;
  readonly groups: SyncGroups;
}): Pick<VrrpRuntime, 'group' | 'script' | 'file' | 'process' | 'bfd'> {
  return {
    group: (group): GroupRuntime | undefined => {
      const state = groups.stateOf(group);
      const counts = groups.counts(group);
      return (
        state && {
          state: shownStates[state],
          membersInFault: counts?.faulty ?? 0,
          membersInInit: counts?.waiting ?? 0,
        }
      );
    },
    script: ({ name, rise }): ScriptRuntime | undefined => {
      const view = tracking.scripts.view(name);
      if (!view) return undefined;
      const { state, running, expired } = view;
      const doing = expired ? 'requested termination' : 'running';
      return {
        // One success is enough then.
        result: state.status === 'unknown' ? rise - 1 : state.count,
        state: running ? doing : 'idle',
        initState: state.status === 'unknown' ? 'INIT' : 'unknown',
        good: state.status === 'up',
      };
    },
    file: ({ name }) => tracking.files.value(name),
    process: ({ name, forkDelay, terminateDelay }): ProcessRuntime | undefined => {
      const view = tracking.processes.view(name);
      if (!view) return undefined;
      const { up, count, changesAt } = view;
      const changes = changesAt !== undefined;
      return {
        current: count,
        haveQuorum: up,
        forkDelayRunning: changes && !up && forkDelay > 0,
        terminateDelayRunning: changes && up && terminateDelay > 0,
      };
    },
    bfd: (name) => tracking.sessionIsUp(name),
  };
}
