import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel, play } from './duel.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';
import { becomes, hasAddress, stateOf } from './states.ts';

const routes = [
  'virtual_routes {',
  '    10.20.0.0/16 via 10.9.0.9 dev eth0 metric 7',
  '    10.21.0.0/16 dev eth0 table 100 mtu lock 1400 rtt 300ms scope link no_track',
  '    blackhole 10.22.0.0/16',
  '    10.23.0.0/16 nexthop via 10.9.0.9 dev eth0 weight 2 nexthop via 10.9.0.8 dev eth0',
  '    10.24.0.0/16 dev eth0 src 10.9.0.200',
  '}',
];
const rules = [
  'virtual_rules {',
  '    from 10.0.0.0/8 to 10.9.0.0/16 table 100 preference 100',
  '    fwmark 7/0xff prohibit preference 101 iif eth0',
  '    table 100',
  '}',
];

function holds(host: Host, route: string): boolean {
  return host.ip('route', 'show', 'table', 'all').includes(route);
}

function rulesOf(host: Host): string {
  return host.ip('rule');
}

/** A master's second life begins when it has told of both. */
async function retaken(host: Host, before: number): Promise<void> {
  await until('the master is one again', 3, () => host.fifo.slice(before).some((line) => line.includes(' MASTER ')));
  await seconds(0.3);
}

duel('routes and rules come after the addresses of a master and go before them', async ({ a, b }) => {
  const instance = [...routes, ...rules];
  a.start(configuration(a, { priority: 100, instance }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  assert.ok(holds(a, '10.20.0.0/16') && holds(a, '10.23.0.0/16') && !holds(b, '10.20.0.0/16'));
  assert.match(rulesOf(a), /16384:/);
  await a.stop();
  assert.ok(!holds(a, '10.20.0.0/16') && !rulesOf(a).includes('100:'));
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  assert.ok(holds(b, '10.24.0.0/16'));
  await b.stop();
});

duel('a route or rule taken away by somebody sends its master back to compete', async ({ a, b }) => {
  const instance = [...routes, ...rules];
  a.start(configuration(a, { priority: 100, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  let told = a.fifo.length;
  a.ip('route', 'del', '10.21.0.0/16', 'table', '100');
  await seconds(0.5);
  assert.equal(a.fifo.length, told, 'no_track');
  a.ip('route', 'del', '10.20.0.0/16');
  await retaken(a, told);
  assert.ok(holds(a, '10.20.0.0/16'));
  told = a.fifo.length;
  a.ip('rule', 'del', 'preference', '100');
  await retaken(a, told);
  assert.match(rulesOf(a), /100:\s+from 10\.0\.0\.0\/8/);
  await a.stop();
  await b.stop();
});

duel('a reload changes only the routes and rules that differ', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: [...routes, ...rules] }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  const changed = [...routes, ...rules].map((line) =>
    line.replace('metric 7', 'metric 8').replace('10.22.0.0', '10.25.0.0').replace('preference 101', 'preference 102'),
  );
  a.configure(configuration(a, { priority: 100, instance: changed }));
  a.signal('SIGHUP');
  await until('the reload has come', 3, () => holds(a, '10.25.0.0/16'));
  await seconds(0.5);
  assert.equal(stateOf(a), 'MASTER');
  assert.ok(!holds(a, '10.22.0.0/16') && holds(a, 'metric 8') && rulesOf(a).includes('102:'));
  await a.stop();
  await b.stop();
});

duel(
  'IPv6 routes and rules go with an IPv4 instance',
  async ({ a, b }) => {
    const instance = [
      'virtual_routes {',
      '    2001:db8:20::/48 via fe80::9 dev eth0',
      '    2001:db8:21::/48 dev eth0 metric 7 mtu 1400 pref low',
      '    blackhole 2001:db8:22::/48 no_track',
      '    2001:db8:23::/48 nexthop via fe80::8 dev eth0 nexthop via fe80::9 dev eth0 weight 3',
      '}',
      'virtual_rules {',
      '    from 2001:db8::/32 table 100 preference 100',
      '    inet6 - prohibit iif eth0',
      '}',
    ];
    a.start(configuration(a, { priority: 100, instance }));
    await becomes(a, 'MASTER');
    await seconds(0.3);
    const told = a.fifo.length;
    // keepalived 2.2.7 knows an IPv6 route again only by its metric.
    a.ip('-6', 'route', 'del', '2001:db8:21::/48');
    await retaken(a, told);
    assert.ok(a.ip('-6', 'route').includes('2001:db8:21::/48'));
    await a.stop();
    assert.ok(!a.ip('-6', 'route').includes('2001:db8:2'));
    await b.stop();
  },
  { ipv6: true },
);

const statics = [
  'static_ipaddress {',
  '    10.6.0.1/24 dev eth0',
  '    10.6.0.2/24',
  '    10.6.1.1/24 dev eth0 no_track',
  '}',
  'static_routes {',
  '    10.30.0.0/16 via 10.9.0.9 dev eth0',
  '    10.31.0.0/16 dev eth0 no_track',
  '}',
  'static_rules {',
  '    table 100 preference 200',
  '    table 100 preference 201 no_track protocol 18',
  '}',
];

duel('static items are there from start to stop, and come back when they are taken away', async ({ a, b }) => {
  // keepalived 2.2.7 looks out for routes and rules only where instances have some.
  const instance = [
    'virtual_routes {',
    '    10.40.0.0/16 dev eth0',
    '}',
    'virtual_rules {',
    '    table 100 preference 7',
    '}',
  ];
  a.start(configuration(a, { priority: 100, blocks: statics, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.3);
  const told = a.fifo.length;
  const removals = [
    ['address', 'del', '10.6.0.2/24', 'dev', 'eth0'],
    ['address', 'del', '10.6.1.1/24', 'dev', 'eth0'],
    ['route', 'del', '10.30.0.0/16'],
    ['route', 'del', '10.31.0.0/16'],
    ['rule', 'del', 'preference', '200'],
    ['rule', 'del', 'preference', '201'],
  ];
  for (const removal of removals) {
    a.ip(...removal);
    await seconds(0.2);
  }
  assert.ok(hasAddress(a, '10.6.0.2') && !hasAddress(a, '10.6.1.1'));
  assert.ok(holds(a, '10.30.0.0/16') && !holds(a, '10.31.0.0/16'));
  assert.ok(rulesOf(a).includes('200:') && !rulesOf(a).includes('201:'));
  assert.equal(a.fifo.length, told);
  await a.stop();
  assert.ok(!hasAddress(a, '10.6.0.1') && !holds(a, '10.30.0.0/16') && !rulesOf(a).includes('200:'));
  await b.stop();
});

duel('a reload changes only the static items that differ', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, blocks: statics }));
  await becomes(a, 'MASTER');
  await seconds(0.3);
  const blocks = statics.map((line) =>
    line.replace('10.6.0.2', '10.6.0.3').replace('10.9.0.9', '10.9.0.8').replace('preference 200', 'preference 202'),
  );
  a.configure(configuration(a, { priority: 100, blocks }));
  a.signal('SIGHUP');
  await until('the reload has come', 3, () => rulesOf(a).includes('202:'));
  await seconds(0.3);
  assert.ok(hasAddress(a, '10.6.0.3') && !hasAddress(a, '10.6.0.2') && holds(a, '10.30.0.0/16 via 10.9.0.8'));
  await a.stop();
  await b.stop();
});

duel(
  'the interface of a route, and of a static item of a track group, is one that the instance needs',
  async ({ a, b }) => {
    const links = ['link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1p'];
    a.ip(...links);
    for (const name of ['eth1', 'eth1p']) a.ip('link', 'set', name, 'up');
    const instance = ['virtual_routes {', '    10.20.0.0/16 dev eth1', '}'];
    const blocks = ['static_routes {', '    10.30.0.0/16 dev eth1', '}'];
    a.start(configuration(a, { priority: 100, instance, blocks }));
    await becomes(a, 'MASTER');
    await seconds(0.3);
    a.ip('link', 'set', 'eth1', 'down');
    await becomes(a, 'FAULT', 2);
    await seconds(0.3);
    a.ip('link', 'set', 'eth1', 'up');
    await becomes(a, 'BACKUP', 2);
    await becomes(a, 'MASTER', 5);
    await seconds(0.3);
    assert.ok(holds(a, '10.30.0.0/16') && holds(a, '10.20.0.0/16'));
    await a.stop();
    await b.stop();
  },
);

play('with vrrp_restore_addresses a master stays master and puts back what is taken away', async ({ a, b }) => {
  const instance = [...routes, ...rules];
  a.start(configuration(a, { priority: 100, instance, global: ['vrrp_restore_addresses'] }));
  await becomes(a, 'MASTER');
  await seconds(0.3);
  const told = a.fifo.length;
  a.removeAddress('10.9.0.200/32');
  a.ip('route', 'del', '10.20.0.0/16');
  a.ip('rule', 'del', 'preference', '100');
  await seconds(0.5);
  assert.ok(hasAddress(a, '10.9.0.200') && holds(a, '10.20.0.0/16') && rulesOf(a).includes('100:'));
  assert.equal(a.fifo.length, told);
  await a.stop();
  await b.stop();
});
