import type { Config, TransportProtocol } from '../../config/types.ts';
import { type MarkedRange, type MarkStructure, planMarkRemoval, planMarks } from '../../firewall/marks.ts';
import type { FilterSettings } from '../../firewall/plan.ts';
import { type GroupMarks, markGroups } from '../../ipvs/group-marks.ts';
import { type Group, groupsByName } from '../../ipvs/service-keys.ts';
import type { Log } from '../../lib/log.ts';
import { Nftables } from '../nftables.ts';

/** The table's name, its priority, and whether rules count. */
type Settings = FilterSettings & { readonly startFwmark: number };

/**
 * nftables_ipvs: the packet filter marks packets to the addresses of groups, and IPVS has one service for each mark
 * instead of one for each address.
 */
export class MarkedGroups {
  readonly #log: Log;
  readonly #namespace: string | undefined;
  #settings: Settings | undefined;
  #nftables: Nftables | undefined;
  #structure: MarkStructure = new Set();
  #current: readonly MarkedRange[] = [];
  #marks: GroupMarks = new Map();

  /** `namespace`: path of the network namespace of IPVS, unless it is our own. */
  constructor(log: Log, namespace: string | undefined) {
    this.#log = log;
    this.#namespace = namespace;
  }

  /** The groups with their marks; without nftables_ipvs as they are. Tables of other settings go. */
  configure({ global, virtualServers, virtualServerGroups }: Config): readonly Group[] {
    const settings = global.nftablesIpvs && { ...global.nftablesIpvs, counters: global.nftablesCounters };
    if (!same(settings, this.#settings)) {
      this.close();
      this.#settings = settings;
      this.#nftables = settings && new Nftables(settings.table, this.#log, this.#namespace);
    }
    if (!settings) return virtualServerGroups;
    const marked = markGroups(virtualServers, virtualServerGroups, settings.startFwmark, this.#marks);
    this.#marks = marked.marks;
    return marked.groups;
  }

  /** Has the packet filter mark what belongs to these groups and nothing else. */
  apply(groups: readonly Group[]): void {
    if (!this.#settings || !this.#nftables) return;
    const desired = [...groupsByName(groups).values()].flatMap(rangesOf);
    const { requests, structure } = planMarks(this.#settings, this.#structure, this.#current, desired);
    if (requests.length > 0 && !this.#nftables.transact(requests)) return;
    this.#structure = structure;
    this.#current = desired;
  }

  /** Removes the tables. */
  close(): void {
    const requests = this.#settings ? planMarkRemoval(this.#settings, this.#structure) : [];
    if (requests.length > 0) this.#nftables?.transact(requests);
    this.#nftables?.close();
    this.#nftables = undefined;
    this.#settings = undefined;
    this.#structure = new Set();
    this.#current = [];
    this.#marks = new Map();
  }
}

function same(a: Settings | undefined, b: Settings | undefined): boolean {
  return (
    a?.table === b?.table &&
    a?.priority === b?.priority &&
    a?.counters === b?.counters &&
    a?.startFwmark === b?.startFwmark
  );
}

function rangesOf({ entries, marks = {} }: Group): MarkedRange[] {
  return (Object.entries(marks) as [TransportProtocol, number][]).flatMap(([protocol, mark]) =>
    entries.flatMap((entry) => (entry.kind === 'range' ? [{ ...entry, protocol, mark }] : [])),
  );
}
