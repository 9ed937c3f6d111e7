import type { Config, GlobalConfig, VirtualAddress, VrrpInstance } from '../../config/types.ts';
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

/** After these the engine has compiled what a takeover runs. */
const ROUNDS = 3;
/** Addresses of an instance whose takeover is worth preparing for. */
const MANY = 20;
/** RFC 5737 and RFC 3849: nobody's addresses. */
const NOBODY = { 4: '192.0.2.1', 6: '2001:db8::1' } as Readonly<Record<AddressFamily, IpAddress>>;

/** Makes ready what a takeover of many addresses needs, one instance in each turn of the loop. */
export function prepareTakeovers({ instances }: Config, kernel: AddressKernel, announcer: Announcer): void {
  const waiting = instances.filter((instance) => allAddresses(instance).length >= MANY);
  const prepareNext = (): void => {
    const instance = waiting.shift();
    if (!instance) return;
    kernel.prepare(allAddresses(instance));
    announcer.prepare(announcementsOf(instance));
    atEndOfTurn(prepareNext);
  };
  atEndOfTurn(prepareNext);
}

/** After a start: the engine compiles a function when it first runs, for which the first takeover should not wait. */
export function rehearseFirst({ instances, global }: Config, interfaces: Interfaces): void {
  const [first] = instances;
  if (first) atEndOfTurn(() => rehearse(first, global, interfaces, ROUNDS));
}

/** Plays `rounds` takeovers of an instance with effects that go nowhere. */
export function rehearse(instance: VrrpInstance, global: GlobalConfig, interfaces: Interfaces, rounds = 1): void {
  const nobody = NOBODY[instance.family];
  const nowhere = { send: () => 0, close() {} };
  const announcer = new Announcer(global, nowhere, interfaces, () => {});
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
  for (let round = 0; round < rounds; round++) {
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
