import type { Config } from '../config/types.ts';
import type { LogLine } from '../lib/log.ts';

export type Role = 'vrrp' | 'checker';

/** What the command line decides for a child. */
export interface ChildOptions {
  /** -D */
  readonly logDetail: boolean;
  /** -V: leave addresses and send no priority 0 at exit. */
  readonly dontReleaseVrrp: boolean;
  /** -X: try to remove addresses this process did not set itself. */
  readonly releaseVips: boolean;
  /** -I: leave the IPVS table at exit. */
  readonly dontReleaseIpvs: boolean;
  /** -a: log every address change. */
  readonly addressMonitoring: boolean;
  /** --ignore-sigint: SIGINT does not stop the process. */
  readonly ignoreSigint: boolean;
  /** -d: log the configuration whenever it has been taken over. */
  readonly dumpConfig: boolean;
  /** -u: file creation mask, over the configuration's. */
  readonly umask?: number;
}

/** Sent by the parent. Stopping is SIGTERM, as an operator would send it. */
export type ParentToChild =
  | { readonly type: 'configure'; readonly config: Config; readonly options: ChildOptions }
  | { readonly type: 'reload'; readonly config: Config };

/** Sent by a child. */
export type ChildToParent =
  /** The configuration (or the reloaded one) has been taken over. */
  { readonly type: 'ready' } | { readonly type: 'log'; readonly lines: readonly LogLine[] };
