/** What a signal asks of keepalived, as `--signum` names it. */
export type SignalPurpose = 'STOP' | 'RELOAD' | 'DATA' | 'STATS' | 'STATS_CLEAR' | 'JSON';

/** Linux numbers with the C library's real-time range: JSON is SIGRTMIN + 2, STATS_CLEAR is SIGRTMAX - 1. */
export const SIGNAL_NUMBERS: Readonly<Record<SignalPurpose, number>> = {
  STOP: 15,
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STATS_CLEAR: 63,
  JSON: 36,
};

export const SIGINT = 2;
export const SIGTERM = SIGNAL_NUMBERS.STOP;
export const SIGKILL = 9;
export const SIGXCPU = 24;

/** Every signal that means something to the parent or to a child. */
export const CAUGHT_SIGNALS: readonly number[] = [SIGINT, SIGXCPU, ...Object.values(SIGNAL_NUMBERS)];

/** What a signal asks for; undefined for one that keepalived gives no meaning. SIGINT asks what SIGTERM asks. */
export function purposeOf(signal: number): SignalPurpose | undefined {
  if (signal === SIGINT) return 'STOP';
  for (const [purpose, number] of Object.entries(SIGNAL_NUMBERS)) {
    if (number === signal) return purpose as SignalPurpose;
  }
  return undefined;
}
