import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { internetChecksum } from '../../../src/lib/checksum.ts';
import { centiseconds, seconds } from '../../../src/lib/duration.ts';
import { addressFamily, ipBytes, printIp } from '../../../src/lib/ip.ts';
import { pseudoHeaderSum } from '../../../src/vrrp/packet.ts';
import { decodeIpv4, decodeIpv6, type ReceivedPacket } from '../../../src/vrrp/received.ts';
import type { Datagram } from '../../../src/vrrp/transmit.ts';
import { projectRoot } from '../../support/machine.ts';
import { ip } from './support.ts';

/** test/vectors/vrrp/adverts.json: adverts captured from keepalived, from their IP headers on. */
export interface AdvertVector {
  readonly name: string;
  readonly source: string;
  readonly instance: {
    readonly version: 2 | 3;
    readonly centiseconds: number;
    readonly addresses: readonly string[];
    readonly authentication?: VrrpInstance['authentication'];
    readonly peers?: readonly string[];
    readonly oldUnicastChecksum?: 'always';
    readonly hmac?: { readonly keyId: number; readonly key: string; readonly antiReplay: 'time' | 'monotonic' };
  };
  readonly adverts: readonly {
    readonly priority: number;
    readonly identification?: number;
    /** Microseconds since 1970 at the sender. */
    readonly wallClock?: number;
    readonly hex: string;
  }[];
}

export const advertVectors: readonly AdvertVector[] = JSON.parse(
  readFileSync(join(projectRoot, 'test/vectors/vrrp/adverts.json'), 'utf8'),
);

/** Gratuitous ARP and neighbour advertisements, whole Ethernet frames. */
export const announcementVectors: readonly { readonly address: string; readonly mac: string; readonly hex: string }[] =
  JSON.parse(readFileSync(join(projectRoot, 'test/vectors/vrrp/announcements.json'), 'utf8'));

/** The changes to the usual instance that a vector asks for. */
export function configured({ source, instance: vector }: AdvertVector): Partial<VrrpInstance> {
  const family = addressFamily(ip(source));
  const { hmac, peers } = vector;
  return {
    version: vector.version,
    family,
    advertisementInterval: centiseconds(vector.centiseconds),
    multicastGroup: ip(family === 4 ? '224.0.0.18' : 'ff02::12'),
    virtualAddresses: vector.addresses.map((address) => virtualAddress(address)),
    ...(vector.authentication && { authentication: vector.authentication }),
    ...(vector.oldUnicastChecksum && { oldUnicastChecksum: vector.oldUnicastChecksum }),
    ...(peers && {
      unicast: { peers: peers.map((peer) => ({ address: ip(peer), minimumTtl: 0, maximumTtl: 255 })) },
    }),
    ...(hmac && {
      authHmac: {
        keys: [{ id: hmac.keyId, key: Buffer.from(hmac.key, 'hex') }],
        activeKey: hmac.keyId,
        antiReplay: hmac.antiReplay,
        timeWindow: seconds(5),
        mode: 'enforce',
      },
    }),
  };
}

export function virtualAddress(address: string) {
  const family = addressFamily(ip(address));
  const prefixLength = family === 4 ? 24 : 64;
  return {
    ...{ address: ip(address), prefixLength },
    interface: 'eth0',
    scope: 0,
    noDad: false,
    flags: 0,
    noTrack: false,
  };
}

/** A datagram as it is on the wire, with what the kernel fills in. */
export function completed({ bytes, destination }: Datagram, source: string): string {
  const whole = Uint8Array.from(bytes);
  if (addressFamily(ip(source)) === 4) {
    store(whole, 10, internetChecksum(whole.subarray(0, 20)));
    return Buffer.from(whole).toString('hex');
  }
  const sum = pseudoHeaderSum(ipBytes(ip(source)), ipBytes(destination), whole.length);
  store(whole, 6, internetChecksum(whole, sum));
  return Buffer.from(whole).toString('hex');
}

/** A captured packet as the raw socket hands it over. */
export function received(packet: Uint8Array): ReceivedPacket | undefined {
  if ((packet[0] ?? 0) >> 4 !== 6) return decodeIpv4(packet);
  if (packet.length < 40) return undefined;
  const [source, destination] = [printIp(packet.subarray(8, 24)), printIp(packet.subarray(24, 40))];
  return decodeIpv6(packet.subarray(40), { source, destination, hopLimit: packet[7] as number });
}

function store(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}
