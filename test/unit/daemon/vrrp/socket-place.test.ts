import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lacksTrackedSource, sourceOf } from '../../../../src/daemon/vrrp/advert-source.ts';
import { identities } from '../../../../src/daemon/vrrp/instance-identity.ts';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import { placeKey, receiveBufferShare, socketPlace } from '../../../../src/daemon/vrrp/socket-place.ts';
import { startupDelay, startupDelayLine } from '../../../../src/daemon/vrrp/startup-delay.ts';
import type { GlobalConfig, VrrpInstance } from '../../../../src/config/types.ts';
import { millis, seconds } from '../../../../src/lib/duration.ts';
import { PROTOCOL_AH } from '../../../../src/vrrp/authentication-header.ts';
import { instance, ip } from '../../vrrp/support.ts';
import { virtualAddress } from '../../vrrp/vectors.ts';

const link = (ifindex: number, name: string) => ({
  ...{ ifindex, name, type: 1, flags: 0x1043, mtu: 1400, up: true, running: true, group: 0, parentElsewhere: false },
  ...{ loopback: false, broadcast: true, pointToPoint: false, noArp: false, multicast: true },
  hardwareAddress: new Uint8Array(6),
  hardwareBroadcast: new Uint8Array(6).fill(255),
});
const address = (ifindex: number, text: string) => ({
  ...{ ifindex, address: ip(text), prefixLength: 24, scope: 0, flags: 0 },
});
const interfaces = new Interfaces(
  [link(2, 'eth0'), link(3, 'eth1')],
  ['10.20.0.5', '10.20.0.1', '2001:db8::1', 'fe80::1'].map((text) => address(2, text)),
);
const vmac = { kind: 'macvlan', name: 'vrrp.51', generatedName: true, netlinkNotify: true } as const;
const toPeers = { unicast: { peers: [] } };

describe('where instances hear and send', () => {
  const device = { interface: 'eth0', ifindex: 2 };

  test('multicast: the group on the interface', () => {
    const expected = { family: 4, protocol: 112, listen: device, transmit: device, local: { group: '224.0.0.18' } };
    assert.deepEqual(socketPlace(instance(), undefined, interfaces), expected);
    assert.equal(socketPlace(instance({ interface: 'gone' }), undefined, interfaces), undefined);
  });

  test('unicast: the source address, which must be known; the interface may be left open, or be a VRF', () => {
    const place = socketPlace(instance({ ...toPeers, interface: '' }), ip('10.20.0.1'), interfaces);
    assert.deepEqual(place, { family: 4, protocol: 112, local: { address: '10.20.0.1' } });
    assert.equal(socketPlace(instance(toPeers), undefined, interfaces), undefined);
    const vrf = socketPlace(instance({ ...toPeers, interface: '', vrf: 'eth1' }), ip('10.20.0.1'), interfaces);
    assert.deepEqual(vrf?.listen, { interface: 'eth1', ifindex: 3 });
  });

  test('an authentication header has a protocol of its own', () => {
    const ah = socketPlace(instance({ authentication: { type: 'ah', password: '' } }), undefined, interfaces)!;
    assert.equal(ah.protocol, PROTOCOL_AH);
    assert.notEqual(placeKey(ah), placeKey(socketPlace(instance(), undefined, interfaces)!));
  });
});

describe('receive buffers', () => {
  const share = (policy: GlobalConfig['receiveBuffers']['vrrpPolicy'], changes = {}) => {
    const receiveBuffers = { vrrpMultiplier: 3, ...(policy && { vrrpPolicy: policy }) };
    return receiveBufferShare(instance(changes), { receiveBuffers } as GlobalConfig, interfaces);
  };

  test('the system decides, or the policy, or the instance', () => {
    assert.equal(share(undefined), 0);
    assert.equal(share({ mtu: true, advert: false }), 4200);
    assert.equal(share({ mtu: false, advert: true }), 120);
    assert.equal(share({ mtu: false, advert: false, bytes: 50_000 }), 50_000);
    assert.equal(share({ mtu: true, advert: false }, { kernelReceiveBufferSize: 40_000 }), 40_000);
  });
});

describe('source addresses', () => {
  test('the first of the interface that is not virtual; of IPv6 the link-local one', () => {
    assert.equal(sourceOf(instance(), interfaces), '10.20.0.1');
    assert.equal(sourceOf(instance({ family: 6 }), interfaces), 'fe80::1');
    assert.equal(sourceOf(instance({ sourceAddress: ip('10.20.0.9') }), interfaces), '10.20.0.9');
    assert.equal(sourceOf(instance({ family: 6, vmac }), interfaces), undefined, 'it needs one of its own');
    assert.equal(sourceOf(instance({ family: 6, vmac, vmacTransmitBase: true }), interfaces), 'fe80::1');
    assert.equal(sourceOf(instance({ vmac }), interfaces), '10.20.0.1');
  });

  test('an address of another instance is none', () => {
    const known = new Interfaces(
      [link(2, 'eth0')],
      ['10.20.0.1', '10.20.0.200'].map((text) => address(2, text)),
    );
    known.knowVirtual([instance({ name: 'other', virtualAddresses: [virtualAddress('10.20.0.200')] })]);
    assert.equal(sourceOf(instance(), known), '10.20.0.1');
    known.knowVirtual([instance({ name: 'other', virtualAddresses: [virtualAddress('10.20.0.1')] })]);
    assert.equal(sourceOf(instance(), known), '10.20.0.200');
  });

  test('track_src_ip wants the configured one of unicast on its interface, or anywhere without an interface', () => {
    const unicast = { peers: [] };
    const lacks = (text: string, changes = {}) =>
      lacksTrackedSource(
        instance({ unicast, trackSourceAddress: true, sourceAddress: ip(text), ...changes }),
        interfaces,
      );
    assert.equal(lacks('10.20.0.1'), false);
    assert.equal(lacks('10.20.0.9'), true);
    assert.equal(lacks('10.20.0.1', { interface: 'eth1' }), true);
    assert.equal(lacks('10.20.0.1', { interface: '' }), false);
    assert.equal(lacks('10.20.0.9', { trackSourceAddress: false }), false);
    assert.equal(lacks('10.20.0.9', { unicast: undefined }), false);
  });
});

test('instances are the same router by identifier, family, interface and group or source', () => {
  const source = ({ sourceAddress }: VrrpInstance) => sourceAddress ?? ip('10.20.0.1');
  const identity = (changes: Parameters<typeof instance>[0]) =>
    [...identities([instance(changes)], source).values()][0];
  assert.equal(identity({ name: 'other', priority: 7 }), identity({}));
  assert.notEqual(identity({ multicastGroup: ip('224.0.0.99') }), identity({}));
  assert.equal(identity({ ...toPeers, multicastGroup: ip('224.0.0.99') }), identity(toPeers));
  assert.notEqual(identity({ ...toPeers, sourceAddress: ip('10.20.0.9') }), identity(toPeers));
  assert.equal(identity({ ...toPeers, sourceAddress: ip('10.20.0.1') }), identity(toPeers));
  assert.notEqual(identity({ vmac }), identity({}));
  assert.equal(identity({ vmac, vmacTransmitBase: true }), identity({ vmac }));
  const twins = [instance({ ...toPeers, name: 'A' }), instance({ ...toPeers, name: 'B' })];
  assert.equal(new Set(identities(twins, source).values()).size, 2);
});

test('the start waits for the longer of both delays', () => {
  const global = { startupDelay: millis(3510), delayAfterBoot: seconds(60) } as GlobalConfig;
  assert.equal(startupDelay(global, seconds(10)), seconds(50));
  assert.equal(startupDelay(global, seconds(90)), millis(3510));
  assert.equal(startupDelay(global, undefined), millis(3510));
  assert.equal(startupDelayLine(millis(3510)), 'Delaying startup for 3.51 seconds');
});
