import { after, type Duration, type Instant, laterOf } from '../lib/duration.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import type { Backup } from './state.ts';
import { masterDownInterval } from './timers.ts';

type Waiting = Pick<Backup, 'memory' | 'masterDownAt'>;

/**
 * A backup that waits for adverts from `from` on, or from the first election on; for the whole master-down interval unless
 * told.
 */
export function waiting(
  parameters: Parameters,
  memory: Memory,
  from: Instant,
  time: Duration = masterDownInterval(parameters, memory.masterAdverInterval),
): Waiting {
  return {
    memory: { ...memory, masterDownTimer: time },
    masterDownAt: after(laterOf(parameters.electionFrom ?? from, from), time),
  };
}
