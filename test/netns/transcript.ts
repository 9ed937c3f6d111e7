import { hex, identification, isAdvert, isAnnouncement, vrrpOffset, withoutIdentification } from './frame.ts';
import type { Host } from './host.ts';
import type { CapturedFrame } from './pcap.ts';

/** What a host did, without times: equal programs in equal situations give equal transcripts. */
export interface Transcript {
  /** Each different advert of a virtual router in order; repetitions say nothing that their intervals do not. */
  readonly adverts: readonly string[];
  /** Each different ARP frame or neighbour advertisement in the order of its first appearance; how many bursts there are depends on the time played. */
  readonly arp: readonly string[];
  /** Address events of the kernel, in order for each family. */
  readonly addresses: readonly string[];
  /** Events of our routes and rules, in order. */
  readonly routing: readonly string[];
  readonly fifo: readonly string[];
  readonly scripts: readonly string[];
  readonly exits: readonly (number | string)[];
  readonly remarks: readonly string[];
}

export function transcriptOf(host: Host): Transcript {
  return {
    adverts: changesOfAdverts(host),
    arp: [...new Set(arpFrames(host))],
    addresses: byFamily(host.addresses.map((event) => event.text)),
    routing: host.routing,
    fifo: host.fifo,
    scripts: [...host.scriptCalls].sort(),
    exits: host.exits,
    remarks: host.remarks,
  };
}

export function adverts(host: Host): readonly CapturedFrame[] {
  return host.frames.filter(isAdvert);
}

/** IPv4 identifications of all adverts: they count from 1 for each run of a daemon. */
export function identifications(host: Host): readonly number[] {
  return adverts(host).map((frame) => identification(frame.bytes));
}

/** Seconds between neighbouring equal adverts. */
export function intervals(host: Host): readonly number[] {
  const sent = adverts(host);
  return sent.slice(1).flatMap((frame, index) => {
    const before = sent[index]!;
    const same = hex(withoutIdentification(frame.bytes)) === hex(withoutIdentification(before.bytes));
    return same ? [frame.at - before.at] : [];
  });
}

/** Router by router: how the adverts of several fall between each other is left to chance. */
function changesOfAdverts(host: Host): string[] {
  const byRouter = new Map<number, string[]>();
  for (const { bytes } of adverts(host)) {
    const router = bytes[vrrpOffset(bytes) + 1]!;
    byRouter.set(router, [...(byRouter.get(router) ?? []), hex(withoutIdentification(bytes))]);
  }
  return [...byRouter].sort(([one], [other]) => one - other).flatMap(([, sent]) => withoutRepeats(sent));
}

/** The kernel tells of IPv6 addresses some moments later than of IPv4 ones: their order among each other is its own. */
function byFamily(events: readonly string[]): string[] {
  const isIpv6 = (event: string) => event.includes(' inet6 ');
  return [...events.filter((event) => !isIpv6(event)), ...events.filter(isIpv6)];
}

function withoutRepeats(items: readonly string[]): string[] {
  return items.filter((item, index) => item !== items[index - 1]);
}

/** All announcements of addresses, by ARP or neighbour discovery, in order. */
export function arpFrames(host: Host): readonly string[] {
  return host.frames.filter(isAnnouncement).map((frame) => hex(frame.bytes));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
