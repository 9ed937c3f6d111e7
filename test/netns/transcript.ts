import { hex, identification, isAdvert, isArp, withoutIdentification } from './frame.ts';
import type { Host } from './host.ts';
import type { CapturedFrame } from './pcap.ts';

/** What a host did, without times: equal programs in equal situations give equal transcripts. */
export interface Transcript {
  /** Each different advert in order; repetitions say nothing that their intervals do not. */
  readonly adverts: readonly string[];
  /** ARP frames in order, equal neighbours counted: a burst of five is `5 x …`. */
  readonly arp: readonly string[];
  /** Address events of the kernel, in order. */
  readonly addresses: readonly string[];
  readonly fifo: readonly string[];
  readonly scripts: readonly string[];
  readonly exits: readonly (number | string)[];
  readonly remarks: readonly string[];
}

export function transcriptOf(host: Host): Transcript {
  return {
    adverts: withoutRepeats(host.frames.filter(isAdvert).map((frame) => hex(withoutIdentification(frame.bytes)))),
    arp: counted(host.frames.filter(isArp).map((frame) => hex(frame.bytes))),
    addresses: host.addresses.map((event) => event.text),
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

function withoutRepeats(items: readonly string[]): string[] {
  return items.filter((item, index) => item !== items[index - 1]);
}

function counted(items: readonly string[]): string[] {
  const groups: { item: string; count: number }[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last?.item === item) last.count += 1;
    else groups.push({ item, count: 1 });
  }
  return groups.map(({ item, count }) => `${count} x ${item}`);
}
