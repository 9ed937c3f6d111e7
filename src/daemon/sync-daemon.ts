import { type NumberedSyncDaemon, numberedSyncDaemon } from '../config/numbered-sync-daemon.ts';
import type { Config, LvsSyncDaemon } from '../config/types.ts';
import { type SyncState, syncFailureText, syncStates } from '../ipvs/sync-daemon.ts';
import { errno } from '../lib/errno.ts';
import type { Log } from '../lib/log.ts';
import type { KernelError } from '../netlink/message.ts';
import type { IpvsKernel } from './ipvs-kernel.ts';

/** What this needs of the kernel. */
export type SyncKernel = Pick<IpvsKernel, 'startSync' | 'stopSync' | 'close'>;

interface Running {
  readonly settings: LvsSyncDaemon;
  readonly id: number;
}

/** The halves of the connection synchronisation daemon that run, changed with as few commands as will do. */
export class SyncDaemon {
  readonly #kernel: SyncKernel;
  readonly #log: Log;
  readonly #running = new Map<SyncState, Running>();
  /** What others have started before may run yet. */
  #othersMayRun = true;

  constructor(kernel: SyncKernel, log: Log) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /** From now on these halves run with these settings and no other; the kernel's refusal is logged. */
  set(halves: readonly SyncState[], settings: LvsSyncDaemon | undefined, id: number): void {
    for (const [half, running] of this.#running) {
      if (settings && halves.includes(half) && running.id === id && sameSettings(running.settings, settings)) continue;
      const answer = this.#kernel.stopSync(half, running.id);
      if (answer.errno !== 0) this.#log({ level: 'info', message: syncFailureText('stop', answer) });
      this.#running.delete(half);
    }
    if (!settings || halves.length === 0) return;
    this.#stopOthers(halves, id);
    for (const half of halves) {
      if (this.#running.has(half)) continue;
      const answer = this.#start(half, settings, id);
      if (answer.errno === 0) this.#running.set(half, { settings, id });
      else this.#log({ level: 'info', message: syncFailureText('start', answer) });
    }
  }

  stop(): void {
    this.set([], undefined, 0);
  }

  /** Another process keeps the daemon from now on: what runs is for that one to stop. */
  forget(): void {
    this.#running.clear();
    this.#othersMayRun = true;
  }

  /** Of a killed predecessor, or of the process that kept the daemon before, halves that are not wanted may run. */
  #stopOthers(wanted: readonly SyncState[], id: number): void {
    if (!this.#othersMayRun) return;
    this.#othersMayRun = false;
    for (const half of syncStates) if (!wanted.includes(half)) this.#kernel.stopSync(half, id);
  }

  /** What a killed predecessor has left runs with its settings, and makes way. */
  #start(half: SyncState, settings: LvsSyncDaemon, id: number): KernelError {
    const answer = this.#kernel.startSync(half, settings, id);
    if (answer.errno !== errno.EEXIST || this.#kernel.stopSync(half, id).errno !== 0) return answer;
    return this.#kernel.startSync(half, settings, id);
  }
}

function sameSettings(a: LvsSyncDaemon, b: LvsSyncDaemon): boolean {
  return (
    a.interface === b.interface &&
    a.maximumLength === b.maximumLength &&
    a.port === b.port &&
    a.ttl === b.ttl &&
    a.group === b.group
  );
}

/** A virtual router, as far as the daemon follows it. */
export interface Followed {
  readonly instance: { readonly name: string };
  readonly state: { readonly name: string };
}

/**
 * lvs_sync_daemon where it follows a VRRP instance: the master half runs while that is master, the backup half
 * otherwise. IPVS is opened when the configuration first asks for it; `open` logs why it could not be.
 */
export class FollowingSyncDaemon {
  readonly #open: () => SyncKernel | undefined;
  readonly #log: Log;
  #kernel: SyncKernel | undefined;
  #daemon: SyncDaemon | undefined;
  #settings: NumberedSyncDaemon | undefined;
  #half: SyncState | undefined;

  constructor(open: () => SyncKernel | undefined, log: Log) {
    this.#open = open;
    this.#log = log;
  }

  /** Whether what the configuration asks for can be: a start ends without IPVS, a reload goes on. */
  configure(config: Pick<Config, 'global' | 'instances'>): boolean {
    const { keeper } = config.global.lvsSyncDaemon ?? {};
    const former = this.#settings?.instance;
    this.#settings = keeper === 'vrrp' ? numberedSyncDaemon(config) : undefined;
    if (this.#settings?.instance !== former) this.#half = undefined;
    if (keeper === 'checker') this.#daemon?.forget();
    if (this.#settings && !this.#daemon) {
      this.#kernel = this.#open();
      this.#daemon = this.#kernel && new SyncDaemon(this.#kernel, this.#log);
    }
    this.#apply();
    return !this.#settings || this.#daemon !== undefined;
  }

  /** To be told of every virtual router whose state may have changed. */
  follow({ instance, state }: Followed): void {
    if (instance.name !== this.#settings?.instance || state.name === 'initialize') return;
    const half = state.name === 'master' ? 'master' : 'backup';
    if (half === this.#half) return;
    this.#half = half;
    this.#apply();
  }

  close(): void {
    this.#daemon?.stop();
    this.#kernel?.close();
  }

  #apply(): void {
    this.#daemon?.set(this.#half ? [this.#half] : [], this.#settings, this.#settings?.id ?? 0);
  }
}
