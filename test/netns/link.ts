import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Host } from './host.ts';
import { run } from './processes.ts';

/** Which program runs on each host. */
export interface Pairing {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** Options of both daemons; -D without. */
  readonly options?: readonly string[];
  /** The hosts have IPv6, with link-local addresses from their MAC addresses. */
  readonly ipv6?: boolean;
}

/** Two hosts on one switch: a is 10.9.0.1, b is 10.9.0.2, on eth0 with fixed MAC addresses. */
export class Link {
  readonly a: Host;
  readonly b: Host;
  readonly #namespaces: readonly string[];
  readonly #directory: string;

  private constructor(a: Host, b: Host, namespaces: readonly string[], directory: string) {
    this.a = a;
    this.b = b;
    this.#namespaces = namespaces;
    this.#directory = directory;
  }

  static async open(pairing: Pairing): Promise<Link> {
    const directory = mkdtempSync('/run/evenkeel-');
    const prefix = `ek-${directory.slice(-6)}`;
    const [ofSwitch, ofA, ofB] = [`${prefix}-s`, `${prefix}-a`, `${prefix}-b`];
    const namespaces = [ofSwitch, ofA, ofB];
    for (const namespace of namespaces) run('ip', 'netns', 'add', namespace);
    run('ip', '-n', ofSwitch, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    run('ip', '-n', ofSwitch, 'link', 'set', 'br0', 'up');
    plug(ofSwitch, 'port-a', ofA, 1, pairing.ipv6 ?? false);
    plug(ofSwitch, 'port-b', ofB, 2, pairing.ipv6 ?? false);
    const options = pairing.options ?? ['-D'];
    const place = (namespace: string, port: string, name: string, daemon: string) => {
      mkdirSync(join(directory, name));
      return { namespace, switchNamespace: ofSwitch, port, directory: join(directory, name), daemon, options };
    };
    const a = new Host(place(ofA, 'port-a', 'a', pairing.a));
    const b = new Host(place(ofB, 'port-b', 'b', pairing.b));
    const link = new Link(a, b, namespaces, directory);
    try {
      await Promise.all([a.record(), b.record()]);
    } catch (error) {
      await link.close();
      throw error;
    }
    return link;
  }

  /** Whether a host hears the multicasts of the other; its carrier stays. */
  setHearing(host: 'a' | 'b', hears: boolean): void {
    const port = ['dev', `port-${host}`, 'mcast_flood', hears ? 'on' : 'off'];
    run('bridge', '-n', this.#namespaces[0]!, 'link', 'set', ...port);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.a.close(), this.b.close()]);
    for (const namespace of this.#namespaces) run('ip', 'netns', 'del', namespace);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function plug(ofSwitch: string, port: string, namespace: string, octet: number, ipv6: boolean): void {
  const peer = ['peer', 'name', 'eth0', 'address', `02:00:00:00:09:0${octet}`, 'netns', namespace];
  run('ip', '-n', ofSwitch, 'link', 'add', port, 'type', 'veth', ...peer);
  run('ip', '-n', ofSwitch, 'link', 'set', port, 'master', 'br0', 'up');
  // Addresses that are still being checked for duplicates would come later, and differently each time.
  const setting = ipv6 ? 'net.ipv6.conf.eth0.accept_dad=0' : 'net.ipv6.conf.all.disable_ipv6=1';
  run('ip', 'netns', 'exec', namespace, 'sysctl', '-qw', setting);
  run('ip', '-n', namespace, 'link', 'set', 'lo', 'up');
  run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up');
  run('ip', '-n', namespace, 'address', 'add', `10.9.0.${octet}/24`, 'dev', 'eth0');
  neighbour(namespace, `10.9.0.${3 - octet}`, 3 - octet);
  if (ipv6) neighbour(namespace, `fe80::ff:fe00:90${3 - octet}`, 3 - octet);
}

/** Each knows the other, so that unicast needs no ARP, whose moments are the kernel's. */
function neighbour(namespace: string, address: string, octet: number): void {
  const entry = [address, 'lladdr', `02:00:00:00:09:0${octet}`, 'nud', 'permanent', 'dev', 'eth0'];
  run('ip', '-n', namespace, 'neighbour', 'add', ...entry);
}
