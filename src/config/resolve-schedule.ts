import type { ConfigClass } from '../lib/diagnostic.ts';
import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { Scripts } from './scripts.ts';
import type { CheckerConnection, CheckerDefaults, CheckerSchedule } from './types.ts';

/** What a checker takes from its real server where it sets nothing itself. */
export interface CheckerSurroundings {
  readonly address: IpAddress;
  readonly port: number;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
  readonly defaults: CheckerDefaults;
  /** The virtual server's own delay_loop. */
  readonly serviceDelayLoop: Duration;
  readonly scripts: Scripts;
  /** Thousands of checkers mostly have one schedule. */
  sharedSchedule(made: CheckerSchedule): CheckerSchedule;
  report(problem: ConfigClass, message: string): void;
  /** What a track_file says of itself. */
  trackFileWeight(name: string): { readonly weight: number; readonly reverse: boolean };
}

export interface TimingRows {
  readonly delay_loop?: Duration;
  readonly warmup?: Duration;
  readonly retry?: number;
  readonly delay_before_retry?: Duration;
  readonly alpha?: boolean;
  readonly log_all_failures?: boolean;
}

export interface ConnectionRows {
  readonly connect_ip?: IpAddress;
  readonly connect_port?: number;
  readonly connect_timeout?: Duration;
  readonly bindto?: IpAddress;
  readonly bind_port?: number;
  readonly bind_if?: string;
  readonly fwmark?: number;
}

/** The checker's own timing, else that of its servers, else what its kind has. */
export function checkerSchedule(
  raw: TimingRows,
  { alpha, logAllFailures, defaults, sharedSchedule }: CheckerSurroundings,
  ofKind: { readonly retry: number; readonly delayBeforeRetry: Duration },
): CheckerSchedule {
  const delayLoop = raw.delay_loop ?? defaults.delayLoop;
  return sharedSchedule({
    delayLoop,
    warmup: raw.warmup ?? defaults.warmup ?? delayLoop,
    retry: raw.retry ?? defaults.retry ?? ofKind.retry,
    delayBeforeRetry: raw.delay_before_retry ?? defaults.delayBeforeRetry ?? ofKind.delayBeforeRetry,
    alpha: raw.alpha ?? alpha,
    logAllFailures: raw.log_all_failures ?? false,
    ...(logAllFailures && { logAllFailuresOfAll: true as const }),
  });
}

export function checkerConnection(
  raw: ConnectionRows,
  { address, port, defaults }: CheckerSurroundings,
): CheckerConnection {
  return {
    address: raw.connect_ip ?? address,
    port: raw.connect_port ?? port,
    connectTimeout: raw.connect_timeout ?? defaults.connectTimeout,
    ...(raw.bindto !== undefined && { bindAddress: raw.bindto }),
    ...(raw.bind_port !== undefined && { bindPort: raw.bind_port }),
    ...(raw.bind_if !== undefined && { bindInterface: raw.bind_if }),
    ...(raw.fwmark !== undefined && raw.fwmark !== 0 && { fwmark: raw.fwmark }),
  };
}
