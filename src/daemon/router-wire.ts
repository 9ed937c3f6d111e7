import type { VrrpInstance } from '../config/types.ts';
import { errno } from '../lib/errno.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { KeyedHashes } from '../lib/keyed-hash.ts';
import { type Examination, examine } from '../vrrp/examine.ts';
import type { VrrpLogEvent } from '../vrrp/log-event.ts';
import type { Parameters } from '../vrrp/parameters.ts';
import type { ReceivedPacket } from '../vrrp/received.ts';
import { type Datagram, transmit } from '../vrrp/transmit.ts';
import { initialWireState, type WireState } from '../vrrp/wire-state.ts';

export interface WireEffects {
  /** Microseconds since 1970. */
  wallClock(): number;
  readonly hashes: KeyedHashes;
  /** 0, or -errno. */
  sendAdvert(instance: VrrpInstance, source: IpAddress, datagram: Datagram): number;
}

/** What one virtual router sends and hears, with the numbers that count its adverts. */
export class RouterWire {
  readonly #effects: WireEffects;
  #state: WireState = initialWireState;

  constructor(effects: WireEffects) {
    this.#effects = effects;
  }

  /** One advert; returns what went wrong. On a link that is down a last word need not arrive. */
  send(parameters: Parameters, priority: number, linkIsDown: boolean): readonly VrrpLogEvent[] {
    const { instance, sourceAddress: source } = parameters;
    if (source === undefined) return [];
    const { hashes } = this.#effects;
    const { wire, datagrams } = transmit(parameters, this.#state, priority, {
      wallClock: this.#effects.wallClock(),
      hashes,
    });
    this.#state = wire;
    const failures: VrrpLogEvent[] = [];
    for (const datagram of datagrams) {
      const sent = this.#effects.sendAdvert(instance, source, datagram);
      if (sent >= 0 || (priority === 0 && sent === -errno.ENETUNREACH && linkIsDown)) continue;
      failures.push({ event: 'sendError', errno: -sent, ...(instance.unicast && { peer: datagram.destination }) });
    }
    return failures;
  }

  hear(
    parameters: Parameters,
    packet: ReceivedPacket,
    { state, lastMaster }: { readonly state: 'backup' | 'master'; readonly lastMaster: IpAddress | undefined },
  ): Examination {
    const wallClock = this.#effects.wallClock();
    const { hashes } = this.#effects;
    const result = examine(parameters, packet, { state, lastMaster, wire: this.#state, wallClock, hashes });
    this.#state = result.wire;
    return result;
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
