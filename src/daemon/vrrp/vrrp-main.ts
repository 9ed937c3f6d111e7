import type { ChildContext } from '../child.ts';
import { VrrpProcess } from './vrrp-process.ts';
import { surveyVrrp } from './vrrp-survey.ts';
import { VrrpReports } from './vrrp-reports.ts';

/** Runs the VRRP child until it is told to stop. */
export function runVrrpProcess(context: ChildContext): void {
  const vrrp = new VrrpProcess(context);
  const reports = new VrrpReports(context, () => vrrp.view());
  context.onReload((config) => reports.aroundReload(config, () => vrrp.reload(config)));
  context.onStop(() => vrrp.stop());
  context.onBfd(({ name, up }) => vrrp.sessionChanged(name, up));
  context.onSignal((signal) => reports.asked(signal));
  context.onDescribe(() => reports.describe());
  context.onObserver((request) => {
    if (request.type === 'announce') vrrp.announce(request.instance);
    else context.tellObserver(surveyVrrp(vrrp.view()));
  });
  context.onPing(() => reports.doing());
  vrrp.start();
}
