import { millis } from '../../lib/duration.ts';
import { wallClock } from '../../os/clock.ts';
import { tidyLater } from '../../os/garbage.ts';
import type { ChildContext } from '../child.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import { Observers } from './observers.ts';
import { VrrpProcess } from './vrrp-process.ts';
import { surveyVrrp } from './vrrp-survey.ts';
import { VrrpReports } from './vrrp-reports.ts';

/** Bytes in use: more would take longer to tidy than LONGEST_PAUSE. */
const LARGEST_TIDIED = 32 * 1024 * 1024;

/** Tidying takes some ten milliseconds, several times that on a busy machine. */
const LONGEST_PAUSE = millis(200);

/** Runs the VRRP child until it is told to stop. */
export function runVrrpProcess(context: ChildContext): void {
  const startedAt = wallClock();
  const observers = new Observers(context, () => vrrp.view());
  observers.configure(context.config.global);
  const vrrp = new VrrpProcess(context, observers);
  const reports = new VrrpReports(context, () => vrrp.view());
  context.onReload((config) => {
    observers.configure(config.global);
    reports.aroundReload(config, () => vrrp.reload(config));
    tidyLater({ largest: LARGEST_TIDIED, mayPause: () => vrrp.isIdleFor(LONGEST_PAUSE) });
  });
  context.onBfd(({ name, up, at }) => vrrp.sessionChanged(name, up, at));
  context.onSignal((signal) => reports.asked(signal));
  context.onDescribe(() => reports.describe());
  context.onObserver((request) => {
    if (request.type === 'announce') vrrp.announce(request.instance);
    else if (request.type === 'adjust') vrrp.adjust(request);
    else if (request.type === 'survey') context.tellObserver(surveyVrrp(vrrp.view(), startedAt));
  });
  context.onPing(() => reports.doing());
  // Only the lack of IPVS where it is to follow an instance keeps it from that; the reason is logged.
  if (!vrrp.start()) {
    context.exit(exitStatus.fatal);
    return;
  }
  // A stop that was asked for meanwhile is followed now: what has not started would come to stay.
  context.onStop(() => vrrp.stop());
}
