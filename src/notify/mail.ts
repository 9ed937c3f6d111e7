import type { ToldState } from '../lib/vrrp-words.ts';

/** An alert, not yet addressed to anybody. */
export interface Mail {
  /** Without the router's identity, which is put before it. */
  readonly subject: string;
  readonly body: string;
  /** What it is about: an object whose state has been told already is not mentioned again. */
  readonly about?: { readonly object: string; readonly state: string };
}

const SUBJECTS: Readonly<Record<ToldState, string>> = {
  MASTER: 'Entering MASTER state',
  BACKUP: 'Entering BACKUP state',
  FAULT: 'Entering FAULT state',
  STOP: 'Stopping',
  DELETED: 'Deleted',
};

const NO_LONGER_OWNING = '=> VRRP Instance is no longer owning VRRP VIPs <=';
const INSTANCE_BODIES: Readonly<Record<ToldState, string>> = {
  MASTER: '=> VRRP Instance is now owning VRRP VIPs <=',
  BACKUP: NO_LONGER_OWNING,
  FAULT: NO_LONGER_OWNING,
  STOP: '=> VRRP Instance stopping <=',
  DELETED: '=> VRRP Deleted at reload <=',
};

/** What an instance's new state is reported as, in keepalived's words. */
export function instanceMail(name: string, state: ToldState): Mail {
  return {
    subject: `VRRP Instance ${name} - ${SUBJECTS[state]}`,
    body: INSTANCE_BODIES[state],
    about: { object: `instance ${name}`, state },
  };
}

/** The same for a sync group. */
export function groupMail(name: string, state: Exclude<ToldState, 'DELETED'>): Mail {
  const body =
    state === 'STOP'
      ? '=> All VRRP group instances are now stopping <='
      : `=> All VRRP group instances are now in ${state} state <=`;
  return { subject: `VRRP Group ${name} - ${SUBJECTS[state]}`, body, about: { object: `group ${name}`, state } };
}
