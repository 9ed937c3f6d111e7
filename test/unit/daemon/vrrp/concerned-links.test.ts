import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../../src/config/types.ts';
import { concerns } from '../../../../src/daemon/vrrp/concerned-links.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';

const link = (name: string, more: Partial<Link> = {}): Link =>
  ({ ifindex: 7, name, up: true, running: true, hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 1), ...more }) as Link;

const address = (name: string, base?: string) => ({ interface: name, ...(base && { base }) });
const instance = (more: object) => ({
  ...{ interface: 'eth0', trackInterfaces: [], virtualRoutes: [], virtualRules: [] },
  ...{ virtualAddresses: [], excludedAddresses: [], ...more },
});
const config = (...instances: readonly object[]): Config =>
  ({
    ...{ instances, syncGroups: [{ trackInterfaces: [{ name: 'group0' }] }] },
    ...{ staticAddresses: [address('static0')], staticRules: [{ inputInterface: 'in0', outputInterface: 'out0' }] },
    staticRoutes: [{ interface: 'route0', nextHops: [{ interface: 'hop0' }] }],
    ...{ interfaceDelays: [{ interface: 'delayed0' }], linkbeatInterfaces: [{ interface: 'polled0' }] },
  }) as unknown as Config;

test('what becomes of an interface matters where the configuration names it', () => {
  const wanted = config(
    instance({ vmac: { name: 'vrrp.1' }, trackInterfaces: [{ name: 'tracked0' }] }),
    instance({ vrf: 'vrf0', virtualAddresses: [address('addr0', 'base0')], excludedAddresses: [address('more0')] }),
    instance({ virtualRoutes: [{ interface: 'way0', nextHops: [] }], virtualRules: [{ inputInterface: 'rule0' }] }),
  );
  const named =
    'eth0 vrrp.1 tracked0 vrf0 addr0 base0 more0 way0 rule0 group0 static0 in0 out0 route0 hop0 delayed0 polled0';
  for (const name of named.split(' ')) {
    assert.ok(concerns(wanted, undefined, link(name)), name);
    assert.ok(concerns(wanted, link(name), undefined), name);
    assert.ok(concerns(wanted, link(name), link(name, { running: false })), name);
  }
  assert.ok(!concerns(wanted, undefined, link('veth1')));
  assert.ok(!concerns(wanted, link('veth1'), link('veth1', { up: false })));
});

test('a name that is given or taken matters, the same said again does not', () => {
  const wanted = config(instance({}));
  assert.ok(concerns(wanted, link('veth1'), link('eth0')));
  assert.ok(concerns(wanted, link('eth0'), link('veth1')));
  assert.ok(!concerns(wanted, link('eth0'), link('eth0')));
  assert.ok(concerns(wanted, link('eth0'), link('eth0', { hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 2) })));
  assert.ok(concerns(wanted, link('eth0'), link('eth0', { master: 3 })));
});

test('to an instance without an interface all of them matter', () => {
  const wanted = config(instance({ interface: '' }));
  assert.ok(concerns(wanted, undefined, link('veth1')));
});
