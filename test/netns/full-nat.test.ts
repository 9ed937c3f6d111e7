import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { test } from 'node:test';
import { transaction } from '../../src/firewall/command.ts';
import { planFullNat, type TranslatedDestination } from '../../src/firewall/full-nat.ts';
import { type IpAddress, parseIp } from '../../src/lib/ip.ts';
import { NetlinkConnection } from '../../src/netlink/connection.ts';
import type { Request } from '../../src/netlink/message.ts';
import { openNetlinkSocket } from '../../src/os/sockets/netlink-socket.ts';
import { inNetworkNamespace } from '../../src/os/network-namespace.ts';
import { missing, projectRoot } from '../support/machine.ts';

/** NETLINK_NETFILTER */
const PROTOCOL = 12;
const skip = missing(['root', 'namespaces', 'program nft', 'program curl', 'program python3']) ?? false;
const ip = (text: string): IpAddress => parseIp(text) as IpAddress;
const run = (...words: string[]): string => execFileSync(words[0] as string, words.slice(1), { encoding: 'utf8' });

/** Client, director and server in a row; only the director knows both networks. */
class Row {
  readonly #prefix = `fnat-${process.pid}`;
  readonly #server;
  readonly connection: NetlinkConnection;

  constructor() {
    for (const one of ['c', 'd', 's']) run('ip', 'netns', 'add', this.name(one));
    this.#wire('c', '1');
    this.#wire('s', '2');
    this.run('c', 'ip', 'route', 'add', 'default', 'via', '10.1.0.1');
    this.run('c', 'ip', 'route', 'add', 'default', 'via', 'fd00:1::1');
    this.run('d', 'ip', 'address', 'add', '10.2.0.9/32', 'dev', 'lo');
    this.run('d', 'ip', 'address', 'add', '10.2.0.10/32', 'dev', 'lo');
    for (const key of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'])
      this.run('d', 'sysctl', '-qw', `${key}=1`);
    const web = [
      'netns',
      'exec',
      this.name('s'),
      'python3',
      '-S',
      `${projectRoot}/test/lab/web.py`,
      's',
      '80',
      '/none',
    ];
    this.#server = spawn('ip', web, { stdio: 'ignore' });
    const socket = inNetworkNamespace(`/run/netns/${this.name('d')}`, () => openNetlinkSocket({ protocol: PROTOCOL }));
    this.connection = new NetlinkConnection(socket);
  }

  name(one: string): string {
    return `${this.#prefix}-${one}`;
  }

  run(where: string, ...words: string[]): string {
    return run('ip', 'netns', 'exec', this.name(where), ...words);
  }

  #wire(where: string, network: string): void {
    const there = ['peer', 'name', 'eth0', 'netns', this.name(where)];
    run('ip', '-n', this.name('d'), 'link', 'add', `eth${network}`, 'type', 'veth', ...there);
    const ends = [
      { at: 'd', device: `eth${network}`, host: '1' },
      { at: where, device: 'eth0', host: '2' },
    ];
    for (const { at, device, host } of ends) {
      run('ip', '-n', this.name(at), 'link', 'set', device, 'up');
      run('ip', '-n', this.name(at), 'address', 'add', `10.${network}.0.${host}/24`, 'dev', device);
      run('ip', '-n', this.name(at), 'address', 'add', `fd00:${network}::${host}/64`, 'dev', device, 'nodad');
    }
  }

  /** Stands for IPVS, which this machine's kernel may not have: the destination is translated before. */
  translateDestination(): void {
    const table = (name: string, rules: string): string =>
      `table ${name} stand_in { chain pre { type nat hook prerouting priority -100\n${rules}\n}\n}`;
    const text = [
      table(
        'ip',
        'ip daddr 10.1.0.1 tcp dport { 8080, 8081, 8082 } dnat to 10.2.0.2:80\nip daddr 10.1.0.1 tcp dport 80 mark set 7 dnat to 10.2.0.2',
      ),
      table('ip6', 'ip6 daddr fd00:1::1 tcp dport 8080 dnat to [fd00:2::2]:80'),
    ].join('\n');
    execFileSync('ip', ['netns', 'exec', this.name('d'), 'nft', '-f', '-'], { input: text });
  }

  apply(requests: readonly Request[]): void {
    assert.equal(this.connection.transactWhole(transaction(requests)), undefined);
  }

  /** Whom the server saw, or nothing when no answer came. */
  peer(url: string): string {
    try {
      const options = ['-s', '-m', '2', '--retry', '3', '--retry-connrefused', '--noproxy', '*'];
      return this.run('c', 'curl', ...options, `${url}/peer`)
        .trim()
        .replace('s ', '');
    } catch {
      return '';
    }
  }

  close(): void {
    this.connection.close();
    this.#server.kill();
    for (const one of ['c', 'd', 's']) run('ip', 'netns', 'delete', this.name(one));
  }
}

function translated(port: number, sources: readonly string[], address = '10.1.0.1', server = '10.2.0.2') {
  return {
    service: { kind: 'address', address: ip(address), port, protocol: 'TCP' },
    destination: { address: ip(server), port: 80 },
    sources: sources.map((first) => ({ first: ip(first), last: ip(first) })),
  } satisfies TranslatedDestination;
}

test('a server without a route to the client answers where nftables translates the source', { skip }, () => {
  const row = new Row();
  try {
    row.translateDestination();
    const marked = { ...translated(0, ['10.2.0.9']), service: { kind: 'fwmark', fwmark: 7, family: 4 } as const };
    const desired = [
      translated(8080, ['10.2.0.9', '10.2.0.10']),
      translated(8081, []),
      marked,
      translated(8080, ['fd00:2::1'], 'fd00:1::1', 'fd00:2::2'),
    ];
    row.apply(planFullNat([], desired));
    const seen = new Set(Array.from({ length: 16 }, () => row.peer('http://10.1.0.1:8080')));
    assert.deepEqual([...seen].sort(), ['10.2.0.10', '10.2.0.9']);
    assert.equal(row.peer('http://10.1.0.1:8081'), '10.2.0.1');
    assert.equal(row.peer('http://10.1.0.1:80'), '10.2.0.9');
    assert.equal(row.peer('http://[fd00:1::1]:8080'), 'fd00:2::1');
    assert.equal(row.peer('http://10.1.0.1:8082'), '');
    const rules = row.run('d', 'nft', 'list', 'table', 'ip', 'evenkeel_fnat');
    assert.match(rules, /10\.1\.0\.1 \. 10\.2\.0\.2 \. 80 : goto sources_1/);
    assert.match(rules, /snat to 10\.2\.0\.9/);
    row.apply(planFullNat(desired, []));
    assert.ok(!row.run('d', 'nft', 'list', 'ruleset').includes('evenkeel'));
  } finally {
    row.close();
  }
});
