import { native } from '../native.ts';

const LOOK_EVERY_MILLISECONDS = 2000;

/**
 * What a killed child leaves behind becomes ours instead of process 1's (prctl(2), PR_SET_CHILD_SUBREAPER), and its exit status is
 * collected, so that no zombie stays. `known` are those whose status somebody awaits.
 */
export function adoptOrphans(known: () => readonly number[]): void {
  native.setChildSubreaper();
  setInterval(() => native.reapOrphans(known()), LOOK_EVERY_MILLISECONDS).unref();
}
