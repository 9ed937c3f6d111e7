import { until } from './processes.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { IpAddress } from '../../src/lib/ip.ts';
import { ipBytes } from '../../src/lib/ip.ts';
import { native } from '../../src/os/native.ts';
import { openNetlinkSocket } from '../../src/os/sockets/netlink-socket.ts';
import { openPacketSocket } from '../../src/os/sockets/packet-socket.ts';
import { linkLayerAddress } from '../../src/os/sockets/socket-address.ts';
import { openVrrpSocket, type PacketOrigin, type VrrpSocket } from '../../src/os/sockets/vrrp-socket.ts';
import { missing } from '../support/machine.ts';

const { AF_PACKET, SOCK_RAW, ETH_P_ARP, EAGAIN, ENXIO, NETLINK_ROUTE } = native.constants;
const VRRP = 112;
const GROUP = '224.0.0.18' as IpAddress;
const GROUP6 = 'ff02::12' as IpAddress;
const RTNLGRP_IPV4_IFADDR = 5;
const ETH_P_IP = 0x0800;
const IGMP = 2;
/** Type of a group record (RFC 3376, section 4.2.12). */
const CHANGE_TO_EXCLUDE = 4;
const here = `ek-os-${process.pid}-a`;
const there = `ek-os-${process.pid}-b`;
const ours = openSync('/proc/self/ns/net', 'r');

function ip(words: string): string {
  return execFileSync('ip', words.split(' '), { encoding: 'utf8' });
}

/** Sockets stay in the namespace they were made in, so one process can hold both ends of a wire. */
function inside<T>(namespace: string, make: () => T): T {
  native.enterNetworkNamespace(`/run/netns/${namespace}`);
  try {
    return make();
  } finally {
    native.enterNetworkNamespace(`/proc/self/fd/${ours}`);
  }
}

function openVrrp(namespace: string, family: 4 | 6 = 4): VrrpSocket {
  return inside(namespace, () => {
    const device = { interface: 'eth0', ifindex: native.interfaceIndex('eth0') };
    const local = { group: family === 4 ? GROUP : GROUP6 };
    return openVrrpSocket({ family, protocol: VRRP, listen: device, transmit: device, local });
  });
}

/** An IPv4 header without options, whose checksum the kernel fills in, before `pdu`. */
function datagram(source: IpAddress, pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + pdu.length);
  bytes.set([0x45, 0xc0, 0, bytes.length, 0, 1, 0, 0, 255, VRRP]);
  bytes.set(ipBytes(source), 12);
  bytes.set(ipBytes(GROUP), 16);
  bytes.set(pdu, 20);
  return bytes;
}

/** The type of the first record of the next IGMPv3 report about the group. */
function reportedGroup(receiver: number): number | undefined {
  const data = new Uint8Array(128);
  const message = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };
  const deadline = performance.now() + 2000;
  while (performance.now() < deadline) {
    const length = native.recvmsg(receiver, data, null, null, 0, message);
    const report = data.subarray(14 + ((data[14] ?? 0) & 15) * 4, Math.max(length, 0));
    if (data[23] === IGMP && report.subarray(12, 16).join() === ipBytes(GROUP).join()) return report[8];
  }
  return undefined;
}

function received(socket: VrrpSocket, count: number): Promise<{ packet: Uint8Array; origin: PacketOrigin }[]> {
  const packets: { packet: Uint8Array; origin: PacketOrigin }[] = [];
  return new Promise((resolve) => {
    socket.onPacket((packet, origin) => {
      packets.push({ packet: packet.slice(), origin });
      if (packets.length === count) resolve(packets);
    });
  });
}

describe('sockets in network namespaces', {
  skip: missing(['root', 'namespaces', 'program ip']),
  timeout: 60_000,
}, () => {
  before(async () => {
    for (const namespace of [here, there]) ip(`netns add ${namespace}`);
    ip(`-n ${here} link add eth0 type veth peer name eth0 netns ${there}`);
    for (const [namespace, octet] of [
      [here, 1],
      [there, 2],
    ] as const) {
      ip(`-n ${namespace} addr add 10.9.8.${octet}/24 dev eth0`);
      ip(`-n ${namespace} addr add fe80::9:${octet}/64 dev eth0 nodad`);
      ip(`-n ${namespace} link set lo up`);
      ip(`-n ${namespace} link set eth0 up`);
    }
    // Until then the kernel drops what is sent.
    const isUp = (namespace: string) => ip(`-n ${namespace} link show eth0`).includes('state UP');
    await until('the wire is ready', 10, () => isUp(here) && isUp(there));
  });

  after(() => {
    for (const namespace of [here, there]) ip(`netns del ${namespace}`);
  });

  test('adverts cross the wire as they were made, and are not heard at home', async () => {
    const [a, b] = [openVrrp(here), openVrrp(there)];
    let echoes = 0;
    a.onPacket(() => echoes++);
    const waiting = received(b, 2);
    const sent = datagram('10.9.8.1' as IpAddress, Uint8Array.of(0x21, 51, 100, 1, 0, 1, 0, 0));
    assert.equal(a.send(sent, GROUP), 0);
    a.send(datagram('10.9.8.77' as IpAddress, Uint8Array.of(0x21, 52, 0, 1)), GROUP);
    const [first, second] = await waiting;
    assert.deepEqual(first?.packet.subarray(12), sent.subarray(12));
    assert.deepEqual([...(first?.packet.subarray(0, 10) ?? [])], [0x45, 0xc0, 0, 28, 0, 1, 0, 0, 255, VRRP]);
    assert.equal(first?.origin.source, '10.9.8.1');
    assert.equal(second?.origin.source, '10.9.8.77');
    assert.equal(echoes, 0);
    a.close();
    b.close();
  });

  test('an IPv6 advert brings its hop limit and destination, and has its checksum filled in', async () => {
    const [a, b] = [openVrrp(here, 6), openVrrp(there, 6)];
    const waiting = received(b, 1);
    const pdu = Uint8Array.of(0x31, 51, 100, 0, 0, 100, 0, 0);
    // What is sent before the kernel has made a new link ready for IPv6 is lost.
    const sending = setInterval(() => a.send(pdu, GROUP6, { source: 'fe80::9:1' as IpAddress }), 50);
    const [advert] = await waiting;
    clearInterval(sending);
    assert.ok(advert);
    const { arrivedAt, ...origin } = advert.origin;
    assert.deepEqual(origin, { source: 'fe80::9:1', hopLimit: 255, destination: GROUP6 });
    assert.ok(arrivedAt <= native.monotonicNow() && arrivedAt > native.monotonicNow() - 1_000_000);
    assert.notEqual((advert.packet[6] ?? 0) + (advert.packet[7] ?? 0), 0);
    a.close();
    b.close();
  });

  test('drain hands over at once, and a listener may close the socket', () => {
    const [a, b] = [openVrrp(here), openVrrp(there)];
    let count = 0;
    b.onPacket(() => {
      count++;
      b.close();
    });
    for (let i = 0; i < 3; i++) a.send(datagram('10.9.8.1' as IpAddress, Uint8Array.of(0x21, 51, 0, 0)), GROUP);
    b.drain();
    assert.equal(count, 1);
    b.drain();
    a.close();
  });

  test('membership and its end', () => {
    const socket = openVrrp(here);
    assert.match(ip(`-n ${here} maddr show dev eth0`), /224\.0\.0\.18/);
    socket.close();
    assert.doesNotMatch(ip(`-n ${here} maddr show dev eth0`), /224\.0\.0\.18/);
  });

  test('a membership is reported anew on request, and there is no leave', () => {
    const socket = openVrrp(here);
    const receiver = inside(there, () => {
      const fd = native.socket(AF_PACKET, SOCK_RAW, ((ETH_P_IP & 0xff) << 8) | (ETH_P_IP >> 8));
      native.bind(fd, linkLayerAddress(native.interfaceIndex('eth0'), ETH_P_IP, new Uint8Array(0)));
      return fd;
    });
    socket.rejoin();
    assert.equal(reportedGroup(receiver), CHANGE_TO_EXCLUDE);
    assert.match(ip(`-n ${here} maddr show dev eth0`), /224\.0\.0\.18/);
    socket.close();
    native.close(receiver);
  });

  test('an interface that is not there is a SystemError', () => {
    const device = { interface: 'gone', ifindex: 999 };
    const options = { family: 4, protocol: VRRP, listen: device, transmit: device, local: { group: GROUP } } as const;
    assert.throws(() => openVrrpSocket(options), { name: 'SystemError', code: 'ENODEV' });
  });

  test('a frame leaves as it was made', () => {
    const receiver = inside(there, () => {
      const fd = native.socket(AF_PACKET, SOCK_RAW, ((ETH_P_ARP & 0xff) << 8) | (ETH_P_ARP >> 8));
      native.bind(fd, linkLayerAddress(native.interfaceIndex('eth0'), ETH_P_ARP, new Uint8Array(0)));
      return fd;
    });
    const { sender, ifindex } = inside(here, () => ({
      sender: openPacketSocket(),
      ifindex: native.interfaceIndex('eth0'),
    }));
    const frame = new Uint8Array(60);
    frame.set([255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 8, 6, 0, 1]);
    assert.equal(sender.send(ifindex, { etherType: ETH_P_ARP, bytes: frame }), 0);
    assert.equal(sender.send(999, { etherType: ETH_P_ARP, bytes: frame }), -ENXIO);
    const data = new Uint8Array(128);
    const message = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };
    let length = -EAGAIN;
    while (length === -EAGAIN) length = native.recvmsg(receiver, data, null, null, 0, message);
    assert.deepEqual(data.subarray(0, length), frame);
    sender.close();
    native.close(receiver);
  });

  test('a listener that slept through a storm is told, and hears again', async () => {
    const socket = inside(here, () =>
      openNetlinkSocket({ protocol: NETLINK_ROUTE, groups: [RTNLGRP_IPV4_IFADDR], bufferBytes: 4096, force: false }),
    );
    const seen: string[] = [];
    const heard = (wanted: string) =>
      new Promise<void>((resolve) => {
        socket.onReadable(() => {
          for (let receipt = socket.receive(); receipt !== 'empty'; receipt = socket.receive()) {
            seen.push(typeof receipt === 'string' ? receipt : 'address');
          }
          if (seen.includes(wanted)) resolve();
        });
      });
    const commands = Array.from({ length: 100 }, (_, i) => `addr add 10.7.7.${i + 1}/32 dev eth0`).join('\n');
    const overrun = heard('overrun');
    execFileSync('ip', ['-n', here, '-batch', '-'], { input: commands });
    await overrun;
    seen.length = 0;
    const address = heard('address');
    ip(`-n ${here} addr add 10.7.8.1/32 dev eth0`);
    await address;
    socket.close();
  });
});
