import { isAdvert, vrrpOffset } from './frame.ts';
import { pcapReader } from './pcap.ts';
import { Recorder, until } from './processes.ts';

/** Hears the adverts that leave an interface, and when. */
export class AdvertWatch {
  readonly #times = new Map<number, number[]>();
  readonly #recorder: Recorder;

  private constructor(namespace: string, interfaceName: string, filter: string) {
    const command = ['tcpdump', '-i', interfaceName, '-U', '-w', '-', '--immediate-mode', filter];
    const piece = pcapReader((frame) => {
      if (!isAdvert(frame)) return;
      const virtualRouterId = frame.bytes[vrrpOffset(frame.bytes) + 1] ?? 0;
      this.#times.set(virtualRouterId, [...(this.#times.get(virtualRouterId) ?? []), frame.at]);
    });
    this.#recorder = new Recorder(['ip', 'netns', 'exec', namespace, ...command], { piece });
  }

  /** `filter` in tcpdump's words. */
  static async open(namespace: string, interfaceName: string, filter = 'vrrp'): Promise<AdvertWatch> {
    const watch = new AdvertWatch(namespace, interfaceName, filter);
    let listening = false;
    watch.#recorder.onErrorLine((line) => {
      listening ||= line.includes('listening on');
    });
    await until('tcpdump listens', 10, () => listening);
    return watch;
  }

  count(virtualRouterId: number): number {
    return this.#times.get(virtualRouterId)?.length ?? 0;
  }

  /** Waits until another `count` adverts have been heard. */
  async hears(virtualRouterId: number, count = 1, limit = 10): Promise<void> {
    const target = this.count(virtualRouterId) + count;
    await until(`${count} adverts of ${virtualRouterId}`, limit, () => this.count(virtualRouterId) >= target);
  }

  /** The longest silence in seconds between the adverts heard since `from` of them. */
  longestGap(virtualRouterId: number, from = 0): number {
    const times = (this.#times.get(virtualRouterId) ?? []).slice(from);
    return Math.max(0, ...times.slice(1).map((at, i) => at - (times[i] ?? at)));
  }

  async close(): Promise<void> {
    await this.#recorder.end('SIGTERM');
  }
}
