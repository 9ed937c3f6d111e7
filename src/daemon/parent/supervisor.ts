import type { Role } from '../../ipc/messages.ts';
import type { Duration, Instant } from '../../lib/duration.ts';
import { seconds } from '../../lib/duration.ts';
import type { LogLine } from '../../lib/log.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import { SIGKILL } from '../signals.ts';

/** How a process ended, as waitpid(2) tells it. */
export type Exit =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number; readonly name: string };

/** One child's restart back-off: the delay the next early death will bring, and when the child was last started. */
export interface Backoff {
  readonly delay: Duration;
  readonly startedAt: Instant;
}

export type Verdict =
  /** The whole daemon ends with `status`: the child cannot work here, or respawning is switched off. */
  | { readonly kind: 'terminate'; readonly status: number }
  | { readonly kind: 'restart'; readonly after: Duration; readonly backoff: Backoff };

export interface Judgement {
  readonly verdict: Verdict;
  readonly lines: readonly LogLine[];
}

export const CHILD_NAMES: Readonly<Record<Role, string>> = {
  vrrp: 'VRRP',
  checker: 'Healthcheck',
  bfd: 'BFD',
};
export const CHILD_IDENTS: Readonly<Record<Role, string>> = {
  vrrp: 'Keepalived_vrrp',
  checker: 'Keepalived_healthcheckers',
  bfd: 'Keepalived_bfd',
};

/** Exit statuses after which starting again would only fail again. */
const PERMANENT: Readonly<Record<number, string>> = {
  [exitStatus.fatal]: 'FATAL',
  [exitStatus.config]: 'CONFIG',
  [exitStatus.missingPermission]: 'missing permission',
};

/** A child that lived this long is restarted at once, its history forgotten. */
const STEADY_AFTER = seconds(60);
const LONGEST_DELAY = seconds(60);

export function freshBackoff(startedAt: Instant): Backoff {
  return { delay: seconds(0), startedAt };
}

/** Delays of successive early deaths: 0, 1, 2, 4, 8, 16, 32, 60, 60 … seconds. */
function nextDelay(delay: Duration): Duration {
  if (delay === 0) return seconds(1);
  return delay > seconds(30) ? LONGEST_DELAY : ((delay * 2) as Duration);
}

/** Decides what a child's unexpected end at `now` leads to. */
export function judge(
  child: { readonly role: Role; readonly pid: number; readonly backoff: Backoff },
  exit: Exit,
  now: Instant,
  dontRespawn: boolean,
): Judgement {
  const lines: LogLine[] = describeExit(CHILD_IDENTS[child.role], exit);
  if (exit.kind === 'status' && PERMANENT[exit.status] !== undefined) {
    return { verdict: { kind: 'terminate', status: exit.status }, lines };
  }
  const name = CHILD_NAMES[child.role];
  if (dontRespawn) {
    lines.push({ level: 'alert', message: `${name} child process(${child.pid}) died: Exiting` });
    return { verdict: { kind: 'terminate', status: 0 }, lines };
  }
  lines.push({ level: 'alert', message: `${name} child process(${child.pid}) died: Respawning` });
  if (now - child.backoff.startedAt >= STEADY_AFTER) {
    return { verdict: { kind: 'restart', after: seconds(0), backoff: freshBackoff(now) }, lines };
  }
  const after = child.backoff.delay;
  lines.push({
    level: 'info',
    message: `Restart of ${name} process delayed ${after / seconds(1)} seconds to limit respawn rate`,
  });
  return { verdict: { kind: 'restart', after, backoff: { delay: nextDelay(after), startedAt: now } }, lines };
}

/** The log lines of a child's end; none for status 0. */
export function describeExit(ident: string, exit: Exit): LogLine[] {
  const line = (message: string): LogLine[] => [{ level: 'info', message: `${ident} ${message}` }];
  if (exit.kind === 'signal') {
    const suffix = exit.signal === SIGKILL ? ' - has rlimit_rttime been exceeded?' : '';
    return line(`exited due to signal ${exit.signal} (${exit.name})${suffix}`);
  }
  const permanent = PERMANENT[exit.status];
  if (permanent !== undefined) return line(`exited with permanent error ${permanent}. Terminating`);
  return exit.status === 0 ? [] : line(`exited with status ${exit.status}`);
}
