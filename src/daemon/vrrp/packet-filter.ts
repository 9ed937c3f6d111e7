import {
  emptyFilter,
  type Filter,
  type FilterSettings,
  noStructure,
  planFilter,
  planRemoval,
  type Structure,
} from '../../firewall/plan.ts';
import type { Log } from '../../lib/log.ts';
import { Nftables } from '../nftables.ts';

/**
 * The tables of nftables that belong to this daemon. Nothing is opened before the first need. A kernel without
 * nftables is said once; the virtual routers work on without the filter.
 */
export class PacketFilter {
  readonly #log: Log;
  #settings: FilterSettings;
  #nftables: Nftables;
  #structure: Structure = noStructure;
  #current: Filter = emptyFilter;

  constructor(settings: FilterSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#nftables = new Nftables(settings.table, log);
  }

  get current(): Filter {
    return this.#current;
  }

  /** Takes over changed settings: another table or priority needs new tables. What others have removed comes back. */
  configure(settings: FilterSettings): void {
    const { table, priority, counters } = this.#settings;
    if (settings.table === table && settings.priority === priority && settings.counters === counters) {
      this.#remake(this.#current);
      return;
    }
    const wanted = this.#current;
    this.close();
    this.#settings = settings;
    this.#nftables = new Nftables(settings.table, this.#log);
    this.apply(wanted);
  }

  /** Removes tables that a former run has left, before there are any of ours. */
  purge(): void {
    this.#nftables.purge();
  }

  /** Makes the tables filter what `desired` says, in one transaction. */
  apply(desired: Filter): void {
    const { requests, structure } = planFilter(this.#settings, this.#structure, this.#current, desired);
    if (requests.length > 0 && !this.#nftables.transact(requests)) {
      this.#remake(desired);
      return;
    }
    this.#structure = structure;
    this.#current = desired;
  }

  /** Where somebody has flushed a table away, all is made anew, in one transaction. */
  #remake(desired: Filter): void {
    const standing = (['ip', 'ip6'] as const).filter((family) => this.#structure[family].table);
    const left = standing.filter((family) => this.#nftables.has(family));
    if (left.length === standing.length) return;
    const remains = Object.fromEntries(left.map((family) => [family, this.#structure[family]]));
    const removal = planRemoval(this.#settings, { ...noStructure, ...remains });
    const { requests, structure } = planFilter(this.#settings, noStructure, emptyFilter, desired);
    if (!this.#nftables.transact([...removal, ...requests])) return;
    this.#log({ level: 'info', message: `nftables table ${this.#settings.table} has been removed - restored` });
    this.#structure = structure;
    this.#current = desired;
  }

  /** Removes the tables. */
  close(): void {
    const requests = planRemoval(this.#settings, this.#structure);
    if (requests.length > 0) this.#nftables.transact(requests);
    this.#nftables.close();
    this.#structure = noStructure;
    this.#current = emptyFilter;
  }
}
