import type { Instant } from '../lib/duration.ts';
import type { LogLine, LogPlaces } from '../lib/log.ts';
import type { ConfigDifference } from './config-difference.ts';
import type { Observation, ObserverRequest } from './observation.ts';

export type Role = 'vrrp' | 'checker' | 'bfd';

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
  /** Names of files and idents are made from these. */
  readonly namespace?: string;
  readonly instance?: string;
  /** -u: file creation mask, over the configuration's. */
  readonly umask?: number;
  /** It takes the place of one that died: what that left in the IPVS table is its own. */
  readonly respawned?: true;
  /** Where the parent writes the child's lines, and the child itself when the parent is gone. */
  readonly logPlaces: LogPlaces;
  /** The child's pid file, which its parent holds and the child takes over when the parent dies first. */
  readonly pidFile?: string;
}

/** A BFD session's state: from the BFD process to the parent, and from there to whoever tracks the session. */
export interface BfdEvent {
  readonly type: 'bfd';
  /** The bfd_instance. */
  readonly name: string;
  readonly up: boolean;
  /** CLOCK_MONOTONIC, which all processes share: when it happened. */
  readonly at: Instant;
}

/** An alert to be sent by e-mail to everybody in notification_email. */
export interface MailMessage {
  readonly type: 'mail';
  /** Without the router's identity, which is put before it. */
  readonly subject: string;
  readonly body: string;
}

/** What reading the configuration gives this child to say. */
interface Said {
  readonly said: readonly string[];
}

/** Sent by the parent. Stopping is SIGTERM, as an operator would send it. */
export type ParentToChild =
  | ({ readonly type: 'configure'; readonly options: ChildOptions } & ConfigDifference & Said)
  /** What differs from the configuration sent before. */
  | ({ readonly type: 'reload' } & ConfigDifference & Said)
  /** Are you still there? */
  | { readonly type: 'ping' }
  | ObserverRequest
  | BfdEvent;

/** Sent by a child. */
export type ChildToParent =
  /** Signals reach the child from now on. */
  | { readonly type: 'listening' }
  /** The configuration (or the reloaded one) has been taken over. */
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly lines: readonly LogLine[] }
  /** Still there, and what it is doing, for the day it no longer answers. */
  | { readonly type: 'pong'; readonly doing: string }
  /** Somebody sent SIGHUP to the child instead of the parent. */
  | { readonly type: 'reloadRequest' }
  | MailMessage
  | Observation
  | BfdEvent;
