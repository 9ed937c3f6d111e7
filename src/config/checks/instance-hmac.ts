import { type Duration, inSeconds, seconds } from '../../lib/duration.ts';
import type { InstanceDraft, InstanceRule } from '../instance-draft.ts';

const shortestWindow = 5;
const longestWindow = 300;

/** A trailer takes the place of the authentication of version 2 and needs a key to sign with. */
export const keyedHash: InstanceRule = (draft, { report }) => {
  const raw = draft.raw.auth_hmac;
  if (!raw) return;
  const complain = (message: string): void => report('general-error', `(${draft.name}) ${message}`);
  if (draft.authentication.type !== 'none') {
    complain('auth_hmac cannot be used with authentication - ignoring authentication');
    draft.authentication = { type: 'none' };
  }
  const { key: keys = [], active_key: activeKey } = raw;
  if (activeKey === undefined || !keys.some(({ id }) => id === activeKey)) {
    complain(`auth_hmac active_key ${activeKey ?? 0} is not defined - disabling auth_hmac`);
    return;
  }
  let mode = raw.mode ?? 'enforce';
  if (draft.strict && mode !== 'enforce') {
    complain(`auth_hmac mode ${mode} is incompatible with strict mode - setting enforce`);
    mode = 'enforce';
  }
  draft.authHmac = {
    keys,
    activeKey,
    antiReplay: raw.anti_replay ?? 'time',
    timeWindow: raw.time_window ?? defaultWindow(draft),
    mode,
  };
};

function defaultWindow({ advertisementInterval }: InstanceDraft): Duration {
  const adverts = 3 * Math.floor(inSeconds(advertisementInterval));
  return seconds(Math.min(longestWindow, Math.max(shortestWindow, adverts)));
}
