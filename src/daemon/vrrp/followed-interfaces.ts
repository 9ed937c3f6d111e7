import type { Config } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { addressFamily } from '../../lib/ip.ts';
import type { LinkEvent } from '../../rtnetlink/event.ts';
import type { Link } from '../../rtnetlink/link.ts';
import { allAddresses } from './instance-addresses.ts';
import { assignedAddresses, type InterfaceView, interfaceChanges, strangerChange } from './interface-changes.ts';

type Views = ReadonlyMap<string, InterfaceView>;

/** The interfaces that virtual routers depend on, as they were seen last; what changes is told to the log, as keepalived does. */
export class FollowedInterfaces {
  readonly #log: Log;
  #seen: Views = new Map();
  /** New names by former ones, of those that were followed. */
  readonly #renamed = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** At the start and at a reload: changes count from here. */
  begin(views: Views, { instances }: Pick<Config, 'instances'>): void {
    for (const [name, { exists }] of views) {
      if (exists || this.#seen.has(name)) continue;
      this.#say(`Configuration specifies interface ${name} which doesn't currently exist - will use if created`);
    }
    this.remember(views);
    const own = new Set(instances.flatMap((one) => [one.interface, ...(one.vmac ? [one.vmac.name] : [])]));
    for (const message of assignedAddresses(views, own)) this.#detail(message);
  }

  remember(views: Views): void {
    this.#seen = views;
  }

  /** Of the packet sockets that announce addresses, by the families that there are. */
  sayChannels(instances: Config['instances']): void {
    const families = new Set(
      instances.flatMap((instance) => [
        instance.family,
        ...allAddresses(instance).map(({ address }) => addressFamily(address)),
      ]),
    );
    if (families.has(4)) this.#detail('Registering gratuitous ARP shared channel');
    if (families.has(6)) this.#detail('Registering gratuitous NDISC shared channel');
  }

  has(name: string): boolean {
    return this.#seen.has(name);
  }

  /** `before` is what it was, if it was there. Under another name an interface is another one. */
  linkChanged(event: LinkEvent, before: Link | undefined): void {
    const { name } = event.link;
    if (before !== undefined && before.name !== name && event.change !== 'gone') {
      if (this.has(before.name)) this.#renamed.set(before.name, name);
      else if (!this.has(name)) this.#say(`Interface ${name} added`);
      return;
    }
    if (event.own || this.has(name)) return;
    const message = strangerChange(event, before !== undefined);
    if (message !== undefined) this.#say(message);
  }

  follow(views: Views): void {
    const changed = new Map([...views].filter(([name]) => !this.#renamed.has(name)));
    for (const message of interfaceChanges(this.#seen, changed)) this.#say(message);
    this.remember(views);
  }

  /** To be called once the routers know that what they followed has another name now. */
  sayRenamed(): void {
    for (const name of this.#renamed.values()) if (!this.has(name)) this.#say(`Interface ${name} added`);
    this.#renamed.clear();
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }

  #detail(message: string): void {
    this.#log({ level: 'info', message, detail: true });
  }
}
