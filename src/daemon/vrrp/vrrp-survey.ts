import type { SurveyEvent } from '../../ipc/messages.ts';
import { type VrrpView, vrrpRuntime } from './vrrp-snapshot.ts';

/** What SNMP shows of a running VRRP process and the configuration does not say. */
export function surveyVrrp(view: VrrpView): SurveyEvent {
  const runtime = vrrpRuntime(view);
  const instances = view.config.instances.flatMap((instance) => {
    const known = runtime.instance?.(instance);
    if (known === undefined) return [];
    const sourceAddress = runtime.sourceAddress?.(instance);
    return {
      name: instance.name,
      state: known.state,
      wantedState: known.wantedState,
      effectivePriority: known.effectivePriority,
      ...(known.masterAddress !== undefined && { masterAddress: known.masterAddress }),
      ...(sourceAddress !== undefined && { sourceAddress }),
      interfaceIndex: runtime.interfaceIndex?.(instance.interface) ?? 0,
      holdsAddresses: known.holdsAddresses,
      lastTransition: known.lastTransition,
      statistics: { ...known.statistics },
    };
  });
  const groups = view.config.syncGroups.map((group) => ({
    name: group.name,
    state: runtime.group?.(group)?.state ?? 'INIT',
  }));
  return { type: 'survey', instances, groups };
}
