import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Vmac } from '../../../src/config/types.ts';
import { sameButMac, sameLink, wantedInterfaces } from '../../../src/vrrp/wanted-interface.ts';
import { instance, ip } from './support.ts';

const vmac = { name: 'vrrp.7', kind: 'macvlan' } as Vmac;
const linkLocal = { ...instance().virtualAddresses[0]!, address: ip('fe80::8'), prefixLength: 128 };

const linkLocalOf = (address: string, options: object = {}) => ({ ...linkLocal, address: ip(address), ...options });

describe('virtual interfaces', () => {
  const plain = { name: 'vrrp.7', instance: 'V', base: 'eth0', kind: 'macvlan' } as const;

  it('of an instance have its virtual MAC and serve every family that it has addresses of', () => {
    const [own, ...others] = wantedInterfaces([instance({ vmac })]);
    const mac = Buffer.from('00005e000107', 'hex');
    assert.deepEqual(
      { ...own, mac: Buffer.from(own!.mac!) },
      { ...plain, family: 4, carriesIpv4: true, carriesIpv6: false, hasLinkLocal: false, mac },
    );
    assert.deepEqual(others, []);
    const [both] = wantedInterfaces([instance({ vmac, excludedAddresses: [linkLocalOf('2001:db8::1')] })]);
    assert.deepEqual([both?.carriesIpv4, both?.carriesIpv6], [true, true]);
    const [six] = wantedInterfaces([
      instance({ vmac, family: 6, version: 3, virtualAddresses: [linkLocal], sourceAddress: ip('fe80::1') }),
    ]);
    assert.deepEqual([six?.carriesIpv4, six?.carriesIpv6, six?.sourceAddress], [false, true, 'fe80::1']);
    assert.equal(Buffer.from(six!.mac!).toString('hex'), '00005e000207');
    const [four] = wantedInterfaces([instance({ vmac, sourceAddress: ip('10.20.0.1') })]);
    assert.equal(four?.sourceAddress, undefined);
  });

  it('serve on when addresses of the other family come or go, and with another MAC address after a change', () => {
    const [four] = wantedInterfaces([instance({ vmac })]);
    const [both] = wantedInterfaces([instance({ vmac, excludedAddresses: [linkLocalOf('2001:db8::1')] })]);
    assert.ok(sameLink(four!, both!) && sameLink(both!, four!));
    const other = { ...four!, mac: Buffer.from('020000000001', 'hex') };
    assert.deepEqual([sameLink(four!, other), sameButMac(four!, other)], [false, true]);
    assert.ok(!sameButMac(four!, { ...four!, base: 'eth1' }));
  });

  it('that are ipvlans have no MAC but perhaps an address, flags and a group', () => {
    const address = { address: ip('10.20.0.1'), prefixLength: 24 };
    const ipvlanFlags = 'private';
    const ipvlan: Vmac = { ...vmac, kind: 'ipvlan', linkGroup: 0, address, ipvlanFlags };
    assert.deepEqual(wantedInterfaces([instance({ vmac: ipvlan })]), [
      {
        ...{ ...plain, kind: 'ipvlan', family: 4, carriesIpv4: true, carriesIpv6: false, hasLinkLocal: false },
        ...{ linkGroup: 0, ipvlanFlags, address },
      },
    ]);
  });

  it('of single addresses are made once, after the instance’s own', () => {
    const single = linkLocalOf('10.20.0.8', { interface: 'vrrp.8', base: 'eth1' });
    const excludedAddresses = [single, linkLocalOf('fe80::9', { interface: 'vrrp.9', base: 'eth2' }), single];
    const wanted = wantedInterfaces([instance({ vmac, excludedAddresses }), instance({ name: 'W', vmac })]);
    assert.deepEqual(
      wanted.map(({ name, base, instance: of }) => [name, base, of]),
      [
        ['vrrp.7', 'eth0', 'V'],
        ['vrrp.8', 'eth1', 'V'],
        ['vrrp.9', 'eth2', 'V'],
      ],
    );
    const [, four, six] = wanted;
    assert.deepEqual([four?.family, four?.carriesIpv4, four?.carriesIpv6, four?.hasLinkLocal], [4, true, false, false]);
    assert.deepEqual([six?.family, six?.carriesIpv4, six?.carriesIpv6, six?.hasLinkLocal], [6, false, true, true]);
    const macs = [four, six].map((one) => Buffer.from(one!.mac!).toString('hex'));
    assert.deepEqual(macs, ['00005e000107', '00005e000207']);
    const given = { ...vmac, mac: Uint8Array.of(2, 0, 0, 0, 0, 1) } as Vmac;
    const [, asGiven] = wantedInterfaces([instance({ vmac: given, excludedAddresses: [single] })]);
    assert.deepEqual(asGiven?.mac, given.mac);
  });
});

describe('the link-local address of a virtual interface', () => {
  const given = (changes: Parameters<typeof instance>[0]) =>
    wantedInterfaces([instance({ vmac, family: 6, version: 3, virtualAddresses: [linkLocal], ...changes })]);

  it('is the source of IPv6 adverts', () => {
    assert.deepEqual(
      given({ vmacTransmitBase: false }).map(({ hasLinkLocal }) => hasLinkLocal),
      [true],
    );
  });

  it('is not needed where adverts leave by the interface below', () => {
    assert.deepEqual(
      given({ vmacTransmitBase: true }).map(({ hasLinkLocal }) => hasLinkLocal),
      [false],
    );
  });

  it('is not for IPv4 adverts', () => {
    assert.deepEqual(
      given({ family: 4, vmacTransmitBase: false }).map(({ hasLinkLocal }) => hasLinkLocal),
      [false],
    );
  });

  it('is on the interface of a single IPv6 address', () => {
    const onIts = { ...linkLocal, interface: 'vrrp.7', base: 'eth0' };
    const [own] = wantedInterfaces([instance({ family: 6, version: 3, virtualAddresses: [onIts] })]);
    assert.equal(own?.hasLinkLocal, true);
  });
});
