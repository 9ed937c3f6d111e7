import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, GarpGroup } from '../../../../src/config/types.ts';
import { Announcer } from '../../../../src/daemon/vrrp/announcer.ts';
import type { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import { type Duration, millis } from '../../../../src/lib/duration.ts';
import { at, ip } from '../../vrrp/support.ts';

const mac = new Uint8Array(6);
const interfaces = {
  identity: (name: string) => ({
    index: Number(name.slice(3)),
    type: 1,
    mac,
    broadcast: mac,
    forwardsIpv6: () => false,
  }),
} as unknown as Interfaces;

/** An announcer whose sent frames are noted as interface index and last byte of the address. */
function announcer(garpGroups: readonly GarpGroup[], garpInterval: Duration, log: string[] = []) {
  const sent: string[] = [];
  const socket = {
    send: (ifindex: number, { bytes }: { bytes: Uint8Array }) => {
      sent.push(`${ifindex}.${bytes.at(-1)}`);
      return 0;
    },
    close() {},
  };
  const global = { garpInterval, gnaInterval: millis(0) };
  const subject = new Announcer(global as Config['global'], socket, interfaces, ({ message }) => {
    log.push(message);
  });
  subject.configure({ global, garpGroups, instances: [{ name: 'V' }] } as unknown as Config);
  return { subject, sent };
}

const announcements = [
  { owner: 'V', position: 0, interface: 'eth0', address: ip('10.20.0.5') },
  { owner: 'V', position: 1, interface: 'eth1', address: ip('10.20.0.6') },
  { owner: 'V', position: 2, interface: 'eth2', address: ip('10.20.0.7') },
];

test('interfaces of a garp_group wait for one another, others do not wait', () => {
  const { subject, sent } = announcer([{ garpInterval: millis(200), interfaces: ['eth0', 'eth1'] }], millis(0));
  subject.announce(announcements, 1, at(1));
  assert.deepEqual(sent, ['0.5', '2.7']);
  assert.equal(subject.deadline(), at(1.2));
  subject.expire(at(1.2));
  assert.deepEqual(sent, ['0.5', '2.7', '1.6']);
});

test('a group without a spacing of its own leaves each interface the global one', () => {
  const { subject, sent } = announcer([{ gnaInterval: millis(200), interfaces: ['eth0', 'eth1'] }], millis(100));
  subject.announce(announcements, 2, at(1));
  assert.deepEqual(sent, ['0.5', '1.6', '2.7']);
  subject.expire(at(1.1));
  assert.equal(sent.length, 6);
});

test('where adverts come from is told in words of its own', () => {
  const log: string[] = [];
  const { subject } = announcer([], millis(0), log);
  subject.announce([{ ...announcements[0]!, position: -1 }], 1, at(1));
  assert.deepEqual(log, ['V: sending gratuitous ARP for 10.20.0.5', 'Sending gratuitous ARP on eth0 for 10.20.0.5']);
});

test('each address is told as it is queued and sent, not all of them first', () => {
  const log: string[] = [];
  const { subject, sent } = announcer([], millis(0), log);
  subject.announce(announcements.slice(0, 2), 2, at(1));
  assert.deepEqual(log, [
    '(V) Sending/queueing gratuitous ARPs on eth0 for 10.20.0.5',
    'Sending gratuitous ARP on eth0 for 10.20.0.5',
    '(V) Sending/queueing gratuitous ARPs on eth1 for 10.20.0.6',
    'Sending gratuitous ARP on eth1 for 10.20.0.6',
    'Sending gratuitous ARP on eth0 for 10.20.0.5',
    'Sending gratuitous ARP on eth1 for 10.20.0.6',
  ]);
  assert.deepEqual(sent, ['0.5', '1.6', '0.5', '1.6']);
});

test('a frame that was made beforehand is what the link wants now', () => {
  const link = (last: number) => ({
    index: 0,
    type: 1,
    mac: mac.with(5, last),
    broadcast: mac,
    forwardsIpv6: () => false,
  });
  let current = link(1);
  const sent: (number | undefined)[] = [];
  const socket = {
    send: (_ifindex: number, { bytes }: { bytes: Uint8Array }) => {
      sent.push(bytes[11]);
      return 0;
    },
    close() {},
  };
  const global = { garpInterval: millis(0), gnaInterval: millis(0) };
  const where = { identity: () => current } as unknown as Interfaces;
  const subject = new Announcer(global as Config['global'], socket, where, () => {});
  const first = announcements.slice(0, 1);
  subject.prepare(first);
  subject.announce(first, 2, at(1));
  current = link(2);
  subject.announce(first, 1, at(2));
  assert.deepEqual(sent, [1, 1, 2]);
});
