import { constants } from 'node:os';

/** strsignal(3) for each signal; a name that stands for the number of another is not here. */
const TEXTS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGTRAP: 'Trace/breakpoint trap',
  SIGABRT: 'Aborted',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGSTKFLT: 'Stack fault',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'File size limit exceeded',
  SIGVTALRM: 'Virtual timer expired',
  SIGPROF: 'Profiling timer expired',
  SIGIO: 'I/O possible',
  SIGPWR: 'Power failure',
  SIGSYS: 'Bad system call',
};

const textOf = new Map(
  Object.entries(TEXTS).map(([name, text]) => [constants.signals[name as NodeJS.Signals], text] as const),
);

/** SIGRTMIN of the C library, and SIGRTMAX. */
const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;

/** What strsignal(3) says of a signal that ends a process unless it is caught. */
export function signalText(signal: number): string {
  const realTime = signal >= FIRST_REAL_TIME && signal <= LAST_REAL_TIME;
  return textOf.get(signal) ?? (realTime ? `Real-time signal ${signal - FIRST_REAL_TIME}` : `Unknown signal ${signal}`);
}
