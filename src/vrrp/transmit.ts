import { concatenate } from '../lib/concatenate.ts';
import { addressFamily, type IpAddress } from '../lib/ip.ts';
import type { KeyedHashes } from '../lib/keyed-hash.ts';
import { encapsulateAuthenticated, nextAhSequence } from './authentication-header.ts';
import { type Advert, encapsulateIpv4, encodeAdvert, nextIdentification } from './packet.ts';
import type { Parameters } from './parameters.ts';
import { nextSequence } from './replay.ts';
import { encodeTrailer } from './trailer.ts';
import type { WireState } from './wire-state.ts';

/** One packet for a raw socket: IPv4 with its IP header, IPv6 from the VRRP header on. */
export interface Datagram {
  readonly destination: IpAddress;
  readonly bytes: Uint8Array;
}

export interface Transmission {
  readonly wire: WireState;
  /** One for the group, or one for each peer. */
  readonly datagrams: readonly Datagram[];
}

const HOP_LIMIT = 255;

/**
 * One advert. All its datagrams have the same identification and sequence numbers. `wallClock`, microseconds since 1970, dates
 * the auth_hmac trailer. Nothing is sent without a source address.
 */
export function transmit(
  parameters: Parameters,
  wire: WireState,
  priority: number,
  { wallClock, hashes }: { readonly wallClock: number; readonly hashes: KeyedHashes },
): Transmission {
  const { instance, sourceAddress: source } = parameters;
  if (source === undefined) return { wire, datagrams: [] };
  const next = advance(parameters, wire, wallClock);
  const destinations = instance.unicast?.peers.map(({ address }) => address) ?? [instance.multicastGroup];
  let trailer: Uint8Array | undefined;
  const datagrams = destinations.map((destination) => {
    const pdu = encodeAdvert(advertFor(parameters, next, { priority, source, destination }));
    // One signature does for all: it covers neither the destination nor the checksum.
    trailer ??= signature(parameters, pdu, next, { source, hashes });
    const payload = trailer ? concatenate([pdu, trailer]) : pdu;
    return { destination, bytes: encapsulate(parameters, payload, next, { source, destination, hashes }) };
  });
  return { wire: next, datagrams };
}

/** Numbers that the next advert carries. */
function advance({ instance }: Parameters, wire: WireState, wallClock: number): WireState {
  const ah = instance.authentication.type === 'ah' ? nextAhSequence(wire.ahSequence) : undefined;
  return {
    ...wire,
    identification: nextIdentification(wire.identification),
    ...(ah && { ahSequence: ah.sequence, ahCycled: wire.ahCycled || ah.cycled }),
    ...(instance.authHmac && {
      trailerSequence: nextSequence(instance.authHmac, wire.trailerSequence, wallClock),
    }),
  };
}

function advertFor(
  { instance }: Parameters,
  wire: WireState,
  { priority, source, destination }: Pick<Advert, 'priority' | 'source' | 'destination'>,
): Advert {
  const { version, authentication, multicastGroup } = instance;
  const old =
    instance.unicast !== undefined &&
    (instance.oldUnicastChecksum === 'always' || (wire.oldChecksum && instance.oldUnicastChecksum !== 'never'));
  return {
    version,
    priority,
    source,
    destination,
    virtualRouterId: instance.virtualRouterId,
    interval: Math.round(instance.advertisementInterval / (version === 2 ? 1_000_000 : 10_000)),
    addresses: instance.virtualAddresses.map(({ address }) => address),
    ...(authentication.type === 'pass' && { password: authentication.password }),
    ...(authentication.type === 'ah' && { authenticationHeader: true }),
    ...(old && { pseudoHeader: { destination: multicastGroup } }),
    ...(instance.v3ChecksumAsV2 && { pseudoHeader: 'omitted' as const }),
  };
}

function signature(
  { instance }: Parameters,
  pdu: Uint8Array,
  { trailerSequence }: WireState,
  { source, hashes }: { readonly source: IpAddress; readonly hashes: KeyedHashes },
): Uint8Array | undefined {
  const { authHmac, family, version, virtualRouterId } = instance;
  if (!authHmac || authHmac.mode === 'receive-only' || trailerSequence === undefined) return undefined;
  const keyId = authHmac.activeKey;
  const key = authHmac.keys.find(({ id }) => id === keyId)?.key;
  return encodeTrailer(
    pdu,
    { family, version, virtualRouterId, source },
    { keyId, key, sequence: trailerSequence },
    hashes,
  );
}

function encapsulate(
  { instance }: Parameters,
  payload: Uint8Array,
  { identification, ahSequence: sequence }: WireState,
  { source, destination, hashes }: { source: IpAddress; destination: IpAddress; hashes: KeyedHashes },
): Uint8Array {
  if (addressFamily(source) === 6) return payload;
  const unicast = instance.unicast !== undefined;
  const ttl = unicast ? (instance.unicastTtl ?? HOP_LIMIT) : HOP_LIMIT;
  const header = { source, destination, identification, ttl };
  const { authentication } = instance;
  if (authentication.type !== 'ah') return encapsulateIpv4(payload, header);
  return encapsulateAuthenticated(payload, header, { password: authentication.password, unicast, sequence }, hashes);
}
