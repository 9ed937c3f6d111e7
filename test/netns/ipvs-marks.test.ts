import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Config } from '../../src/config/types.ts';
import { MarkedGroups } from '../../src/daemon/checker/marked-groups.ts';
import { transaction } from '../../src/firewall/command.ts';
import { planMarks } from '../../src/firewall/marks.ts';
import { type IpAddress, parseIp } from '../../src/lib/ip.ts';
import { NetlinkConnection } from '../../src/netlink/connection.ts';
import { openNetlinkSocket } from '../../src/os/sockets/netlink-socket.ts';
import { inNetworkNamespace } from '../../src/os/network-namespace.ts';
import { missing } from '../support/machine.ts';

/** NETLINK_NETFILTER */
const PROTOCOL = 12;
const name = `marks-${process.pid}`;
const skip = missing(['root', 'namespaces', 'program nft']) ?? false;
const ip = (text: string): IpAddress => parseIp(text) as IpAddress;

test('the kernel takes the maps of marks, and nft shows them as keepalived lays them out', { skip }, () => {
  execFileSync('ip', ['netns', 'add', name]);
  try {
    const socket = inNetworkNamespace(`/run/netns/${name}`, () => openNetlinkSocket({ protocol: PROTOCOL }));
    const connection = new NetlinkConnection(socket);
    const settings = { table: 'keepalived_ipvs', priority: -1, counters: false };
    const { requests } = planMarks(
      settings,
      new Set(),
      [],
      [
        { protocol: 'TCP', first: ip('10.0.0.1'), last: ip('10.0.0.4'), port: 8080, mark: 1000 },
        { protocol: 'UDP', first: ip('2001:db8::1'), last: ip('2001:db8::1'), port: 53, mark: 1001 },
      ],
    );
    assert.equal(connection.transactWhole(transaction(requests)), undefined);
    const rules = execFileSync('ip', ['netns', 'exec', name, 'nft', 'list', 'ruleset'], { encoding: 'utf8' });
    const lines = rules.split('\n').map((line) => line.trim());
    assert.deepEqual(
      lines.filter((line) => line !== '' && line !== '}'),
      [
        'table ip keepalived_ipvs {',
        'map tcp_map {',
        'type ipv4_addr . inet_service : mark',
        'flags interval',
        'elements = { 10.0.0.1-10.0.0.4 . 8080 : 0x000003e8 }',
        'chain in {',
        'type filter hook input priority filter - 1; policy accept;',
        'meta mark set ip daddr . tcp dport map @tcp_map return',
        'table ip6 keepalived_ipvs {',
        'map udp_map {',
        'type ipv6_addr . inet_service : mark',
        'flags interval',
        'elements = { 2001:db8::1 . 53 : 0x000003e9 }',
        'chain in {',
        'type filter hook input priority filter - 1; policy accept;',
        'meta mark set ip6 daddr . udp dport map @udp_map return',
      ],
    );
    connection.close();
  } finally {
    execFileSync('ip', ['netns', 'delete', name]);
  }
});

test('marks are set where IPVS is, in the network namespace of net_namespace_ipvs', { skip }, () => {
  execFileSync('ip', ['netns', 'add', name]);
  try {
    const groups = new MarkedGroups(() => assert.fail('refused'), `/run/netns/${name}`);
    const entries = [{ kind: 'range', first: ip('10.0.0.1'), last: ip('10.0.0.1'), port: 80 }];
    const config = {
      global: { nftablesIpvs: { table: 'keepalived_ipvs', priority: -1, startFwmark: 1000 }, nftablesCounters: false },
      virtualServers: [{ key: { kind: 'group', group: 'web', ordinal: 0, protocol: 'TCP' } }],
      virtualServerGroups: [{ name: 'web', entries }],
    } as unknown as Config;
    groups.apply(groups.configure(config));
    const tables = (): string =>
      execFileSync('ip', ['netns', 'exec', name, 'nft', 'list', 'tables'], { encoding: 'utf8' });
    assert.equal(tables(), 'table ip keepalived_ipvs\n');
    groups.close();
    assert.equal(tables(), '');
  } finally {
    execFileSync('ip', ['netns', 'delete', name]);
  }
});
