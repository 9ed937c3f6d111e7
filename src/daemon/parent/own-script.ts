import type { TimedScript } from '../../config/types.ts';
import { type Duration, type Instant, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { RunningScript, ScriptResult } from '../../os/processes/exec.ts';
import type { Timer } from '../../ports/timer.ts';
import { SIGKILL } from '../signals.ts';
import type { ParentWorld } from './parent-world.ts';

/** From the end of the script's time until its process must be gone: 2 s to follow SIGTERM, 2 s more for SIGKILL. */
const GONE_AFTER = seconds(4);
/** What a process that outlives SIGKILL, in a system call that does not end, gets before it is given up. */
const GIVEN_UP_AFTER = seconds(10);

/** A script under way. */
export interface OwnScript {
  /** Resolves when it has ended or is given up; whatever became of it, the daemon goes on. */
  readonly over: Promise<void>;
  /** Nobody needs it any more: it is told to end, and killed a second later. */
  end(): void;
}

/** Runs the startup or the shutdown script, as `title` says, with keepalived's lines about it. */
export function runOwnScript(
  world: Pick<ParentWorld, 'now' | 'openTimer' | 'runScript'>,
  log: Log,
  title: string,
  script: TimedScript,
): OwnScript {
  const info = (message: string, detail = false): void => log({ level: 'info', message, detail });
  const path = script.command.argv[0] ?? '';
  info(`Running ${title} ${path}`, true);
  let running: RunningScript | undefined;
  const over = new Promise<void>((resolve) => {
    let timer: Timer | undefined;
    const later = (span: Duration, act: () => void): void => {
      timer?.close();
      timer = world.openTimer(act);
      timer.arm((world.now() + span) as Instant);
    };
    const expired = (): void => {
      info(`${title} timed out`);
      later(GONE_AFTER, () => {
        info(`${title} (PID ${running?.pid}) failed to terminate after kill`);
        running?.signal(SIGKILL);
        later(GIVEN_UP_AFTER, done);
      });
    };
    const done = (): void => {
      timer?.close();
      resolve();
    };
    running = world.runScript(script, expired, (result) => {
      describeEnd(title, path, result, info);
      done();
    });
  });
  return { over, end: () => running?.end() };
}

function describeEnd(
  title: string,
  path: string,
  result: ScriptResult,
  info: (message: string, detail?: boolean) => void,
): void {
  if (result.kind === 'notStarted') info(`Unable to run ${title} ${path}: ${result.error.message}`);
  else if (result.kind === 'signal') return;
  else if (result.status === 0) info(`${title} script succeeded`, true);
  else info(`${title} script failed, status ${result.status}`);
}
