import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfig } from '../../../../src/config/load.ts';
import type { VrrpInstance } from '../../../../src/config/types.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { fakeConfigEnvironment } from '../../../fakes/config-environment.ts';

const plain = fakeConfigEnvironment({});
const [ordinary] = ['eth0'].map((name) => plain.interfaceFacts(name)!);
/** Interfaces of other kinds than the fake ones. */
const others = {
  tun0: { ...ordinary!, ethernet: false },
  nomc0: { ...ordinary!, multicast: false },
  small0: { ...ordinary!, mtu: 100 },
  mv0: { ...ordinary!, kind: 'macvlan', base: 'eth0' },
};

function load(text: string) {
  const environment = {
    ...fakeConfigEnvironment({ 'keepalived.conf': text }),
    interfaceFacts: (name: string) => others[name as keyof typeof others] ?? plain.interfaceFacts(name),
  };
  const loaded = loadConfig('keepalived.conf', environment, { configId: 'lb1', test: true, includeCheck: false });
  return { instances: loaded.config?.instances, said: loaded.diagnostics.map(({ message }) => message) };
}

const block = (name: string, lines: readonly string[]) => `vrrp_instance ${name} {\n${lines.join('\n')}\n}\n`;
const vip = 'virtual_ipaddress {\n192.0.2.9/24\n}';
const vip6 = 'virtual_ipaddress {\nfe80::9/64\n}';

/** One instance A on eth0, or another interface, with `lines`. */
function one(lines: readonly string[], on = 'interface eth0', address = vip) {
  const { instances, said } = load(block('A', [on, 'virtual_router_id 5', address, ...lines].filter(Boolean)));
  return { instance: instances?.[0], said: said.filter((message) => message.includes('(A)')) };
}

type Wanted = Partial<VrrpInstance>;
/** What is written, what is said about it, and what comes of it; nothing comes of a fatal mistake. */
const rows: readonly (readonly [string[], string, Wanted | undefined, on?: string, address?: string])[] = [
  [
    [],
    'interface nomc0 does not support multicast - instance stays in fault state',
    { configurationFault: true },
    'interface nomc0',
  ],
  [
    ['strict_mode on', 'version 3'],
    'the first IPv6 VIP address must be link local',
    {},
    'interface eth0',
    'virtual_ipaddress {\n2001:db8::9\n}',
  ],
  [[], 'the first IPv6 VIP address should be link local', {}, 'interface eth0', 'virtual_ipaddress {\n2001:db8::9\n}'],
  [
    [
      'auth_hmac {\nactive_key 1\nkey 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\nmode permissive\n}',
      'strict_mode on',
    ],
    'auth_hmac mode permissive is incompatible with strict mode - setting enforce',
    {},
  ],
  [
    ['strict_mode on'],
    'cannot use IPv6 with VRRP version 2 in strict mode; setting version 3',
    { version: 3 },
    'interface eth0\nversion 2',
    vip6,
  ],
  [
    ['authentication {\nauth_type PASS\n}'],
    'Authentication specified but no password given. Ignoring',
    { authentication: { type: 'none' } },
  ],
  [
    ['authentication {\nauth_type AH\nauth_pass x\n}'],
    'Cannot use AH authentication with IPv6 - ignoring',
    { authentication: { type: 'none' } },
    'interface eth0\nversion 2',
    vip6,
  ],
  [
    ['state MASTER', 'priority 100', 'nopreempt'],
    'Warning - nopreempt will not work with initial state MASTER - clearing',
    { preempt: true, initialState: 'master' },
  ],
  [
    ['priority 255', 'owner_ignore_adverts off', 'strict_mode on', 'state MASTER'],
    'strict mode requires owner_ignore_adverts to be set. resetting',
    { ownerIgnoreAdverts: true },
  ],
  [
    ['unicast_peer {\n192.0.2.2\n}', 'strict_mode on'],
    'Strict mode does not support unicast on an interface that supports multicast',
    undefined,
  ],
  [['unicast_peer {\n192.0.2.2\n}'], 'Cannot use unicast without an interface or a source address', undefined, ''],
  [
    ['unicast_src_ip fe80::1', 'unicast_peer {\nfe80::2\n}'],
    'Cannot use a link-local source address without an interface',
    undefined,
    '',
    'virtual_ipaddress {\nfe80::9 dev eth0\n}',
  ],
  [
    ['unicast_src_ip 192.0.2.1', 'unicast_peer {\n192.0.2.2\n}'],
    'no interface for ip address 192.0.2.9 - removing',
    { virtualAddresses: [] },
    '',
  ],
  [
    ['use_vmac v7', 'vmac_xmit_base'],
    'interface tun0 is not an Ethernet interface - VMAC/ipvlan cannot be used',
    { configurationFault: true, vmacTransmitBase: false, vmacAddresses: false },
    'interface tun0',
  ],
  [
    [],
    'ipvlan address must be of the family of the instance. setting instance to fault state',
    { configurationFault: true },
    'interface eth0\nuse_ipvlan v7 fe80::7',
  ],
];

describe('what an instance cannot have is said, and mended or refused', () => {
  for (const [lines, message, wanted, on, address] of rows) {
    test(message, () => {
      const { instance, said } = one(lines, on, address);
      assert.ok(said.includes(`(A) ${message}`), said.join('\n'));
      if (!wanted) assert.equal(instance, undefined);
      else
        for (const [key, value] of Object.entries(wanted))
          assert.deepEqual(instance?.[key as keyof VrrpInstance], value, key);
    });
  }
});

describe('addresses that a packet has no room for are held but not named', () => {
  const many = (count: number, first: string) =>
    `virtual_ipaddress {\n${Array.from({ length: count }, (_, i) => `${first}${i + 1}`).join('\n')}\n}`;
  const kept = (count: number, lines: readonly string[], on = 'interface small0', first = '192.0.2.') => {
    const { instance, said } = one(lines, on, many(count, first));
    const most = said.join('').match(/exceeds maximum\/space available in packet \(max (\d+) addresses\)/)?.[1];
    return [instance?.virtualAddresses.length, instance?.excludedAddresses.length, most];
  };
  // 100 bytes less the headers: Ethernet 14, IPv4 20, VRRP 8, authentication data 8.
  test('version 2', () => {
    assert.deepEqual(kept(12, []), [12, 0, undefined]);
    assert.deepEqual(kept(14, []), [12, 2, '12']);
  });
  test('version 3', () => {
    assert.deepEqual(kept(15, ['version 3']), [14, 1, '14']);
  });
  test('with an authentication header', () => {
    assert.deepEqual(kept(7, ['authentication {\nauth_type AH\nauth_pass x\n}']), [6, 1, '6']);
  });
  test('over IPv6', () => {
    assert.deepEqual(kept(3, [], 'interface small0', 'fe80::'), [2, 1, '2']);
  });
  test('an ordinary interface', () => {
    const two = `${many(250, '192.0.2.').slice(0, -1)}${many(10, '192.0.3.').replace('virtual_ipaddress {\n', '')}`;
    const { instance } = one([], 'interface eth0', two);
    assert.deepEqual([instance?.virtualAddresses.length, instance?.excludedAddresses.length], [255, 5]);
    assert.equal(instance?.excludedAddresses[0]?.address, '192.0.3.6', 'in their order');
  });
});

describe('two instances with one identifier', () => {
  const clash = (a: readonly string[], b: readonly string[]) => {
    const text = [a, b].map((lines, i) => block(`I${i}`, ['virtual_router_id 5', vip, ...lines])).join('');
    const { instances, said } = load(text);
    return instances === undefined && said.some((message) => /both use VRID 5|duplicate VRID conflict/.test(message));
  };
  const on = (name: string, ...lines: string[]) => [`interface ${name}`, ...lines];
  const peers = (source: string, ...addresses: string[]) => [
    ...[`unicast_src_ip ${source}`, `unicast_peer {\n${addresses.join('\n')}\n}`],
  ];

  test('hear one another on one interface, or on that below', () => {
    assert.equal(clash(on('eth0'), on('eth0')), true);
    assert.equal(clash(on('eth0'), on('mv0')), true);
    assert.equal(clash(on('eth0'), on('eth1')), false);
    assert.equal(clash(on('eth0'), on('eth0', 'mcast_dst_ip 224.0.0.19')), false);
    assert.equal(clash(on('eth0'), on('eth0', ...peers('192.0.2.1', '192.0.2.2'))), false);
  });

  test('hear one another as peers of the same address', () => {
    const first = on('eth0', ...peers('192.0.2.1', '192.0.2.2', '192.0.2.3'));
    assert.equal(clash(first, on('eth0', ...peers('192.0.2.1', '192.0.2.3'))), true);
    assert.equal(clash(first, on('eth0', ...peers('192.0.2.1', '192.0.2.4'))), false);
    assert.equal(clash(first, on('eth0', ...peers('192.0.2.9', '192.0.2.3'))), false);
    assert.equal(clash(first, on('eth1', ...peers('192.0.2.1', '192.0.2.3'))), false);
  });
});

test('an auth_hmac is strict, by time and as wide as three adverts unless it says otherwise', () => {
  const key = 'key 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
  const made = (...lines: string[]) =>
    one([`auth_hmac {\n${key}\nactive_key 1\n${lines.join('\n')}\n}`]).instance?.authHmac;
  assert.deepEqual([made()?.mode, made()?.antiReplay, made()?.timeWindow], ['enforce', 'time', seconds(5)]);
  const other = made('mode permissive', 'anti_replay monotonic', 'time_window 77');
  assert.deepEqual([other?.mode, other?.antiReplay, other?.timeWindow], ['permissive', 'monotonic', seconds(77)]);
});

test('what the instance does for its addresses anyway is not asked for by each', () => {
  const said = (lines: readonly string[], address: string) =>
    one(lines, 'interface eth0', `virtual_ipaddress {\n192.0.2.8\n${address}\n}`).said.join(' ');
  assert.equal(
    said(['use_vmac'], '192.0.2.9/24 use_vmac'),
    '(A) use_vmac specified for VIP/eVIP 192.0.2.9/24 and vrrp instance',
  );
  assert.match(said(['use_vmac'], '192.0.2.9 use_vmac'), /VIP\/eVIP 192\.0\.2\.9 and/);
  assert.equal(said(['use_vmac'], '192.0.2.9 dev eth1 use_vmac'), '');
  assert.equal(
    said(['use_vmac', 'use_vmac_addr'], '192.0.2.9 dev eth1 use_vmac'),
    '(A) use_vmac_addr specified and use_vmac specified for VIP/eVIP 192.0.2.9',
  );
});
