import type { Config } from '../../config/types.ts';
import type { ChangeEvent, Observation } from '../../ipc/observation.ts';
import type { Log } from '../../lib/log.ts';
import type { BusRequest } from '../../report/bus-objects.ts';
import type { BusService } from './bus-service.ts';
import { SIGNAL_NUMBERS } from '../signals.ts';
import { isShownBySnmp } from '../vrrp/observed.ts';
import type { SnmpAgent, SnmpHost } from './snmp-agent.ts';
import type { StatusHost, StatusService } from './status-service.ts';

export interface MonitorsHost extends SnmpHost, StatusHost {
  readonly log: Log;
  /** Sends the VRRP process a signal. */
  signalVrrp(signal: number): void;
  reload(): void;
}

/** Those who watch from outside. Their libraries are loaded only where the configuration asks for one. */
export class Monitors {
  readonly #host: MonitorsHost;
  /** What the VRRP process last told of each instance. */
  readonly #states = new Map<string, ChangeEvent['state']>();
  #config: Config | undefined;
  #busName: string | undefined;
  #bus: Promise<BusService> | undefined;
  #agent: Promise<SnmpAgent> | undefined;
  #status: Promise<StatusService> | undefined;

  constructor(host: MonitorsHost) {
    this.#host = host;
  }

  /** Before the children start: SNMP tells of their first states, too. */
  prepare(config: Config): void {
    if (isShownBySnmp(config.global.snmp)) this.#agent = this.#openAgent(config);
  }

  /** After the start and after every reload; one that was refused has left the configuration as it was. */
  configure(config: Config): void {
    if (config === this.#config) return;
    this.#config = config;
    if (this.#status === undefined) this.#status = this.#openStatus(config);
    else void this.#status.then((status) => status.configure(config));
    const { dbus, snmp } = config.global;
    if (this.#busName !== dbus?.serviceName) {
      void this.#bus?.then((bus) => bus.close());
      this.#busName = dbus?.serviceName;
      this.#bus = this.#busName === undefined ? undefined : this.#openBus(this.#busName);
    }
    void this.#bus?.then((bus) => bus.configure(config, this.#states));
    if (!isShownBySnmp(snmp)) {
      void this.#agent?.then((agent) => agent.close());
      this.#agent = undefined;
    } else if (this.#agent === undefined) this.#agent = this.#openAgent(config);
    else void this.#agent.then((agent) => agent.configure(config));
  }

  /** A reload has left the configuration as it was. */
  refused(reason: string): void {
    void this.#status?.then((status) => status.refused(reason));
  }

  observed(event: Observation): void {
    void this.#status?.then((status) => status.observed(event));
    void this.#agent?.then((agent) => agent.observed(event));
    if (event.type !== 'changed' || event.object !== 'instance') return;
    // One that is configured anew begins anew.
    if (event.state === 'DELETED') this.#states.delete(event.name);
    else this.#states.set(event.name, event.state);
    void this.#bus?.then((bus) => bus.changed(event.name, event.state));
  }

  /** The children have gone. */
  async close(): Promise<void> {
    (await this.#bus)?.close();
    (await this.#agent)?.close();
    (await this.#status)?.close();
  }

  async #openBus(serviceName: string): Promise<BusService> {
    const { BusService } = await import('./bus-service.ts');
    const { log } = this.#host;
    return new BusService(
      {
        log,
        now: () => this.#host.now(),
        openTimer: (expired) => this.#host.openTimer(expired),
        request: (request) => this.#requested(request),
      },
      serviceName,
    );
  }

  async #openStatus(config: Config): Promise<StatusService> {
    const { StatusService } = await import('./status-service.ts');
    return new StatusService(this.#host, config);
  }

  async #openAgent(config: Config): Promise<SnmpAgent> {
    const { SnmpAgent } = await import('./snmp-agent.ts');
    return new SnmpAgent(this.#host, config);
  }

  #requested(request: BusRequest): void {
    const say = (message: string): void => this.#host.log({ level: 'info', message: `${message} on DBus request` });
    switch (request.type) {
      case 'sendGarp':
        say(`Sending garps on ${request.instance}`);
        this.#host.ask('vrrp', { type: 'announce', instance: request.instance });
        return;
      case 'reload':
        this.#host.reload();
        return;
      case 'printData':
        say('Printing VRRP data');
        this.#host.signalVrrp(SIGNAL_NUMBERS.DATA);
        return;
      case 'printStats':
        say('Printing VRRP stats');
        this.#host.signalVrrp(SIGNAL_NUMBERS.STATS);
        return;
      case 'printStatsClear':
        say('Printing and clearing VRRP stats');
        this.#host.signalVrrp(SIGNAL_NUMBERS.STATS_CLEAR);
    }
  }
}
