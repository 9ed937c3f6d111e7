import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, InterfaceDelay, LinkbeatInterface } from '../../../../src/config/types.ts';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import { LinkStates } from '../../../../src/daemon/vrrp/link-states.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import type { LogLine } from '../../../../src/lib/log.ts';
import { monotonicClock } from '../../../../src/os/clock.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';
import { at, instance } from '../../vrrp/support.ts';

const DOWN = 0x1002;
const WITHOUT_CARRIER = 0x1003;
const UP = 0x11043;

const link = (ifindex: number, name: string, flags: number): Link => ({
  ...{ ifindex, name, type: 1, flags, mtu: 1500, up: (flags & 1) !== 0, running: (flags & 0x41) === 0x41, group: 0 },
  ...{ loopback: false, broadcast: true, pointToPoint: false, noArp: false, multicast: true, parentElsewhere: false },
  ...{ hardwareAddress: new Uint8Array(6), hardwareBroadcast: new Uint8Array(6).fill(255) },
});

const delay = (name: string): InterfaceDelay => ({ interface: name, down: seconds(1), up: seconds(2) });

function configured(changes: Partial<Config>): Config {
  return { interfaceDelays: [], instances: [], linkbeatInterfaces: [], global: {}, ...changes } as unknown as Config;
}

/** Links as the kernel tells of them at moments of its own, and what is logged. */
function bench(links: readonly Link[]) {
  const interfaces = new Interfaces(links, []);
  const lines: string[] = [];
  let now = at(0);
  const log = ({ message }: LogLine) => void lines.push(message);
  const states = new LinkStates({ now: () => now }, interfaces, log, () => {});
  const tell = (time: number, ...changed: readonly Link[]) => {
    now = at(time);
    for (const each of changed) interfaces.update({ type: 'link', change: 'present', own: false, link: each });
    states.refresh();
  };
  return { states, lines, tell };
}

test('a reload that asks a device in another way is followed', () => {
  const states = new LinkStates(
    monotonicClock,
    new Interfaces([], []),
    () => {},
    () => {},
  );
  const asking = (method: LinkbeatInterface['method']) => {
    states.configure(configured({ linkbeatInterfaces: [{ interface: 'lo', ...(method && { method }) }] }));
    return states.pollingOf('lo');
  };
  assert.deepEqual([asking('ETHTOOL'), asking('ETHTOOL'), asking('IOCTL')], ['ETHTOOL', 'ETHTOOL', 'IOCTL']);
  states.close();
});

test('a change that has to last is told with the flags before and after, once', () => {
  const { states, lines, tell } = bench([link(2, 'eth0', UP)]);
  states.configure(configured({ interfaceDelays: [delay('eth0')] }));
  tell(1, link(2, 'eth0', WITHOUT_CARRIER));
  tell(1.5, link(2, 'eth0', DOWN));
  assert.equal(states.isUp('eth0'), true);
  tell(2);
  assert.equal(states.isUp('eth0'), false);
  tell(3, link(2, 'eth0', UP));
  tell(3.5, link(2, 'eth0', DOWN));
  tell(4, link(2, 'eth0', UP));
  tell(4.5, link(2, 'eth0', WITHOUT_CARRIER));
  tell(7, link(2, 'eth0', DOWN));
  assert.equal(states.isUp('eth0'), false, 'it did not last');
  assert.deepEqual(lines, [
    'eth0: Adding flags change from 0x11043 to 0x1003 delay by 1000000',
    'eth0: Adding flags change from 0x1002 to 0x11043 delay by 2000000',
    'eth0: Adding flags change from 0x1002 to 0x11043 delay by 2000000',
    'Delay timer for eth0 cancelled',
  ]);
  states.close();
});

test('a virtual interface has the delays of the one below, and none of its own', () => {
  const { states, lines, tell } = bench([link(2, 'eth0', UP), link(3, 'vrrp.7', UP)]);
  const vmac = { kind: 'macvlan', name: 'vrrp.7', generatedName: true, netlinkNotify: true } as const;
  const instances = [instance({ vmac })];
  states.configure(configured({ instances, interfaceDelays: [delay('vrrp.7')] }));
  tell(1, link(3, 'vrrp.7', WITHOUT_CARRIER));
  assert.deepEqual([states.isUp('vrrp.7'), lines], [false, []]);
  tell(2, link(3, 'vrrp.7', UP));
  states.configure(configured({ instances, interfaceDelays: [delay('eth0')] }));
  tell(3, link(2, 'eth0', WITHOUT_CARRIER), link(3, 'vrrp.7', WITHOUT_CARRIER));
  assert.equal(states.isUp('vrrp.7'), true);
  assert.deepEqual(
    lines,
    ['eth0', 'vrrp.7'].map((name) => `${name}: Adding flags change from 0x11043 to 0x1003 delay by 1000000`),
  );
  states.close();
});

test('what polling says of a device counts, at once and whatever the kernel tells; what is gone is down', () => {
  const { states, lines, tell } = bench([link(1, 'lo', UP)]);
  const linkbeatInterfaces = [{ interface: 'lo', method: 'IOCTL' } as const];
  states.configure(configured({ linkbeatInterfaces, interfaceDelays: [delay('lo')] }));
  tell(1, link(1, 'lo', DOWN));
  assert.equal(states.isUp('lo'), states.pollingOf('lo') !== undefined);
  assert.deepEqual(lines, []);
  const none = bench([]);
  none.states.configure(configured({ linkbeatInterfaces }));
  assert.equal(none.states.isUp('lo'), false);
  none.states.close();
  states.close();
});

test('says how devices are polled, and which are not since nobody follows them', () => {
  const { states, lines } = bench([link(1, 'lo', UP), link(2, 'other', UP)]);
  const linkbeatInterfaces = [
    { interface: 'other' },
    { interface: 'lo', method: 'MII' } as const,
    { interface: 'gone' },
  ];
  states.configure(configured({ linkbeatInterfaces }));
  states.sayPolling(new Set(['lo']));
  assert.match(lines[0] ?? '', /^\(lo\): Configured linkbeat type MII not supported, using (ETHTOOL|IOCTL)$/);
  assert.deepEqual(lines.slice(1), [
    'Turning off linkbeat for other since not used for tracking',
    'Using MII-BMSR/ETHTOOL NIC polling thread(s)...',
  ]);
  lines.length = 0;
  states.sayPolling(new Set());
  assert.equal(lines.length, 2, 'nothing is polled');
  states.close();
});

test('linkbeat_use_polling is for the interfaces of instances, not for those they track', () => {
  const states = new LinkStates(
    monotonicClock,
    new Interfaces([], []),
    () => {},
    () => {},
  );
  const tracking = instance({ trackInterfaces: [{ name: 'lo', weight: 0, reverse: false }] });
  const polled = (changes: Partial<Config>) => {
    states.configure(configured({ instances: [tracking], ...changes }));
    return ['eth0', 'lo'].filter((name) => states.isPolled(name));
  };
  assert.deepEqual(polled({ global: { linkbeatUsePolling: true } as Config['global'] }), ['eth0']);
  assert.deepEqual(polled({ instances: [{ ...tracking, linkbeatUsePolling: true }] }), ['eth0']);
  assert.deepEqual(polled({}), []);
  states.close();
});
