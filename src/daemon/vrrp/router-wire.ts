import type { VrrpInstance } from '../../config/types.ts';
import { errno } from '../../lib/errno.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { KeyedHashes } from '../../lib/keyed-hash.ts';
import { type Examination, examine } from '../../vrrp/examine.ts';
import type { VrrpLogEvent } from '../../vrrp/log-event.ts';
import type { Parameters } from '../../vrrp/parameters.ts';
import type { ReceivedPacket } from '../../vrrp/received.ts';
import { nextIdentification, setIdentification } from '../../vrrp/packet.ts';
import type { Repetition } from '../../os/sockets/repeater.ts';
import type { RepetitionTimes } from '../../os/sockets/vrrp-socket.ts';
import { type Datagram, transmit } from '../../vrrp/transmit.ts';
import { initialWireState, type WireState } from '../../vrrp/wire-state.ts';

export interface WireEffects {
  /** Microseconds since 1970. */
  wallClock(): number;
  readonly hashes: KeyedHashes;
  /** Nothing can leave by its interface, as far as the kernel has told. */
  linkIsDown(instance: VrrpInstance): boolean;
  /** 0, or -errno. */
  sendAdvert(instance: VrrpInstance, source: IpAddress, datagram: Datagram): number;
  /** Sends it again and again without us until `failed`; undefined where that cannot be, or is not worth while. */
  repeatAdvert?(
    instance: VrrpInstance,
    source: IpAddress,
    datagram: Datagram,
    times: RepetitionTimes,
    failed: () => void,
  ): Repetition | undefined;
}

/** An advert that may be sent again. */
interface Sent {
  readonly parameters: Parameters;
  readonly priority: number;
  readonly oldChecksum: boolean;
  readonly datagrams: readonly Datagram[];
}

/** What one virtual router sends and hears, with the numbers that count its adverts. */
export class RouterWire {
  readonly #effects: WireEffects;
  #state: WireState = initialWireState;
  #last: Sent | undefined;

  constructor(effects: WireEffects) {
    this.#effects = effects;
  }

  /** One advert; returns what went wrong. On a link that is down a last word need not arrive. */
  send(parameters: Parameters, priority: number): readonly VrrpLogEvent[] {
    const { instance, sourceAddress: source } = parameters;
    if (source === undefined) return [];
    const datagrams = this.#repeated(parameters, priority) ?? this.#made(parameters, priority);
    const failures: VrrpLogEvent[] = [];
    for (const datagram of datagrams) {
      const sent = this.#effects.sendAdvert(instance, source, datagram);
      if (sent >= 0 || (priority === 0 && sent === -errno.ENETUNREACH && this.#effects.linkIsDown(instance))) continue;
      failures.push({ event: 'sendError', errno: -sent, ...(instance.unicast && { peer: datagram.destination }) });
    }
    if (failures.length > 0) this.#last = undefined;
    return failures;
  }

  /** Leaves the last advert to whoever repeats it, at `times`; undefined where the next is not the same, or has several ways to go. */
  repeat(
    parameters: Parameters,
    priority: number,
    times: Pick<RepetitionTimes, 'interval' | 'firstAt'>,
    failed: () => void,
  ): Repetition | undefined {
    const last = this.#last;
    const { instance, sourceAddress } = parameters;
    const [datagram, ...others] = last?.datagrams ?? [];
    if (!last || !datagram || others.length > 0 || sourceAddress === undefined) return undefined;
    if (!this.#isAsBefore(last, parameters, priority)) return undefined;
    const numbered = { ...times, identification: this.#state.identification };
    return this.#effects.repeatAdvert?.(instance, sourceAddress, datagram, numbered, failed);
  }

  /** Adverts have left without us, the last with this identification. */
  repeated(identification: number): void {
    if (identification >= 0) this.#state = { ...this.#state, identification };
  }

  #isAsBefore(last: Sent, parameters: Parameters, priority: number): boolean {
    return last.parameters === parameters && last.priority === priority && last.oldChecksum === this.#state.oldChecksum;
  }

  #made(parameters: Parameters, priority: number): readonly Datagram[] {
    const { hashes } = this.#effects;
    const { wire, datagrams } = transmit(parameters, this.#state, priority, {
      wallClock: this.#effects.wallClock(),
      hashes,
    });
    this.#state = wire;
    const { authentication, authHmac } = parameters.instance;
    const repeatable = authentication.type !== 'ah' && authHmac === undefined;
    this.#last = repeatable ? { parameters, priority, oldChecksum: wire.oldChecksum, datagrams } : undefined;
    return datagrams;
  }

  /** Most adverts are the last one with another identification. */
  #repeated(parameters: Parameters, priority: number): readonly Datagram[] | undefined {
    const last = this.#last;
    if (!last || !this.#isAsBefore(last, parameters, priority)) return undefined;
    const identification = nextIdentification(this.#state.identification);
    this.#state = { ...this.#state, identification };
    if (parameters.instance.family === 4) {
      for (const { bytes } of last.datagrams) setIdentification(bytes, identification);
    }
    return last.datagrams;
  }

  hear(parameters: Parameters, packet: ReceivedPacket, lastMaster: IpAddress | undefined): Examination {
    const wallClock = this.#effects.wallClock();
    const { hashes } = this.#effects;
    const result = examine(parameters, packet, { lastMaster, wire: this.#state, wallClock, hashes });
    this.#state = result.wire;
    return result;
  }

  /** The next authentication header leaves a number out, as keepalived's does after a lower router was heard. */
  skipSequence(): void {
    this.#state = { ...this.#state, ahSequence: (this.#state.ahSequence + 1) >>> 0 };
  }

  /** Sequence numbers that began anew count from the next election as if they had not. */
  becameMaster(): void {
    this.#state = { ...this.#state, ahCycled: false };
  }

  /** A reload counts IPv4 identifications from 1 again; all else stays. */
  reconfigured(): void {
    this.#state = { ...this.#state, identification: 0 };
  }
}
