import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel, play, type Script } from './duel.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';
import { becomes, hasAddress } from './states.ts';

const addresses = ['10.9.0.200/24', '10.9.0.201'];

/** Two routers of the same settings: the better one is master, with its addresses, and stops; then the other is. */
function masterStops(...instance: string[]): Script {
  return async ({ a, b }) => {
    a.start(configuration(a, { priority: 150, addresses, instance }));
    await becomes(a, 'BACKUP');
    b.start(configuration(b, { priority: 100, addresses, instance }));
    await becomes(a, 'MASTER');
    await becomes(b, 'BACKUP');
    await seconds(0.5);
    assert.ok(hasAddress(a, '10.9.0.200'));
    await a.stop();
    await becomes(b, 'MASTER', 3);
    await seconds(0.5);
    assert.ok(hasAddress(b, '10.9.0.200'));
    await b.stop();
  };
}

duel('addresses on an interface with the MAC address of the virtual router', masterStops('use_vmac'));
duel('adverts from the interface below', masterStops('use_vmac vmac9', 'vmac_xmit_base'));
duel('no_accept keeps the address and the election', masterStops('no_accept'));

/** What the kernel has of virtual interfaces, their settings and the packet filter, whatever made it. */
function remember(host: Host): void {
  const links = host.ip('-d', '-o', 'link', 'show', 'type', 'macvlan').trimEnd().split('\n');
  for (const link of links) {
    const [, name, mac, mode] = /^\d+: (\S+):.* link\/ether (\S+) .* macvlan mode (\S+) /.exec(link) ?? [];
    host.remarks.push(`${name} ${mac} ${mode}`);
  }
  for (const file of ['ipv4/conf/*/arp_ignore', 'ipv4/conf/*/arp_filter', 'ipv6/conf/*/disable_ipv6']) {
    // keepalived 2.4.3 sets arp_ignore of IPv6 interfaces too, 2.2.7 does not.
    host.remarks.push(
      ...host.run('sh', '-c', `cd /proc/sys/net && grep . ${file} | grep -v 'vrrp[26].*arp_ignore'`).split('\n'),
    );
  }
  host.remarks.push(...tidyRules(host.run('nft', 'list', 'ruleset')));
}

/** Which family's table is made first is nobody's business. */
function tidyRules(rules: string): string[] {
  return rules
    .split(/^(?=table )/m)
    .sort()
    .flatMap((table) => table.split('\n'));
}

/** A second interface, which the other host does not hear. */
async function addInterface(host: Host, number: 1 | 2): Promise<void> {
  const mac = `02:00:00:00:08:0${number}`;
  host.ip('link', 'add', 'eth1', 'address', mac, 'type', 'veth', 'peer', 'name', 'port1');
  host.ip('link', 'set', 'port1', 'addrgenmode', 'none', 'up');
  host.ip('link', 'set', 'eth1', 'up');
  host.ip('address', 'add', `10.8.0.${number}/24`, 'dev', 'eth1');
  // Until its link-local address is known to be nobody else's.
  await seconds(2);
}

const single = {
  addresses: ['10.9.0.200/24 use_vmac', '10.8.0.200/24 dev eth1 use_vmac', '10.9.0.201/24'],
  instance: ['garp_extra_if 1'],
  global: ['vmac_addr_prefix va'],
};

duel('virtual interfaces for single addresses alone', async ({ a, b }) => {
  await Promise.all([addInterface(a, 1), addInterface(b, 2)]);
  a.start(configuration(a, { priority: 150, ...single }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 100, ...single }));
  await becomes(a, 'MASTER');
  await becomes(b, 'BACKUP');
  await seconds(2.5);
  remember(a);
  remember(b);
  await a.stop();
  a.remarks.push(a.ip('-o', 'link', 'show', 'type', 'macvlan'));
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  await b.stop();
});

const everywhere = ['10.9.0.200/24', '10.8.0.200/24 dev eth1', '10.9.0.205/24 dev eth0'];
const otherFamily = [
  'use_vmac',
  'use_vmac_addr',
  'virtual_ipaddress_excluded {',
  'fd00:9::200/64',
  'fd00:8::200/64 dev eth1',
  '}',
];

duel(
  'addresses on other interfaces and of the other family with the MAC addresses of the virtual router',
  async ({ a, b }) => {
    await Promise.all([addInterface(a, 1), addInterface(b, 2)]);
    a.start(configuration(a, { priority: 150, addresses: everywhere, instance: otherFamily }));
    await becomes(a, 'BACKUP');
    b.start(configuration(b, { priority: 100, addresses: everywhere, instance: otherFamily }));
    await becomes(a, 'MASTER');
    await becomes(b, 'BACKUP');
    await seconds(0.5);
    remember(a);
    await a.stop();
    await becomes(b, 'MASTER', 3);
    await seconds(0.5);
    remember(b);
    await b.stop();
  },
  { ipv6: true },
);

duel(
  'an IPv6 virtual router with its MAC address',
  async ({ a, b }) => {
    const options = { addresses: ['fe80::9:200', 'fd00:9::200/64'], instance: ['use_vmac', 'version 3'] };
    a.start(configuration(a, { priority: 150, ...options }));
    await becomes(a, 'BACKUP');
    b.start(configuration(b, { priority: 100, ...options }));
    await becomes(a, 'MASTER');
    await becomes(b, 'BACKUP');
    await seconds(0.5);
    await a.stop();
    await becomes(b, 'MASTER', 3);
    await seconds(0.5);
    await b.stop();
  },
  { ipv6: true },
);

const left = {
  priority: 150,
  addresses: ['10.9.0.200/24'],
  instance: [
    'use_vmac',
    'no_accept',
    'virtual_routes {',
    '192.0.2.0/24 via 10.9.0.2',
    '}',
    'virtual_rules {',
    'from 192.0.2.0/24 table 100',
    '}',
  ],
};

/** The FIFO still has what the killed one told. */
async function becomesAgain(host: Host): Promise<void> {
  await until('master again', 10, () => host.fifo.filter((line) => line.includes(' MASTER ')).length === 2);
}

duel(
  'over IPv6 a virtual interface speaks with the link-local address of the one below, or not at all',
  async ({ a, b }) => {
    const settings = { addresses: ['fe80::9:200', '2001:db8:9::200/64'], instance: ['use_vmac vmac9'] };
    a.start(configuration(a, { priority: 150, ...settings }));
    await becomes(a, 'MASTER');
    b.start(configuration(b, { priority: 100, ...settings }));
    await becomes(b, 'BACKUP');
    a.ip('address', 'add', 'fe80::5/64', 'dev', 'eth0', 'nodad');
    a.ip('address', 'del', 'fe80::ff:fe00:901/64', 'dev', 'eth0');
    await seconds(1.5);
    a.ip('link', 'set', 'vmac9', 'down');
    await becomes(b, 'MASTER', 5);
    a.ip('link', 'set', 'vmac9', 'up');
    await seconds(4.5);
    a.signal('SIGHUP');
    await becomes(b, 'BACKUP', 6);
    await seconds(0.5);
    await b.stop();
    await a.stop();
  },
  { ipv6: true },
);

play('what a killed daemon has left is used again where it is wanted', async ({ a }) => {
  a.start(configuration(a, left));
  await becomes(a, 'MASTER');
  await a.kill();
  const before = a.ip('-o', 'link', 'show', 'vrrp.51');
  a.start(configuration(a, left));
  await becomesAgain(a);
  assert.equal(a.ip('-o', 'link', 'show', 'vrrp.51').split(':')[0], before.split(':')[0], 'the same interface');
  await a.stop();
  assert.equal(a.ip('-o', 'link', 'show', 'type', 'macvlan'), '');
  assert.equal(a.run('nft', 'list', 'ruleset'), '');
});

play('what a killed daemon has left is removed where nobody wants it', async ({ a }) => {
  a.start(configuration(a, left));
  await becomes(a, 'MASTER');
  await a.kill();
  assert.match(a.ip('route'), /192\.0\.2\.0\/24/);
  assert.match(a.ip('rule'), /192\.0\.2\.0\/24/);
  a.ip('link', 'add', 'vrrp.52', 'link', 'eth0', 'address', '00:00:5e:00:01:52', 'type', 'macvlan', 'mode', 'private');
  a.start(configuration(a, { priority: 150 }));
  await becomesAgain(a);
  assert.match(a.ip('-o', 'link', 'show', 'type', 'macvlan'), /^\d+: vrrp\.52@eth0: [^\n]*\n$/);
  assert.equal(a.run('nft', 'list', 'ruleset'), '');
  assert.doesNotMatch(a.ip('route') + a.ip('rule'), /192\.0\.2\.0\/24/);
  await a.stop();
});

play('another MAC address keeps the interface, another name given to it does not', async ({ a }) => {
  const changed = { ...left, instance: ['use_vmac vrrp.51 02:00:00:00:51:51'] };
  a.start(configuration(a, { ...left, instance: ['use_vmac vrrp.51'] }));
  await becomes(a, 'MASTER');
  const before = a.ip('-o', 'link', 'show', 'vrrp.51');
  a.configure(configuration(a, changed));
  a.signal('SIGHUP');
  await until('the MAC address', 5, () => a.ip('-o', 'link', 'show', 'vrrp.51').includes('02:00:00:00:51:51'));
  assert.equal(a.ip('-o', 'link', 'show', 'vrrp.51').split(':')[0], before.split(':')[0], 'the same interface');
  assert.match(a.ip('address', 'show', 'dev', 'vrrp.51'), /10\.9\.0\.200\/24/);
  a.ip('link', 'set', 'vrrp.51', 'down');
  a.ip('link', 'set', 'vrrp.51', 'name', 'other');
  await until('a new one', 5, () => a.ip('-o', 'link', 'show', 'type', 'macvlan').includes(' vrrp.51@eth0: '));
  await becomesAgain(a);
  assert.deepEqual(
    a.fifo.map((line) => line.split(' ')[2]),
    ['BACKUP', 'MASTER', 'FAULT', 'BACKUP', 'MASTER'],
  );
  await a.stop();
});
