import type { TransportProtocol } from '../config/types.ts';
import { addressFamily, type IpAddress, ipBytes } from '../lib/ip.ts';
import type { Request } from '../netlink/message.ts';
import { transportProtocols } from '../netlink/shared-numbers.ts';
import { type NamedElements, type SetElement, TableCommands } from './command.ts';
import { counter, decide, equals, type Expression, inSet, load, loadMeta, setMeta } from './expression.ts';
import { dataType, destinationAddress, header, hook, hostWord, meta, register, type TableFamily } from './numbers.ts';
import type { FilterSettings } from './plan.ts';

/** Packets to these addresses and this port get a mark (nftables_ipvs). */
export interface MarkedRange {
  readonly protocol: TransportProtocol;
  readonly first: IpAddress;
  readonly last: IpAddress;
  readonly port: number;
  readonly mark: number;
}

/** The maps that stand already, as `ip tcp_map`; they stay until the tables go. */
export type MarkStructure = ReadonlySet<string>;

export interface MarkPlan {
  /** One transaction; empty when nothing differs. */
  readonly requests: readonly Request[];
  readonly structure: MarkStructure;
}

const protocols = ['TCP', 'UDP', 'SCTP'] as const;
const families = { ip: 4, ip6: 6 } as const;

/** What brings the tables from marking `current` to marking `desired`. Maps and their rules are made when needed. */
export function planMarks(
  settings: FilterSettings,
  before: MarkStructure,
  current: readonly MarkedRange[],
  desired: readonly MarkedRange[],
): MarkPlan {
  const requests: Request[] = [];
  const structure = new Set(before);
  let id = structure.size;
  for (const name of ['ip', 'ip6'] as const) {
    const commands = new TableCommands(name, settings.table);
    for (const protocol of protocols) {
      const mine = ({ protocol: other, first }: MarkedRange) =>
        other === protocol && addressFamily(first) === families[name];
      const map = mapName(protocol);
      const wanted = desired.filter(mine);
      if (wanted.length > 0 && !structure.has(`${name} ${map}`)) {
        if (![...structure].some((one) => one.startsWith(`${name} `))) {
          requests.push(commands.create());
          requests.push(commands.chain('in', { hook: hook.localIn, priority: settings.priority, type: 'filter' }));
        }
        requests.push(...markRule(commands, name, protocol, settings, ++id));
        structure.add(`${name} ${map}`);
      }
      requests.push(...commands.changeElements(map, elementsOf(current.filter(mine)), elementsOf(wanted)));
    }
  }
  return { requests, structure };
}

/** Removes what stands. */
export function planMarkRemoval({ table }: FilterSettings, structure: MarkStructure): readonly Request[] {
  const standing = (['ip', 'ip6'] as const).filter((name) => [...structure].some((one) => one.startsWith(`${name} `)));
  return standing.map((name) => new TableCommands(name, table).delete());
}

function mapName(protocol: TransportProtocol): string {
  return `${protocol.toLowerCase()}_map`;
}

/** The map of one protocol and the rule that looks it up by destination address and port. */
function markRule(
  commands: TableCommands,
  name: TableFamily,
  protocol: TransportProtocol,
  { counters }: FilterSettings,
  id: number,
): Request[] {
  const map = mapName(protocol);
  const { offset, length } = destinationAddress[name];
  const keyType = ((name === 'ip' ? dataType.ip : dataType.ip6) << 6) | dataType.port;
  const rule: Expression[] = [
    loadMeta(meta.protocol, register.one),
    equals(Uint8Array.of(transportProtocols[protocol])),
    load(header.network, offset, length),
    load(header.transport, 2, 2, name === 'ip' ? register.secondWord : register.two),
    inSet(map, register.one, true),
    setMeta(meta.mark, register.one),
    ...(counters ? [counter] : []),
    decide('return'),
  ];
  return [
    commands.set({
      name: map,
      keyType,
      keyLength: length + 4,
      order: 'host',
      dataType: dataType.mark,
      dataLength: 4,
      ranges: [length, 2],
      id,
    }),
    commands.rule('in', rule),
  ];
}

/** Of two equal ranges the first counts, as of two equal services in the kernel. */
function elementsOf(ranges: readonly MarkedRange[]): NamedElements {
  const elements = new Map<string, () => SetElement>();
  const known = new Set<string>();
  for (const { first, last, port, mark } of ranges) {
    const range = `${first} ${last} ${port}`;
    if (known.has(range)) continue;
    known.add(range);
    const make = (): SetElement => ({ key: keyOf(first, port), end: keyOf(last, port), data: hostWord(mark) });
    elements.set(`${range} ${mark}`, make);
  }
  return elements;
}

/** An address, then a port that fills a word. */
function keyOf(address: IpAddress, port: number): Uint8Array {
  return Uint8Array.from([...ipBytes(address), port >> 8, port & 0xff, 0, 0]);
}
