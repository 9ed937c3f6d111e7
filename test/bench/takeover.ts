import { readFileSync } from 'node:fs';
import { configuration } from '../netns/configuration.ts';
import { hex, isArp } from '../netns/frame.ts';
import type { Host } from '../netns/host.ts';
import { Link } from '../netns/link.ts';
import { seconds, until } from '../netns/processes.ts';
import { becomes } from '../netns/states.ts';
import { adverts } from '../netns/transcript.ts';

/** Milliseconds after the moment at which the protocol lets a backup act. */
export interface Takeover {
  readonly advert: number;
  readonly firstAddress: number;
  readonly lastAddress: number;
  readonly firstArp: number;
  /** When every address has been announced once: a burst of thousands loses frames in the virtual cable. */
  readonly everyArp: number;
}

export interface Memory {
  readonly process: 'parent' | 'vrrp';
  readonly rssKib: number;
  readonly pssKib: number;
}

/** Priority of the backup; with 1 s adverts the master-down interval follows (RFC 3768, section 6.1). */
const PRIORITY = 254;
const MASTER_DOWN = 3 + (256 - PRIORITY) / 256;

/**
 * A backup (the daemon) of a master (the reference) that is killed, with so many addresses: how long after the master-down
 * interval since the last advert, as captured on the switch, each thing happens. And the memory of the new master.
 */
export async function takeover(
  daemon: string,
  master: string,
  count: number,
): Promise<{ times: Takeover; memory: Memory[] }> {
  const link = await Link.open({ name: 'bench', a: master, b: daemon, options: [] });
  try {
    const addresses = Array.from({ length: count }, (_, index) => `10.20.${index >> 8}.${index & 255}/32`);
    // The packet carries one; the others would not all fit into an advert.
    const instance = ['virtual_ipaddress_excluded {', ...addresses.slice(1).map((address) => `    ${address}`), '}'];
    const common = { addresses: addresses.slice(0, 1), instance };
    link.b.start(configuration(link.b, { priority: PRIORITY, ...common }));
    await becomes(link.b, 'BACKUP');
    link.a.start(configuration(link.a, { priority: 255, state: 'MASTER', addresses: addresses.slice(0, 1) }));
    await becomes(link.a, 'MASTER');
    await seconds(2.5);
    await link.a.kill();
    await becomes(link.b, 'MASTER', 30);
    await until('every address is there and announced', 30, () => complete(link.b, count));
    const deadline = adverts(link.a).at(-1)!.at + MASTER_DOWN;
    const after = (at: number) => (at - deadline) * 1000;
    const arp = link.b.frames.filter(isArp).map((frame) => after(frame.at));
    const added = link.b.addresses.map((event) => after(event.at));
    return {
      times: {
        advert: after(adverts(link.b)[0]!.at),
        firstAddress: added[0]!,
        lastAddress: added[count - 1]!,
        firstArp: arp[0]!,
        everyArp: after(everyAnnounced(link.b, count)),
      },
      memory: link.b.processes.map(([process, pid]) => ({ process, ...memoryOf(pid) })),
    };
  } finally {
    await link.close();
  }
}

function complete(host: Host, count: number): boolean {
  return host.addresses.length >= count && !Number.isNaN(everyAnnounced(host, count));
}

/** When the last of so many different ARP frames was first seen, or NaN. */
function everyAnnounced(host: Host, count: number): number {
  const seen = new Set<string>();
  for (const frame of host.frames.filter(isArp)) {
    seen.add(hex(frame.bytes));
    if (seen.size === count) return frame.at;
  }
  return Number.NaN;
}

/** VmRSS and Pss of /proc, in KiB. */
function memoryOf(pid: number): { rssKib: number; pssKib: number } {
  const field = (file: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0);
  return { rssKib: field('status', 'VmRSS'), pssKib: field('smaps_rollup', 'Pss') };
}
