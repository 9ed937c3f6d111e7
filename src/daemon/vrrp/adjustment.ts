import type { Config, VrrpInstance } from '../../config/types.ts';
import type { AdjustRequest } from '../../ipc/observation.ts';
import type { Log } from '../../lib/log.ts';

/** What SNMP changes of an instance until the next reload. */
export interface Adjustment {
  readonly config: Config;
  readonly before: VrrpInstance;
  readonly after: VrrpInstance;
}

/** `config` with another base priority or preemption of one instance, as `log` says; undefined where there is no such instance. */
export function adjusted(
  config: Config,
  { instance: name, priority, preempt }: AdjustRequest,
  log: Log,
): Adjustment | undefined {
  const { instances } = config;
  const at = instances.findIndex((instance) => instance.name === name);
  const before = instances[at];
  if (!before) return undefined;
  const after = { ...before, priority: priority ?? before.priority, preempt: preempt ?? before.preempt };
  const say = (what: string): void => log({ level: 'info', message: `(${name}) ${what}` });
  if (priority !== undefined) say(`base priority changed from ${before.priority} to ${priority} via SNMP.`);
  if (preempt !== undefined) say(`preemption ${preempt ? 'enabled' : 'disabled'} with SNMP`);
  return { config: { ...config, instances: instances.with(at, after) }, before, after };
}
