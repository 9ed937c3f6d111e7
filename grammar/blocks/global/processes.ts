import { leaf } from '../../keyword.ts';
import { processorSet, realtimePriority } from '../../process-values.ts';
import { flag, integer, maximumUnsigned, optionalInteger } from '../../values.ts';

const nice = (process: string) =>
  leaf(integer(-20, 19), `Nice value of the ${process} process.`, {
    default: 0,
    missing: `No ${process} process priority specified`,
    invalid: `Invalid ${process} process priority specified`,
    fallback: 0,
  });

const noSwap = (process: string) =>
  leaf(
    flag,
    `Lock the ${process} process in memory. Not done here, which the log says: MemorySwapMax=0 in the unit does the same.`,
  );

const realtime = (process: string) =>
  leaf(realtimePriority(process), `Real-time priority of the ${process} process.`, {
    missing: `No ${process} process real-time priority specified`,
    invalid: `${process} process real-time priority '%s' invalid`,
  });

const affinity = (process: string) =>
  leaf(processorSet(process), `Processors that the ${process} process may run on.`, {
    missing: `No ${process} cpu_id set specified`,
  });

const realtimeLimit = (process: string) =>
  leaf(
    integer(1, maximumUnsigned),
    `Microseconds the ${process} process may run without a pause at real-time priority.`,
    {
      default: 10_000,
      invalid: `Invalid ${process} real-time limit - %s`,
      fallback: 0,
      // The soft limit is one below the hard one, and 0 would be no limit.
      admit: (value) => (value === 1 ? 2 : value),
    },
  );

const oldRealtimeLimit = (process: string) => ({
  ...realtimeLimit(process),
  documentation: `Old spelling of ${process}_rlimit_rttime.`,
  deprecated: {
    instead: `${process}_rlimit_rttime`,
    quiet: true,
    message: `Keyword '${process}_rlimit_rtime' is deprecated - please use '${process}_rlimit_rttime'`,
  } as const,
});

/** How each process is scheduled. */
export const processRows = {
  vrrp_priority: nice('vrrp'),
  vrrp_no_swap: noSwap('vrrp'),
  vrrp_rt_priority: realtime('vrrp'),
  vrrp_cpu_affinity: affinity('vrrp'),
  vrrp_rlimit_rttime: realtimeLimit('vrrp'),
  vrrp_rlimit_rtime: oldRealtimeLimit('vrrp'),
  checker_priority: nice('checker'),
  checker_no_swap: noSwap('checker'),
  checker_rt_priority: realtime('checker'),
  checker_cpu_affinity: affinity('checker'),
  checker_rlimit_rttime: realtimeLimit('checker'),
  checker_rlimit_rtime: oldRealtimeLimit('checker'),
  bfd_priority: nice('bfd'),
  bfd_no_swap: noSwap('bfd'),
  bfd_rt_priority: realtime('bfd'),
  bfd_cpu_affinity: affinity('bfd'),
  bfd_rlimit_rttime: realtimeLimit('bfd'),
  bfd_rlimit_rtime: oldRealtimeLimit('bfd'),
  max_auto_priority: leaf(optionalInteger(-1, 99, 99), 'Highest real-time priority that late timers may raise to.', {
    default: 0,
    invalid: "max_auto_priority '%s' must be in [0, 99] (or -1 to disable) - ignoring",
  }),
  min_auto_priority_delay: leaf(integer(1, 10_000_000), 'Lateness in microseconds that raises the priority.', {
    default: 1_000_000,
    missing: 'min_auto_priority_delay requires delay time',
    invalid: "min_auto_priority_delay '%s' must be in [1, 10000000] - ignoring",
  }),
  random_seed: leaf(
    integer(0, maximumUnsigned, 'exact'),
    'Seed of the random numbers; nothing is drawn at random here, which the log says.',
    {
      otherwise: 'time based',
      invalid: 'random_seed %s invalid',
    },
  ),
};
