import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterfaceView } from '../../../../src/daemon/vrrp/interface-changes.ts';
import { FollowedInterfaces } from '../../../../src/daemon/vrrp/followed-interfaces.ts';
import type { IpAddress } from '../../../../src/lib/ip.ts';
import type { LinkEvent } from '../../../../src/rtnetlink/event.ts';
import type { VrrpInstance } from '../../../../src/config/types.ts';

const instances = [
  {
    ...{ family: 4, interface: 'eth0' },
    ...{ virtualAddresses: [{ address: '10.0.0.9' }], excludedAddresses: [{ address: 'fd00::9' }] },
  },
] as unknown as readonly VrrpInstance[];

function told() {
  const lines: string[] = [];
  return { lines, log: new FollowedInterfaces(({ message }) => lines.push(message)) };
}

const present: InterfaceView = { exists: true, up: true, addresses: { 4: '10.0.0.1' as IpAddress, 6: undefined } };
const absent: InterfaceView = { exists: false, up: false, addresses: { 4: undefined, 6: undefined } };
const dummy = { ifindex: 7, name: 'dummy0' } as LinkEvent['link'];
const link = (change: LinkEvent['change'], name: string, own = false): LinkEvent => ({
  ...{ type: 'link', change, own },
  link: { ifindex: 7, name } as LinkEvent['link'],
});

test('an interface that is not there is told of once, the address of one that is at each reload', () => {
  const { lines, log } = told();
  const views = new Map([
    ['eth0', present],
    ['eth5', absent],
  ]);
  log.begin(views, { instances });
  log.begin(views, { instances });
  const assigned = 'Assigned address 10.0.0.1 for interface eth0';
  const awaited = "Configuration specifies interface eth5 which doesn't currently exist - will use if created";
  assert.deepEqual(lines, [awaited, assigned, assigned]);
});

test('each family that is announced has its channel', () => {
  const { lines, log } = told();
  log.sayChannels(instances);
  assert.deepEqual(lines, ['Registering gratuitous ARP shared channel', 'Registering gratuitous NDISC shared channel']);
});

test('interfaces that nobody depends on come and go', () => {
  const { lines, log } = told();
  log.begin(new Map([['eth0', present]]), { instances });
  lines.length = 0;
  log.linkChanged(link('present', 'eth0'), undefined);
  log.linkChanged(link('present', 'dummy0'), undefined);
  log.linkChanged(link('present', 'dummy0'), dummy);
  log.linkChanged(link('gone', 'dummy0'), dummy);
  log.linkChanged(link('present', 'vrrp.1', true), undefined);
  assert.deepEqual(lines, ['Interface dummy0 added', 'Interface dummy0 deleted']);
});

test('under another name an interface is another one, told of once the routers know; nothing is said to be gone', () => {
  const { lines, log } = told();
  log.begin(new Map([['eth0', present]]), { instances });
  lines.length = 0;
  const known = (name: string) => ({ ifindex: 7, name }) as LinkEvent['link'];
  log.linkChanged(link('present', 'other'), known('dummy0'));
  assert.deepEqual(lines, ['Interface other added']);
  log.linkChanged(link('present', 'uplink'), known('eth0'));
  log.follow(new Map([['eth0', absent]]));
  assert.deepEqual(lines, ['Interface other added']);
  log.sayRenamed();
  log.linkChanged(link('present', 'eth0'), known('uplink'));
  log.follow(new Map([['eth0', present]]));
  log.sayRenamed();
  assert.deepEqual(lines.slice(1), [
    'Interface uplink added',
    'Interface eth0 added',
    'Netlink reports eth0 up',
    'Assigned address 10.0.0.1 for interface eth0',
  ]);
});
