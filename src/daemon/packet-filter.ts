import { TableCommands, transaction } from '../firewall/command.ts';
import {
  emptyFilter,
  type Filter,
  type FilterSettings,
  noStructure,
  planFilter,
  planRemoval,
  type Structure,
} from '../firewall/plan.ts';
import { errnoText } from '../lib/errno.ts';
import type { Log } from '../lib/log.ts';
import { NetlinkConnection } from '../netlink/connection.ts';
import type { Request } from '../netlink/message.ts';
import { openNetlinkSocket } from '../os/netlink-socket.ts';
import { SystemError } from '../os/system-error.ts';

/** NETLINK_NETFILTER */
const PROTOCOL = 12;

/**
 * The tables of nftables that belong to this daemon. Nothing is opened before the first need. A kernel without
 * nftables is said once; the virtual routers work on without the filter.
 */
export class PacketFilter {
  readonly #log: Log;
  #settings: FilterSettings;
  #connection: NetlinkConnection | undefined;
  #structure: Structure = noStructure;
  #current: Filter = emptyFilter;
  #failed = false;

  constructor(settings: FilterSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  get current(): Filter {
    return this.#current;
  }

  /** Takes over changed settings: another table or priority needs new tables. */
  configure(settings: FilterSettings): void {
    const { table, priority, counters } = this.#settings;
    if (settings.table === table && settings.priority === priority && settings.counters === counters) return;
    const wanted = this.#current;
    this.close();
    this.#settings = settings;
    this.#failed = false;
    this.apply(wanted);
  }

  /** Makes the tables filter what `desired` says, in one transaction. */
  apply(desired: Filter): void {
    const { requests, structure } = planFilter(this.#settings, this.#structure, this.#current, desired);
    if (requests.length > 0 && !this.#transact(requests)) return;
    this.#structure = structure;
    this.#current = desired;
  }

  /** Removes the tables. */
  close(): void {
    const requests = planRemoval(this.#settings, this.#structure);
    if (requests.length > 0) this.#transact(requests);
    this.#connection?.close();
    this.#connection = undefined;
    this.#structure = noStructure;
    this.#current = emptyFilter;
  }

  #transact(requests: readonly Request[]): boolean {
    if (this.#failed) return false;
    try {
      this.#connection ??= this.#open();
      const refusal = this.#connection.transactWhole(transaction(requests));
      if (!refusal) return true;
      this.#say(`nftables refused a change of table ${this.#settings.table}: ${errnoText(refusal.errno)}`);
      return false;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#failed = true;
      this.#say(`nftables cannot be used: ${error.message}`);
      return false;
    }
  }

  /** Tables of this name are a predecessor's, whose elements mean nothing any more. */
  #open(): NetlinkConnection {
    const connection = new NetlinkConnection(openNetlinkSocket({ protocol: PROTOCOL }));
    for (const family of ['ip', 'ip6'] as const) {
      const commands = new TableCommands(family, this.#settings.table);
      const known = connection.query(commands.query(), () => true);
      if (known.ok) connection.transactWhole(transaction([commands.delete()]));
    }
    return connection;
  }

  #say(message: string): void {
    this.#log({ level: 'err', message });
  }
}
