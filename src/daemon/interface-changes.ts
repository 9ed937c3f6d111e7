import type { IpAddress } from '../lib/ip.ts';

/** What virtual routers depend on at one interface. */
export interface InterfaceView {
  readonly exists: boolean;
  readonly up: boolean;
  /** Source of adverts where none is configured. */
  readonly address: IpAddress | undefined;
}

const absent: InterfaceView = { exists: false, up: false, address: undefined };

/** The addresses found at the start, in keepalived's words. */
export function assignedAddresses(views: ReadonlyMap<string, InterfaceView>): string[] {
  return [...views].flatMap(([name, { address }]) => (address === undefined ? [] : [assigned(address, name)]));
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
    if (now.up !== then.up) lines.push(`Netlink reports ${name} ${now.up ? 'up' : 'down'}`);
    if (now.address !== then.address) {
      if (then.address !== undefined) lines.push(`Deassigned address ${then.address} from interface ${name}`);
      if (now.address !== undefined) lines.push(assigned(now.address, name));
    }
    if (then.exists && !now.exists) lines.push(`Interface ${name} deleted`);
    return lines;
  });
}

function assigned(address: IpAddress, name: string): string {
  return `Assigned address ${address} for interface ${name}`;
}
