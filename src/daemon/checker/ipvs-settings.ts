import type { Config, GlobalConfig } from '../../config/types.ts';
import type { IpvsTimeouts } from '../../ipvs/family.ts';
import { syncStates } from '../../ipvs/sync-daemon.ts';
import { errnoText } from '../../lib/errno.ts';
import type { Log } from '../../lib/log.ts';
import type { IpvsKernel } from '../ipvs-kernel.ts';
import { SyncDaemon } from '../sync-daemon.ts';

/** What this needs of the kernel. */
export type SettingsKernel = Pick<IpvsKernel, 'timeouts' | 'setTimeouts' | 'startSync' | 'stopSync' | 'close'>;

/**
 * What IPVS has beside its table: connection timeouts, whose former values come back at the end, and the connection
 * synchronisation daemon where it follows no instance; then both its halves run.
 */
export class IpvsSettings {
  readonly #kernel: SettingsKernel;
  readonly #log: Log;
  readonly #syncDaemon: SyncDaemon;
  /** As the kernel had them before they were first changed. */
  #former: IpvsTimeouts | undefined;

  constructor(kernel: SettingsKernel, log: Log) {
    this.#kernel = kernel;
    this.#log = log;
    this.#syncDaemon = new SyncDaemon(kernel, log);
  }

  configure({ global }: Pick<Config, 'global'>): void {
    this.#configureTimeouts(global);
    const { lvsSyncDaemon: daemon } = global;
    if (daemon?.keeper === 'vrrp') this.#syncDaemon.forget();
    const own = daemon?.keeper === 'checker' ? daemon : undefined;
    this.#syncDaemon.set(own ? syncStates : [], own, own?.id ?? 0);
  }

  close(): void {
    this.#syncDaemon.stop();
    if (this.#former) this.#setTimeouts(this.#former);
  }

  /** What the configuration leaves out is as the kernel had it. */
  #configureTimeouts({ lvsTimeouts }: GlobalConfig): void {
    if (!lvsTimeouts && !this.#former) return;
    this.#former ??= this.#kernel.timeouts();
    const { tcp, tcpFin, udp } = this.#former;
    const { tcp: ownTcp = tcp, tcpfin: ownTcpFin = tcpFin, udp: ownUdp = udp } = lvsTimeouts ?? {};
    this.#setTimeouts({ tcp: ownTcp, tcpFin: ownTcpFin, udp: ownUdp });
  }

  #setTimeouts(timeouts: IpvsTimeouts): void {
    const { errno: number } = this.#kernel.setTimeouts(timeouts);
    if (number === 0) return;
    const message = `IPVS cmd IP_VS_SO_SET_TIMEOUT(1162) error: ${errnoText(number)}(${number})`;
    this.#log({ level: 'info', message });
  }
}
