import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import { SourceWatch } from '../../../../src/daemon/vrrp/source-watch.ts';
import type { VirtualRouter } from '../../../../src/daemon/vrrp/virtual-router.ts';
import type { KernelAddress } from '../../../../src/rtnetlink/address.ts';
import type { AddressEvent } from '../../../../src/rtnetlink/event.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';
import { ip } from '../../vrrp/support.ts';

const link = (ifindex: number, name: string): Link => ({ ifindex, name, up: true, running: true }) as unknown as Link;

/** Tells a watch of events on eth0 (2) and eth1 (3), of which routers depend on eth0; answers whether each matters. */
function watch(tracked?: string) {
  const interfaces = new Interfaces([link(2, 'eth0'), link(3, 'eth1')], []);
  const instance = { trackSourceAddress: tracked !== undefined, sourceAddress: tracked };
  const routers = () => [{ instance }] as unknown as VirtualRouter[];
  const subject = new SourceWatch({ interfaces, routers, followed: new Set(['eth0']) });
  return (change: AddressEvent['change'], address: string, ifindex = 2): boolean => {
    const kernelAddress = { ifindex, address: ip(address), prefixLength: 24 } as KernelAddress;
    const event: AddressEvent = { type: 'address', change, own: false, address: kernelAddress };
    subject.expect(event);
    interfaces.update(event);
    return subject.matters(event);
  };
}

test('an address matters where adverts leave with it', () => {
  const matters = watch();
  assert.equal(matters('present', '10.0.0.1'), true);
  assert.equal(matters('present', '10.0.0.2'), false);
  assert.equal(matters('gone', '10.0.0.2'), false);
  assert.equal(matters('present', '10.0.0.3'), false);
  assert.equal(matters('gone', '10.0.0.1'), true);
  assert.equal(matters('present', '2001:db8::1'), false);
  assert.equal(matters('present', 'fe80::1'), true);
});

test('addresses of interfaces that nobody depends on do not matter', () => {
  const matters = watch();
  assert.equal(matters('present', '10.0.0.1', 3), false);
  assert.equal(matters('present', '10.0.0.1', 9), false);
});

test('an address that track_src_ip wants matters wherever it is', () => {
  const matters = watch('10.0.0.9');
  assert.equal(matters('present', '10.0.0.1'), true);
  assert.equal(matters('present', '10.0.0.9'), true);
  assert.equal(matters('gone', '10.0.0.9'), true);
  assert.equal(matters('present', '10.0.0.9', 3), true);
});
