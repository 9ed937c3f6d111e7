import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VirtualAddress } from '../../../src/config/types.ts';
import { standardDefaults } from '../../../src/config/resolve-defaults.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { dumpCheckers, dumpGlobal, dumpVrrp, dumpVrrpGlobal } from '../../../src/report/dump.ts';
import { addressText } from '../../../src/report/dump-address.ts';
import { address, config, global, instance, ip, virtualServer, webServer } from './examples.ts';
import { globalText, lvsText, vrrpText } from './expected-dump.ts';
import { running } from './running.ts';

const lines = (text: string) => text.split('\n').slice(1, -1);

test('global definitions, line by line', () => {
  assert.deepEqual(dumpGlobal(config, 'parent'), lines(globalText));
});

test('the VRRP topology, line by line', () => {
  const runtime = {
    sourceAddress: (router: { family: number }) => ip(router.family === 6 ? 'fe80::ff:fe00:1' : '10.20.0.1'),
    interfaceIndex: () => 3,
  };
  assert.deepEqual(dumpVrrp(config, runtime), lines(vrrpText));
});

test('the LVS topology and its checkers, line by line', () => {
  const runtime = {
    virtualServer: () => ({
      alive: true,
      quorumUp: true,
      reloaded: false,
      sorryServerSet: false,
      sorryServerAlive: false,
    }),
    realServer: () => ({
      effectiveWeight: 3,
      previousEffectiveWeight: 0,
      alive: true,
      failedCheckers: 0,
      set: true,
      reloaded: false,
    }),
    checker: () => ({ enabled: true, up: true, hasRun: false, currentWeight: 0, retries: 2 }),
  };
  assert.deepEqual(dumpCheckers(config, runtime), lines(lvsText));
});

test('without a running process its lines are left out', () => {
  const text = [...dumpVrrp(config), ...dumpCheckers(config)];
  const left = /Using src_ip|ifindex| alive |Enabled =|RS set|quorum_state_up/;
  assert.deepEqual(
    text.filter((line) => left.test(line)),
    [],
  );
  assert.ok(text.includes('   RIP = 10.20.0.11, RPORT = 80, WEIGHT = 3 EFF WEIGHT = 3'));
});

test('passwords are masked', () => {
  assert.doesNotMatch(dumpVrrp(config).join('\n'), /s3cr3t/);
});

test('sections without content are absent', () => {
  assert.deepEqual(dumpVrrp({ ...config, instances: [] }), []);
  assert.deepEqual(dumpCheckers({ ...config, virtualServers: [] }), []);
});

test('what global_defs may add', () => {
  const wanted = {
    ...config,
    global: {
      ...global,
      scriptUsers: { parent: { uid: 0, gid: 4, supplementaryGroups: [4, 27] } },
      reload: { ...global.reload, timeFile: '/run/when' },
      defaults: { ...standardDefaults, dynamicInterfaces: 'missing' as const, garpLowerPriority: { repeat: 2 } },
      startupDelay: seconds(2.5),
      logUnknownVrids: true,
      lvsFlushOnStop: 'services' as const,
      umask: 0o22,
      vrrpNotifyFifo: {
        path: '/run/f',
        uid: 0,
        gid: 4,
        script: { argv: ['/bin/echo', 'a'], path: '/usr/bin/echo', uid: 0, gid: 0 },
      },
      startupScript: { command: { argv: ['/bin/up', 'x'], uid: 1, gid: 2 }, timeout: seconds(4) },
    },
  };
  const runtime = { reload: { text: '2030-01-02 03:04:05', dated: true }, realtime: { priority: 51, limit: 20_000 } };
  const text = dumpGlobal(wanted, 'parent', runtime);
  for (const line of [
    ' Reload scheduled for 2030-01-02 03:04:05 (date specified',
    ' Allow interface changes = false',
    ' Gratuitous ARP lower priority delay = 4294967295',
    ' Gratuitous ARP lower priority repeat = 2',
    ' Default script uid:gid 0:4',
    '   Supplementary groups:',
    '     27',
    ' current realtime priority = 51',
    ' current realtime time limit = 20000',
    ' vrrp_startup_delay = 2.5',
    ' log_unknown_vrids',
    ' LVS flush on stop = VS',
    ' umask = 022',
    ' VRRP notify fifo = /run/f, uid:gid 0:4',
    " VRRP notify fifo script = '/usr/bin/echo' 'a', uid:gid 0:0",
    " Startup script = '/bin/up' 'x', uid:gid 1:2, timeout 4",
  ]) {
    assert.ok(text.includes(line), line);
  }
  // Another process may have nothing to do with the default user, and not with what the parent runs.
  const elsewhere = [...dumpGlobal(wanted, 'checker'), ...dumpVrrpGlobal(wanted)];
  assert.ok(!elsewhere.some((line) => /^ (Default|Startup) script/.test(line)));
  // Who writes to the FIFO tells its script the name.
  const started = " VRRP notify fifo script = '/usr/bin/echo' 'a' '/run/f', uid:gid 0:0";
  assert.equal(elsewhere.filter((line) => line === started).length, 1);
});

test('a global interval gives every interface a delay group', () => {
  const text = dumpVrrp({ ...config, global: { ...global, garpInterval: seconds(0.5) } }, running());
  const group = (name: string) => [
    '------< GARP delay group >------',
    ' GARP interval = 0.500000',
    ' GARP next time 0.000000 (Thu Jan  1 00:00:00.000000)',
    ' Interfaces',
    `  ${name}`,
  ];
  // One of the addresses is on eth1.
  const groups = ['------< Gratuitous ARP delays >------', ...group('eth0'), ...group('eth1')];
  assert.deepEqual(text.slice(0, groups.length), groups);
  assert.equal(text.filter((line) => line === '   Gratuitous ARP interval 500ms').length, 2);
});

test('what a sync group tracks stands before its scripts', () => {
  const group = {
    ...{ name: 'G', members: [], trackInterfaces: [], trackFiles: [], trackProcesses: [], trackBfds: [] },
    ...{ trackScripts: [{ name: 's', weight: 0, reverse: false }], smtpAlert: false, trackingWeight: true },
    ...{ notifyPriorityChanges: true, notify: { stop: { argv: ['/bin/n'], uid: 0, gid: 0 } } },
  };
  const text = dumpVrrp({ ...config, syncGroups: [group] });
  const from = text.indexOf(' VRRP Sync Group = G, BACKUP');
  assert.deepEqual(text.slice(from + 3, from + 9), [
    '   sync group tracking weight set',
    '   Using smtp notification = no',
    '   Notify priority changes = yes',
    '   Tracked scripts :',
    '     s weight 0',
    "   Stop state transition script = '/bin/n', uid:gid 0:0",
  ]);
});

test('what an instance may add', () => {
  const text = dumpVrrp({
    ...config,
    instances: [
      {
        ...instance,
        priority: 255,
        ownerIgnoreAdverts: true,
        preemptDelay: seconds(2.5),
        garpExtraInterval: seconds(45),
        garpExtraAll: true,
        trackPrimaryInterface: false,
        strict: true,
        skipCheckAdvertAddresses: true,
        sourceAddress: ip('10.20.0.77'),
        authentication: { type: 'none' },
        notify: {
          reportDeleted: true,
          master: { argv: ['/bin/m', 'a b'], uid: 0, gid: 0 },
          any: { argv: ['/bin/n'], path: '/usr/bin/other', uid: 5, gid: 6 },
        },
      },
    ],
  });
  for (const line of [
    '   Flags:',
    '   VRRP interface tracking disabled',
    '   Skip checking advert IP addresses',
    '   Enforcing strict VRRP compliance',
    '   Using src_ip = 10.20.0.77 (from configuration)',
    '   Address owner ignores received adverts = true',
    '   Preempt delay = 2.5 secs',
    '   Gratuitous ARP for each secondary i/f = 45',
    '   Authentication type = none',
    '   Notify deleted = Deleted',
    "   Master state transition script = '/bin/m' 'a b', uid:gid 0:0",
    "   Generic state transition script = /usr/bin/other, params = '/bin/n', uid:gid 5:6",
  ]) {
    assert.ok(text.includes(line), line);
  }
});

test('addresses in all their forms', () => {
  const forms: [Partial<VirtualAddress>, string][] = [
    [
      { broadcast: ip('10.20.0.255'), scope: 253, flags: 0x10, noTrack: true },
      '10.20.0.5/24 brd 10.20.0.255 dev eth0 scope link home no_track',
    ],
    [{ scope: 77, flags: 0x200 }, '10.20.0.5/24 dev eth0 scope 77 noprefixroute'],
    [
      { prefixLength: 32, peer: { address: ip('10.20.9.2'), prefixLength: 32 } },
      '10.20.0.5 dev eth0 scope global peer 10.20.9.2/32',
    ],
    [{ prefixLength: 32, scope: 200 }, '10.20.0.5 dev eth0 scope site'],
    [
      { address: ip('2001:db8::7'), prefixLength: 64, flags: 0x110, noDad: false, preferredLifetime: 77 },
      '2001:db8::7/64 dev eth0 scope global home -nodad mngtmpaddr preferred_lft 77',
    ],
    [
      { address: ip('2001:db8::9'), prefixLength: 128, noDad: true, preferredLifetime: 0 },
      '2001:db8::9 dev eth0 scope global deprecated',
    ],
  ];
  for (const [fields, expected] of forms) assert.equal(addressText({ ...address, ...fields }), expected);
});

test('what a virtual server may add', () => {
  const text = dumpCheckers({
    ...config,
    virtualServers: [
      {
        ...virtualServer,
        key: { kind: 'fwmark', fwmark: 3, family: 6 },
        family: 6,
        scheduler: 'sh',
        flags: 0x10,
        forwardingMethod: 'TUN',
        persistenceGranularity: 64,
        quorumUp: { argv: ['/bin/q', 'up'], uid: 0, gid: 0 },
        checkerDefaults: { connectTimeout: seconds(2.25), delayLoop: seconds(6), inhibitOnFailure: true, retry: 4 },
        realServers: [{ ...webServer, virtualHost: 'w.x', notifyDown: { argv: ['/bin/d'], uid: 0, gid: 0 } }],
      },
    ],
  });
  for (const line of [
    ' VS FWMARK = 3',
    '   Address family = inet6',
    '   connection timeout = 2.250000',
    '   sh-port = enabled',
    '   sh-fallback = disabled',
    '   persistence granularity = 64',
    '   protocol = none',
    '   Retry count = 4',
    '   Inhibit on failure is ON',
    "   Quorum up notify script = '/bin/q' 'up', uid:gid 0:0",
    '   default forwarding method = TUN, type = IPIP',
    "     RS down notify script = '/bin/d', uid:gid 0:0",
    "    VirtualHost = 'w.x'",
    ' FWM 3 -> [10.20.0.11]:none:80',
  ]) {
    assert.ok(text.includes(line), line);
  }
  assert.ok(!text.some((line) => line.includes('flag-1')));
});

test('a sorry server that is one of the real servers', () => {
  const sorryServer = { ...virtualServer.sorryServer!, address: webServer.address, port: webServer.port };
  const text = dumpCheckers({ ...config, virtualServers: [{ ...virtualServer, sorryServer }] });
  assert.ok(text.includes('   sorry server (duplicates rs) = [10.20.0.11]:tcp:80'));
});
