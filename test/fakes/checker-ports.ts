import type { CheckerPorts } from '../../src/checkers/attempt.ts';
import { instant } from '../../src/lib/duration.ts';
import { err } from '../../src/lib/result.ts';
import { startMd5 } from '../../src/os/digest.ts';
import { openRegex } from '../../src/os/regex.ts';
import { fakeClock } from './clock.ts';

/** Ports of a world where nothing answers, but for those that a test replaces. */
export function checkerPorts(replaced: Partial<CheckerPorts> = {}): CheckerPorts {
  const nobody = { kind: 'timeout' } as const;
  return {
    dial: { connect: () => Promise.resolve(err(nobody)), probe: () => Promise.resolve(nobody) },
    secureDial: { connect: () => Promise.resolve(err(nobody)) },
    datagrams: { open: () => err(nobody) },
    runScript: () => Promise.resolve({ kind: 'notStarted', message: 'no scripts here' }),
    compileRegex: openRegex(() => {}),
    md5: startMd5,
    clock: fakeClock(),
    random: () => 0,
    ...replaced,
  };
}

/** A clock that moves on by a millisecond whenever somebody looks. */
export function impatientClock(): CheckerPorts['clock'] {
  let now = 0;
  return {
    now: () => {
      now += 1000;
      return instant(now);
    },
  };
}
