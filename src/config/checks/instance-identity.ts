import { micros } from '../../lib/duration.ts';
import { isOwner, ownerPriority } from '../../lib/priority.ts';
import type { InstanceRule } from '../instance-draft.ts';

/** IPv6 came with version 3; whoever asks for version 2 with it gets it unless strict. */
export const version: InstanceRule = (draft, { report }) => {
  const { raw } = draft;
  if (draft.family === 6 && raw.version === undefined) draft.version = 3;
  if (draft.family === 6 && draft.version === 2 && draft.strict) {
    report('general-error', `(${draft.name}) cannot use IPv6 with VRRP version 2 in strict mode; setting version 3`);
    draft.version = 3;
  }
};

export const priorityAndState: InstanceRule = (draft, { report }) => {
  const { raw } = draft;
  if (draft.priority === 0) draft.priority = draft.wantsMaster ? ownerPriority : 100;
  const owner = isOwner(draft);
  if (raw.state === undefined) draft.wantsMaster = owner;
  if (draft.strict && draft.wantsMaster !== owner) {
    report('general-error', `(${draft.name}) State MASTER must match being address owner`);
    draft.wantsMaster = owner;
  }
};

/** RFC 3768 took authentication out of version 2, version 3 has none. */
export const authentication: InstanceRule = (draft, { report }) => {
  const { auth_type: type, auth_pass: password } = draft.raw.authentication ?? {};
  const complain = (message: string): void => report('general-error', `(${draft.name}) ${message}`);
  if (type === undefined) return;
  if (draft.strict) complain('Strict mode does not support authentication. Ignoring.');
  else if (draft.version === 3) complain('VRRP version 3 does not support authentication. Ignoring.');
  else if (!password) complain('Authentication specified but no password given. Ignoring');
  else if (type === 'AH' && draft.family === 6) complain('Cannot use AH authentication with IPv6 - ignoring');
  else {
    draft.authentication = { type: type === 'AH' ? 'ah' : 'pass', password };
    if (type === 'AH' && draft.wantsMaster && !isOwner(draft)) {
      complain('Initial state master is incompatible with AH authentication - clearing');
      draft.wantsMaster = false;
    }
  }
};

export const preemption: InstanceRule = (draft, { report }) => {
  const complain = (message: string): void => report('general-error', `(${draft.name}) ${message}`);
  if (!draft.preempt && isOwner(draft)) {
    complain('nopreempt is incompatible with priority 255. resetting nopreempt');
    draft.preempt = true;
  }
  if (!draft.preempt && draft.wantsMaster) {
    complain('Warning - nopreempt will not work with initial state MASTER - clearing');
    draft.preempt = true;
  }
  if (draft.preemptDelay === 0) return;
  if (draft.wantsMaster) complain('Warning - preempt delay will not work with initial state MASTER - clearing');
  else if (draft.strict) complain('preempt_delay is incompatible with strict mode - resetting');
  else if (!draft.preempt) complain('preempt_delay is incompatible with nopreempt mode - resetting');
  else return;
  draft.preemptDelay = micros(0);
};

export const ownerIgnoresAdverts: InstanceRule = (draft, { defaults, report }) => {
  const wanted = draft.raw.owner_ignore_adverts;
  const owner = isOwner(draft);
  if (!owner) {
    if (wanted) report('general-error', `(${draft.name}) ignoring owner_ignore_adverts since priority is not 255`);
    draft.ownerIgnoreAdverts = false;
  } else if (wanted === false) {
    report('general-error', `(${draft.name}) strict mode requires owner_ignore_adverts to be set. resetting`);
    draft.ownerIgnoreAdverts = true;
  } else draft.ownerIgnoreAdverts = wanted ?? (draft.strict || defaults.ownerIgnoreAdverts);
};
