import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  RealServer,
  ServiceKey,
  SorryServer,
  VirtualServer,
  VirtualServerGroup,
} from '../../../src/config/types.ts';
import { desiredDestinations, desiredService, desiredTable, namedTable } from '../../../src/ipvs/desired.ts';
import { serviceId } from '../../../src/ipvs/types.ts';
import { plainRealServer, plainVirtualServer } from '../../support/servers.ts';
import { ip } from './arbitrary.ts';

function realServer(address: string, options: Partial<RealServer> = {}): RealServer {
  return { ...plainRealServer(address), port: 8080, ...options };
}

function virtualServer(options: Partial<VirtualServer> = {}): VirtualServer {
  return { ...plainVirtualServer('10.0.0.1'), ...options };
}

function keyOf({ key }: VirtualServer): ServiceKey {
  assert.ok(key.kind !== 'group');
  return key;
}

const serviceOf = (server: VirtualServer) => desiredService(server, keyOf(server));
const alive = (weight = 1) => ({ alive: true, weight });
const dead = { alive: false, weight: 1 };

function shown(server: VirtualServer, sorryActive: boolean, ...realServers: (typeof dead)[]): string[] {
  return [...desiredDestinations(server, keyOf(server), { sorryActive, realServers }).values()].map(
    ({ address, port, forwardingMethod, weight }) => `${address}:${port} ${forwardingMethod} ${weight}`,
  );
}

test('only a persistent virtual server has a timeout and an engine', () => {
  assert.deepEqual(serviceOf(virtualServer({ persistenceTimeout: 0, persistenceEngine: 'sip', flags: 0x18 })), {
    key: { kind: 'address', address: '10.0.0.1', port: 80, protocol: 'TCP' },
    scheduler: 'rr',
    flags: 0x18,
    timeout: 0,
    netmask: '255.255.255.255',
  });
  const persistent = serviceOf(virtualServer({ persistenceTimeout: 50, persistenceEngine: 'sip' }));
  assert.equal(persistent.flags, 1);
  assert.equal(persistent.timeout, 50);
  assert.equal(persistent.persistenceEngine, 'sip');
});

test('real servers that are dead are absent, or stay at weight 0', () => {
  const realServers = [
    realServer('10.1.0.1'),
    realServer('10.1.0.2'),
    realServer('10.1.0.3', { inhibitOnFailure: true }),
  ];
  const server = virtualServer({ realServers });
  assert.deepEqual(shown(server, false, alive(5), dead, dead), ['10.1.0.1:8080 NAT 5', '10.1.0.3:8080 NAT 0']);
});

test('a weight is clamped to what the kernel takes', () => {
  const server = virtualServer({ realServers: [realServer('10.1.0.1'), realServer('10.1.0.2')] });
  assert.deepEqual(shown(server, false, alive(-4), alive(2 ** 40)), [
    '10.1.0.1:8080 NAT 0',
    '10.1.0.2:8080 NAT 2147483647',
  ]);
});

test('the sorry server stands in for every real server', () => {
  const sorryServer: SorryServer = {
    address: ip('10.1.0.9'),
    port: 81,
    forwardingMethod: 'NAT',
    inhibitOnFailure: false,
  };
  const realServers = [realServer('10.1.0.1'), realServer('10.1.0.2', { inhibitOnFailure: true })];
  const server = virtualServer({ realServers, sorryServer });
  assert.deepEqual(shown(server, true, alive(), alive()), ['10.1.0.2:8080 NAT 0', '10.1.0.9:81 NAT 1']);
  assert.deepEqual(shown(server, false, alive(), dead), ['10.1.0.1:8080 NAT 1', '10.1.0.2:8080 NAT 0']);
  const inhibited = { ...server, sorryServer: { ...sorryServer, inhibitOnFailure: true } };
  assert.deepEqual(shown(inhibited, false, alive(), alive()), [
    '10.1.0.1:8080 NAT 1',
    '10.1.0.2:8080 NAT 1',
    '10.1.0.9:81 NAT 0',
  ]);
});

test('a sorry server that is also a real server is one destination', () => {
  const sorryServer: SorryServer = {
    address: ip('10.1.0.1'),
    port: 8080,
    forwardingMethod: 'NAT',
    inhibitOnFailure: false,
  };
  const server = virtualServer({ realServers: [realServer('10.1.0.1', { inhibitOnFailure: true })], sorryServer });
  assert.deepEqual(shown(server, true, dead), ['10.1.0.1:8080 NAT 1']);
});

test('without NAT the port is the service’s', () => {
  const realServers = [
    realServer('10.1.0.1', { forwardingMethod: 'DR' }),
    realServer('10.1.0.2', { forwardingMethod: 'TUN' }),
    realServer('10.1.0.3'),
  ];
  const states = [alive(), alive(), alive()];
  assert.deepEqual(shown(virtualServer({ realServers }), false, ...states), [
    '10.1.0.1:80 DR 1',
    '10.1.0.2:80 TUN 1',
    '10.1.0.3:8080 NAT 1',
  ]);
  const marked = virtualServer({ realServers, key: { kind: 'fwmark', fwmark: 7, family: 4 } });
  assert.deepEqual(shown(marked, false, ...states), ['10.1.0.1:0 DR 1', '10.1.0.2:0 TUN 1', '10.1.0.3:8080 NAT 1']);
});

test('every virtual server is a service, even with nothing alive', () => {
  const server = virtualServer({ realServers: [realServer('10.1.0.1')] });
  const table = desiredTable([server], [{ sorryActive: false, realServers: [dead] }]);
  assert.deepEqual([...table.keys()], [serviceId(keyOf(server))]);
  assert.equal(table.get('tcp|10.0.0.1|80')?.destinations.size, 0);
});

test('a group is one service for each of its members', () => {
  const group: VirtualServerGroup = {
    name: 'g',
    entries: [
      { kind: 'range', first: ip('10.0.0.254'), last: ip('10.0.1.1'), port: 80 },
      { kind: 'fwmark', fwmark: 7 },
      { kind: 'fwmark', fwmark: 8, family: 6 },
    ],
  };
  const server = virtualServer({
    key: { kind: 'group', group: 'g', ordinal: 0, protocol: 'UDP' },
    realServers: [realServer('10.1.0.1'), realServer('10.1.0.2', { forwardingMethod: 'DR' })],
  });
  const state = { sorryActive: false, realServers: [alive(), alive()] };
  const table = desiredTable([server], [state], new Map([['g', group]]));
  assert.deepEqual(
    [...table.keys()],
    ['udp|10.0.0.254|80', 'udp|10.0.0.255|80', 'udp|10.0.1.0|80', 'udp|10.0.1.1|80', 'fwmark|4|7', 'fwmark|6|8'],
  );
  assert.deepEqual([...(table.get('udp|10.0.1.0|80')?.destinations.keys() ?? [])], ['10.1.0.1|8080', '10.1.0.2|80']);
  assert.deepEqual([...(table.get('fwmark|4|7')?.destinations.keys() ?? [])], ['10.1.0.1|8080', '10.1.0.2|0']);
  assert.equal(desiredTable([server], [state]).size, 0);
});

test('virtual servers of one group and protocol join their destinations; the first says how they are scheduled', () => {
  const groups = new Map([['g', { name: 'g', entries: [{ kind: 'fwmark', fwmark: 7 } as const] }]]);
  const of = (ordinal: number, address: string, scheduler: string) =>
    virtualServer({ key: { kind: 'group', group: 'g', ordinal }, scheduler, realServers: [realServer(address)] });
  const state = { sorryActive: false, realServers: [alive()] };
  const table = desiredTable([of(0, '10.1.0.1', 'rr'), of(1, '10.1.0.2', 'wlc')], [state, state], groups);
  const [[, entry] = ['', undefined]] = table;
  assert.equal(entry?.service.scheduler, 'rr');
  assert.deepEqual([...(entry?.destinations.keys() ?? [])], ['10.1.0.1|8080', '10.1.0.2|8080']);
});

test('tunnels have the kernel’s flags, and FNAT is masquerading', () => {
  const realServers = [
    realServer('10.1.0.1', { forwardingMethod: 'TUN', tunnel: { type: 'gue', port: 5000, checksum: 'remote' } }),
    realServer('10.1.0.2', { forwardingMethod: 'TUN', tunnel: { type: 'gre', checksum: 'present' } }),
    realServer('10.1.0.3', { forwardingMethod: 'FNAT' }),
  ];
  const server = virtualServer({ realServers });
  const destinations = desiredDestinations(server, keyOf(server), {
    sorryActive: false,
    realServers: [alive(), alive(), alive()],
  });
  assert.deepEqual(
    [...destinations.values()].map(({ forwardingMethod, port, tunnel }) => [forwardingMethod, port, tunnel]),
    [
      ['TUN', 80, { type: 'gue', port: 5000, flags: 2 }],
      ['TUN', 80, { type: 'gre', port: 0, flags: 1 }],
      ['NAT', 8080, undefined],
    ],
  );
});

test('a granularity means nothing to the other family, nor to members of a group', () => {
  const netmask = (key: ServiceKey, persistenceGranularity: VirtualServer['persistenceGranularity']) =>
    desiredService(virtualServer({ persistenceGranularity }), key).netmask;
  const grouped = virtualServer({
    key: { kind: 'group', group: 'G', ordinal: 0 },
    persistenceGranularity: ip('255.255.0.0'),
  });
  const four = { kind: 'address', address: ip('10.0.0.1'), port: 80, protocol: 'TCP' } as const;
  const six = { ...four, address: ip('2001:db8::1') };
  assert.deepEqual([netmask(four, ip('255.255.0.0')), netmask(four, 64)], ['255.255.0.0', '255.255.255.255']);
  assert.deepEqual([netmask(six, 64), netmask(six, ip('255.255.0.0'))], [64, 128]);
  const mark = (family: 4 | 6) => ({ kind: 'fwmark', fwmark: 7, family }) as const;
  assert.deepEqual([netmask(mark(4), ip('255.255.0.0')), netmask(mark(6), 64)], ['255.255.0.0', 64]);
  assert.deepEqual([netmask(mark(4), 64), netmask(mark(6), ip('255.255.0.0'))], ['255.255.255.255', 128]);
  const members = [four, six, mark(4)].map((key) => desiredService(grouped, key).netmask);
  assert.deepEqual(members, ['255.255.255.255', 128, '255.255.255.255']);
});

test('of two entries with one address and port the serving one is kept, else the first', () => {
  const twins = [
    realServer('10.1.0.1', { inhibitOnFailure: true, upperThreshold: 1 }),
    realServer('10.1.0.1', { inhibitOnFailure: true, upperThreshold: 2 }),
  ];
  const kept = (...states: (typeof dead)[]) => {
    const server = virtualServer({ realServers: twins });
    const destinations = desiredDestinations(server, keyOf(server), { sorryActive: false, realServers: states });
    return [...destinations.values()].map(({ weight, upperThreshold }) => [weight, upperThreshold]);
  };
  assert.deepEqual(kept(alive(3), alive(5)), [[3, 1]]);
  assert.deepEqual(kept(alive(3), dead), [[3, 1]]);
  assert.deepEqual(kept(dead, alive(5)), [[5, 2]]);
  assert.deepEqual(kept(dead, dead), [[0, 1]]);
  assert.deepEqual(kept(dead), [[0, 1]], 'nothing is known of the second');
});

test('all that the configuration names is ours, real and sorry servers', () => {
  const sorryServer: SorryServer = { ...realServer('10.1.0.9', { port: 81 }), inhibitOnFailure: false };
  const server = virtualServer({ realServers: [realServer('10.1.0.1'), realServer('10.1.0.2')], sorryServer });
  const table = namedTable([server], new Map());
  assert.deepEqual([...table.keys()], ['tcp|10.0.0.1|80']);
  assert.deepEqual([...(table.get('tcp|10.0.0.1|80')?.destinations.keys() ?? [])].sort(), [
    '10.1.0.1|8080',
    '10.1.0.2|8080',
    '10.1.0.9|81',
  ]);
});
