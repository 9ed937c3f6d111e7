import type { VrrpInstance } from '../../config/types.ts';
import { toldStates } from '../../lib/vrrp-words.ts';
import { type Notification, notifyLowerPriority, notifyPriority, notifyState } from '../../notify/vrrp.ts';
import type { Action } from '../../vrrp/state.ts';

type Telling = Action & { readonly type: 'notify' | 'notifyLowerPriority' | 'notifyPriority' };

/** Whom and what an action of the machine tells. */
export function notificationOf(action: Telling, instance: VrrpInstance, effectivePriority: number): Notification {
  if (action.type === 'notify') return notifyState(instance, toldStates[action.state], effectivePriority);
  if (action.type === 'notifyPriority') return notifyPriority(instance, action.master, effectivePriority);
  return notifyLowerPriority(instance, effectivePriority);
}
