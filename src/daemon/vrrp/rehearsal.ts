import type { Config, VirtualAddress } from '../../config/types.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import type { AddressFamily, IpAddress } from '../../lib/ip.ts';
import { keyedHashes } from '../../os/keyed-hash.ts';
import { atEndOfTurn } from '../../os/turn.ts';
import { encodeMessage } from '../../netlink/message.ts';
import { addAddressRequest, deleteAddressRequest } from '../../rtnetlink/address.ts';
import { decodeIpv4, decodeIpv6 } from '../../vrrp/received.ts';
import { Announcer } from './announcer.ts';
import { noRouting } from './instance-routing.ts';
import type { Interfaces } from './interfaces.ts';
import type { AddressKernel } from './address-kernel.ts';
import { allAddresses } from './instance-addresses.ts';
import { announcementsOf } from './router-announcements.ts';
import type { RouterEffects } from './router-effects.ts';
import { VirtualRouter } from './virtual-router.ts';

const ROUNDS = 3;
/** Addresses of an instance whose takeover is worth preparing for. */
const MANY = 20;
/** RFC 5737 and RFC 3849: nobody's addresses. */
const NOBODY = { 4: '192.0.2.1', 6: '2001:db8::1' } as Readonly<Record<AddressFamily, IpAddress>>;

/** Makes ready what a takeover of many addresses needs, one instance in each turn of the loop. */
export function prepareTakeovers({ instances }: Config, kernel: AddressKernel): void {
  const waiting = instances.filter((instance) => allAddresses(instance).length >= MANY);
  const prepareNext = (): void => {
    const instance = waiting.shift();
    if (!instance) return;
    kernel.prepare(allAddresses(instance));
    announcementsOf(instance);
    atEndOfTurn(prepareNext);
  };
  atEndOfTurn(prepareNext);
}

/**
 * Plays takeovers of the first instance with effects that go nowhere. The engine compiles a function when it first runs: without
 * this the first real takeover would wait some milliseconds for its own code.
 */
export function rehearseTakeover(config: Config, interfaces: Interfaces): void {
  const [instance] = config.instances;
  if (!instance) return;
  const nobody = NOBODY[instance.family];
  const nowhere = { send: () => 0, close() {} };
  const announcer = new Announcer(config.global, nowhere, interfaces, () => {});
  const writer = new ByteWriter(4096);
  let advert: Uint8Array = new Uint8Array(0);
  const encode = (addresses: readonly VirtualAddress[]): void => {
    writer.clear();
    for (const address of addresses.slice(0, 10)) {
      encodeMessage(writer, addAddressRequest(1, address), 1, 0);
      encodeMessage(writer, deleteAddressRequest(1, address), 2, 0);
    }
  };
  const effects: RouterEffects = {
    log() {},
    detailed: false,
    now: () => 1 as Instant,
    wallClock: () => 0,
    hashes: keyedHashes,
    linkIsDown: () => false,
    sendAdvert: (_instance, _source, { bytes }) => {
      advert = bytes;
      return 0;
    },
    addAddresses: encode,
    removeAddresses: encode,
    announce: (announcements, rounds, now) => announcer.announce(announcements.slice(0, 10), rounds, now),
    hasVirtualMac: () => false,
    stopAnnouncing: (owner) => announcer.drop(owner),
    limitLinkDelays() {},
    routing: noRouting,
    notify() {},
    complained() {},
  };
  for (let round = 0; round < ROUNDS; round++) {
    const router = new VirtualRouter(instance, effects);
    let now = 1 as Instant;
    router.useSourceAddress(nobody, now);
    router.start(now, now);
    for (let step = 0; step < 3; step++) {
      now = after(now, seconds(1000));
      router.expire(now);
    }
    const origin = { source: nobody, destination: instance.multicastGroup, hopLimit: 255 };
    const heard = instance.family === 4 ? decodeIpv4(advert) : decodeIpv6(advert, origin);
    if (heard) router.receive(heard, now);
    router.shutdown('STOP', true, now);
  }
}
