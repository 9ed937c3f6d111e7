import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePair } from '../../../src/config/advice/pair.ts';
import { advise } from '../../../src/config/advice/rules.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { portableEnvironment } from '../../../src/config/portable-environment.ts';
import type { Config } from '../../../src/config/types.ts';
import { parseIp } from '../../../src/lib/ip.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';

function configOf(text: string): Config {
  const environment = fakeConfigEnvironment({ 'keepalived.conf': text });
  const { config } = loadConfig('/etc/keepalived/keepalived.conf', environment, {
    ...{ configId: 'a', test: true, includeCheck: false },
  });
  assert.ok(config, 'the configuration can be used');
  return config;
}

interface Words {
  readonly priority?: number;
  readonly lines?: readonly string[];
  readonly addresses?: readonly string[];
  readonly before?: string;
}

function node({ priority = 100, lines = [], addresses = ['10.0.0.9'], before = '' }: Words): Config {
  return configOf(`${before}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  ${lines.join('\n  ')}
  virtual_ipaddress {
    ${addresses.join('\n    ')}
  }
}`);
}

function compare(a: Config, b: Config) {
  return comparePair([
    { file: 'a.conf', config: a },
    { file: 'b.conf', config: b },
  ]);
}

const rulesOf = (a: Words, b: Words): string[] => compare(node(a), node(b)).findings.map(({ rule }) => rule);

test('a working pair has nothing to complain about, and the higher priority will be master', () => {
  const { findings, elections } = compare(node({ priority: 150 }), node({ priority: 100 }));
  assert.deepEqual(findings, []);
  assert.deepEqual(elections, [
    { virtualRouter: 'virtual router 51 (IPv4)', master: 'a.conf (VI_1)', reason: 'priority 150 against 100' },
  ]);
});

test('each disagreement that makes two masters is an error', () => {
  const b = { priority: 150 };
  const password = (word: string) => ['authentication {', 'auth_type PASS', `auth_pass ${word}`, '}'];
  assert.deepEqual(rulesOf({ lines: ['version 3'] }, b), ['version-differs']);
  assert.deepEqual(rulesOf({ lines: ['advert_int 2'] }, b), ['interval-differs']);
  assert.deepEqual(rulesOf({ lines: password('one') }, b), ['authentication-differs']);
  assert.deepEqual(rulesOf({ lines: password('one') }, { priority: 150, lines: password('two') }), [
    'password-differs',
  ]);
  assert.deepEqual(rulesOf({ addresses: ['10.0.0.9', '10.0.0.10'] }, b), ['addresses-differ']);
  assert.deepEqual(rulesOf({}, {}), ['priority-equal']);
});

test('who cannot hear the other is told why', () => {
  const b = { priority: 150 };
  const unicast = (source: string, ...peers: string[]): Words => ({
    lines: [`unicast_src_ip ${source}`, 'unicast_peer {', ...peers, '}'],
  });
  assert.deepEqual(rulesOf(unicast('10.0.0.1', '10.0.0.2'), b), ['transport-differs']);
  assert.deepEqual(rulesOf({ lines: ['mcast_dst_ip 224.0.0.99'] }, b), ['group-differs']);
  const one = unicast('10.0.0.1', '10.0.0.2');
  assert.deepEqual(rulesOf(one, { ...b, ...unicast('10.0.0.2', '10.0.0.1') }), []);
  assert.deepEqual(rulesOf(one, { ...b, ...unicast('10.0.0.2', '10.0.0.3') }), ['peer-missing']);
  assert.deepEqual(rulesOf(one, { ...b, ...unicast('10.0.0.7', '10.0.0.3') }), ['peer-missing', 'peer-missing']);
  const version3 = (interval: number): readonly string[] => ['version 3', `advert_int ${interval}`];
  assert.deepEqual(rulesOf({ lines: version3(1) }, { ...b, lines: version3(2) }), [], 'version 3 learns the interval');
  assert.deepEqual(rulesOf({ lines: ['state MASTER'] }, { ...b, lines: ['state MASTER'] }), ['state-master-twice']);
});

test('elections: ownership, nopreempt, and addresses where priorities are equal', () => {
  const reasonOf = (one: Words, other: Words): string => {
    const [election] = compare(node(one), node(other)).elections;
    return `${election?.master}: ${election?.reason}`;
  };
  const from = (source: string): Words => ({ lines: [`mcast_src_ip ${source}`] });
  assert.equal(reasonOf({ priority: 255, lines: ['state MASTER'] }, {}), 'a.conf (VI_1): owns the addresses');
  assert.equal(
    reasonOf({}, { priority: 150, lines: ['nopreempt'] }),
    'b.conf (VI_1): priority 150 against 100; nopreempt: only if it is the first to start',
  );
  assert.equal(reasonOf({}, {}), 'undecided: equal priorities of 100; the higher address wins');
  const higher = 'equal priorities of 100, and the higher address';
  assert.equal(reasonOf(from('10.0.0.9'), from('10.0.0.10')), `b.conf (VI_1): ${higher}`);
  assert.equal(reasonOf(from('10.0.0.10'), from('10.0.0.9')), `a.conf (VI_1): ${higher}`);
});

test('a router without a peer is said', () => {
  const other = configOf(
    'vrrp_instance X {\n interface eth0\n virtual_router_id 52\n virtual_ipaddress { 10.0.0.8 }\n}',
  );
  assert.deepEqual(
    compare(node({}), other).findings.map(({ rule }) => rule),
    ['router-without-peer', 'router-without-peer'],
  );
});

test('weights that can never change the election are told with the numbers', () => {
  const tracked = (weight: number): Words => ({
    priority: 150,
    before: `vrrp_script chk {\n script "/bin/true"\n weight ${weight}\n user root\n}`,
    lines: ['track_script {', 'chk', '}'],
  });
  const { findings } = compare(node(tracked(-20)), node({ priority: 100 }));
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['weight-too-small'],
  );
  assert.match(findings[0]?.message ?? '', /by 20, but b\.conf \(VI_1\) is 50 lower/);
  assert.deepEqual(compare(node(tracked(-60)), node({ priority: 100 })).findings, []);
});

test('advice: strict addresses, addresses outside of the network, readable passwords', () => {
  const nowhere = { networks: () => [] };
  const rules = (config: Config, facts: Parameters<typeof advise>[1] = nowhere) =>
    advise(config, facts).map(({ rule }) => rule);
  assert.deepEqual(rules(node({})), []);
  assert.deepEqual(rules(node({ lines: ['strict_mode on'] })), ['strict-unreachable']);
  assert.deepEqual(rules(node({ lines: ['authentication {', 'auth_type PASS', 'auth_pass x', '}'] })), [
    'password-readable',
  ]);
  const network = { networks: () => [{ address: parseIp('192.0.2.1')!, prefixLength: 24 }] };
  assert.deepEqual(rules(node({}), network), ['address-outside-network']);
  assert.deepEqual(rules(node({ addresses: ['192.0.2.77'] }), network), []);
  assert.deepEqual(rules(node({ addresses: ['10.0.0.9/24'] }), network), []);
});

test('on another machine every interface is there but those that would be made', () => {
  const text =
    'vrrp_instance VI_1 {\n interface bond7.20\n virtual_router_id 51\n use_vmac\n virtual_ipaddress { 10.0.0.8 }\n}';
  const environment = portableEnvironment(fakeConfigEnvironment({ 'keepalived.conf': text }));
  const { config } = loadConfig('/etc/keepalived/keepalived.conf', environment, {
    ...{ configId: 'a', test: true, includeCheck: false },
  });
  assert.equal(config?.instances[0]?.vmac?.name, 'vrrp.51');
});

test('an identifier may be used again on another interface', () => {
  const twice = (priority: number): Config =>
    configOf(
      ['eth0', 'eth1']
        .map((name, i) => {
          const addresses = `virtual_ipaddress {\n10.${i}.0.9\n}`;
          return `vrrp_instance VI_${i} {\ninterface ${name}\nvirtual_router_id 51\npriority ${priority}\n${addresses}\n}\n`;
        })
        .join(''),
    );
  const { findings, elections } = compare(twice(150), twice(100));
  assert.deepEqual(findings, []);
  assert.deepEqual(
    elections.map(({ virtualRouter, master }) => `${virtualRouter}: ${master}`),
    ['virtual router 51 (IPv4) on eth0: a.conf (VI_0)', 'virtual router 51 (IPv4) on eth1: a.conf (VI_1)'],
  );
});
