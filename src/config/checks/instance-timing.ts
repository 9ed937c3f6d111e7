import { type Duration, micros, seconds } from '../../lib/duration.ts';
import type { InstanceRule } from '../instance-draft.ts';

const second = 1_000_000;
const centisecond = 10_000;
/** 12 bits of centiseconds (RFC 5798, section 5.2.7). */
const maximumVersion3 = micros(4095 * centisecond);

export const downTimer: InstanceRule = (draft, { report }) => {
  if (!draft.strict || draft.downTimerAdverts === 3) return;
  report('general-error', `(${draft.name}) down_timer_adverts is incompatible with strict mode - resetting`);
  draft.downTimerAdverts = 3;
};

/** A late timer matters only to a backup that does not preempt. */
export const timerExpired: InstanceRule = (draft, { report }) => {
  if (draft.timerExpiredBackup === 0 || !draft.preempt) return;
  report('general-error', `(${draft.name}) expired_timer_backup requires nopreempt - resetting`);
  draft.timerExpiredBackup = 0;
};

/** Version 2 counts whole seconds in 8 bits, version 3 centiseconds in 12. */
export const advertisementInterval: InstanceRule = (draft, { report }) => {
  const interval = draft.advertisementInterval;
  const complain = (message: string): void => report('general-error', `(${draft.name}) ${message}`);
  if (draft.version === 2) {
    if (interval % second !== 0) {
      complain(`VRRPv2 advertisement interval ${shown(interval, 6)}s must be an integer. rounding`);
      draft.advertisementInterval = seconds(Math.max(1, Math.floor(interval / second + 0.5)));
    }
  } else if (interval > maximumVersion3 + centisecond - 1) {
    complain(
      `VRRPv3 advertisement interval ${shown(interval, 2)}s is out of range. Must be less than 40.96s. Setting to 40.95s`,
    );
    draft.advertisementInterval = maximumVersion3;
  } else if (interval % centisecond !== 0) {
    complain(`VRRPv3 advertisement interval ${shown(interval, 6)}s must be in units of 10ms - rounding`);
    const rounded = Math.floor(interval / centisecond + 0.5) * centisecond;
    draft.advertisementInterval = micros(Math.min(maximumVersion3, Math.max(centisecond, rounded)));
  }
};

function shown(interval: Duration, decimals: number): string {
  return (interval / second).toFixed(decimals);
}

/** Gratuitous ARP answering a lower master: strict mode knows none. */
export const lowerPriorityGarp: InstanceRule = (draft, { report }) => {
  const { garp_lower_prio_repeat: repeat, garp_lower_prio_delay: delay } = draft.raw;
  if (repeat !== undefined) draft.lowerPriorityRepeat = repeat;
  if (delay !== undefined) draft.lowerPriorityDelay = delay;
  if (!draft.strict) return;
  if (repeat) report('general-error', `(${draft.name}) Strict mode requires no repeat garps. resetting`);
  if (delay) report('general-error', `(${draft.name}) Strict mode requires no repeat garp delay. resetting`);
  draft.lowerPriorityRepeat = 0;
  draft.lowerPriorityDelay = micros(0);
};

export const advertAnswers: InstanceRule = (draft, { report }) => {
  const { lower_prio_no_advert: silent, higher_prio_send_advert: farewell } = draft.raw;
  if (silent !== undefined) draft.lowerPriorityNoAdvert = silent;
  if (farewell !== undefined) draft.higherPrioritySendAdvert = farewell;
  if (!draft.strict) return;
  if (silent === false) {
    report('general-error', `(${draft.name}) Strict mode requires no lower priority advert. resetting`);
  }
  if (farewell) {
    report('general-error', `(${draft.name}) strict mode requires higher_prio_send_advert to be clear. resetting`);
  }
  draft.lowerPriorityNoAdvert = true;
  draft.higherPrioritySendAdvert = false;
};
