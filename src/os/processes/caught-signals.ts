import { constants } from 'node:os';
import { native } from '../native.ts';

const { SIGABRT, SIGBUS, SIGCHLD, SIGFPE, SIGILL, SIGKILL, SIGSEGV, SIGSTOP } = constants.signals;
const { SIGRTMIN, SIGRTMAX } = native.constants;

/** Faults of the program itself, what cannot be caught, and what the engine needs. */
const LEFT_ALONE: ReadonlySet<number> = new Set([
  ...[SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGKILL, SIGSTOP],
  SIGCHLD,
  // What a service manager ends one with whose watchdog it no longer hears.
  ...(process.env.WATCHDOG_USEC === undefined ? [] : [SIGABRT]),
]);
/** Those between it and SIGRTMIN the C library keeps to itself. */
const LAST_STANDARD = 31;

const early: number[] = [];
let receive: ((signal: number) => void) | undefined;

/**
 * From now on `signals` wait for `onSignal`, and every other one is ignored: a daemon that is just starting is not ended by what
 * it will understand a moment later, nor ever by a signal that means nothing to it. To be called once.
 */
export function catchSignals(signals: readonly number[]): void {
  native.signals(signals, (signal) => {
    if (receive) receive(signal);
    else early.push(signal);
  });
  const all = Array.from({ length: SIGRTMAX }, (_, n) => n + 1);
  const ours = (signal: number): boolean => signal <= LAST_STANDARD || signal >= SIGRTMIN;
  native.ignoreSignals(all.filter((signal) => ours(signal) && !LEFT_ALONE.has(signal) && !signals.includes(signal)));
}

/** Hands over the caught signals, first those that have come already. */
export function onSignal(received: (signal: number) => void): void {
  receive = received;
  for (const signal of early.splice(0)) received(signal);
}
