import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Vmac } from '../../../src/config/types.ts';
import { wantedInterfaces } from '../../../src/vrrp/wanted-interface.ts';
import { instance, ip } from './support.ts';

const vmac = { name: 'vrrp.7', kind: 'macvlan' } as Vmac;
const linkLocal = { ...instance().virtualAddresses[0]!, address: ip('fe80::8'), prefixLength: 128 };

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
