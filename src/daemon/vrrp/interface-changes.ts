import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import type { LinkEvent } from '../../rtnetlink/event.ts';

/** What virtual routers depend on at one interface. */
export interface InterfaceView {
  readonly exists: boolean;
  readonly up: boolean;
  /** Its state comes from polling the device. */
  readonly polled?: boolean;
  /** Sources of adverts where none is configured, by family. */
  readonly addresses: Readonly<Record<AddressFamily, IpAddress | undefined>>;
}

const absent: InterfaceView = { exists: false, up: false, addresses: { 4: undefined, 6: undefined } };
const families = [4, 6] as const;

/** The addresses found at the start on the interfaces `own` of instances, in keepalived's words. */
export function assignedAddresses(views: ReadonlyMap<string, InterfaceView>, own: ReadonlySet<string>): string[] {
  const shown = [...views].filter(([name]) => own.has(name));
  return shown.flatMap(([name, { addresses }]) =>
    families.flatMap((family) => {
      const address = addresses[family];
      return address === undefined ? [] : [assigned(address, name)];
    }),
  );
}

/**
 * Whatever else comes and goes: an interface that nobody depends on, or has `known` before. What virtual routers depend on
 * is told by `interfaceChanges`.
 */
export function strangerChange({ change, link }: LinkEvent, known: boolean): string | undefined {
  if (change === 'gone') return known ? `Interface ${link.name} deleted` : undefined;
  return known ? undefined : `Interface ${link.name} added`;
}

/** What became of the interfaces between two views of them, in keepalived's words. */
export function interfaceChanges(
  before: ReadonlyMap<string, InterfaceView>,
  after: ReadonlyMap<string, InterfaceView>,
): string[] {
  return [...after].flatMap(([name, now]) => {
    const then = before.get(name) ?? absent;
    const lines: string[] = [];
    if (now.exists && !then.exists) lines.push(`Interface ${name} added`);
    if (now.up !== then.up)
      lines.push(`${now.polled ? 'Linkbeat' : 'Netlink'} reports ${name} ${now.up ? 'up' : 'down'}`);
    for (const family of families) {
      const [before, after] = [then.addresses[family], now.addresses[family]];
      if (after === before) continue;
      if (before !== undefined) lines.push(`Deassigned address ${before} from interface ${name}`);
      if (after !== undefined) lines.push(assigned(after, name));
    }
    if (then.exists && !now.exists) lines.push(`Interface ${name} deleted`);
    return lines;
  });
}

function assigned(address: IpAddress, name: string): string {
  return `Assigned address ${address} for interface ${name}`;
}
