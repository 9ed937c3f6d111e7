import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, load, loadOn } from './loading.ts';

const instance =
  'vrrp_instance VI_1 {\ninterface eth7\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\nfoo\n}\n';

test('a test without the namespace it is for ends in peace, with what the parent has seen', () => {
  const loaded = load(`net_namespace nowhere\nglobal_defs {\nbar\n}\n${instance}`);
  assert.equal(loaded.testStatus, 0);
  assert.deepEqual(complaints(loaded), ["(keepalived.conf: Line 3) Unknown keyword 'bar'"]);
});

test('interfaces are those of the namespace that the configuration names', () => {
  assert.deepEqual(complaints(load(`net_namespace blue\n${instance}`)), [
    "(keepalived.conf: Line 8) Unknown keyword 'foo'",
  ]);
  const settled = load(`net_namespace blue\n${instance}`, {}, { namespaceSettled: true });
  assert.match(complaints(settled)[0] ?? '', /eth7/);
});

test('include_check counts for the includes that follow in the same file', () => {
  const start = 'include none.conf\nglobal_defs {\n';
  const end = 'router_id x\n}\n';
  const statusWith = (words: string): number =>
    load(`${start}include_check ${words}\n}\ninclude none.conf\nglobal_defs {\n${end}`).testStatus;
  assert.equal(statusWith(''), 6);
  assert.equal(statusWith('match'), 6);
  assert.equal(statusWith('wildcard_match'), 0);
  assert.equal(statusWith('+match -match'), 0);
  assert.equal(load(`${start}${end}include none.conf\n`).testStatus, 0);
});

test('interfaces of a garp_group are looked at as their list closes, each in one group only', () => {
  const text =
    'garp_group {\ngarp_interval 1\ninterfaces {\neth0 eth1\n}\n}\ngarp_group {\ngna_interval 2\ninterfaces {\neth0\n}\n}\n';
  const loaded = load(text);
  assert.deepEqual(complaints(loaded), ['(keepalived.conf: Line 11) garp_group already specified for eth0 - ignoring']);
  assert.deepEqual(loaded.config?.garpGroups, [
    { garpInterval: 1_000_000, interfaces: ['eth0', 'eth1'] },
    { gnaInterval: 2_000_000, interfaces: [] },
  ]);
});

test('a group without a gap gives its interfaces back', () => {
  const loaded = load('garp_group {\ninterface eth0\n}\ngarp_group {\ngarp_interval 1\ninterface eth0\n}\n');
  assert.deepEqual(complaints(loaded), [
    '(keepalived.conf: Line 3) garp group 0 does not have any delay set - removing',
  ]);
  assert.deepEqual(loaded.config?.garpGroups[0]?.interfaces, ['eth0']);
});

test('blanks before a backslash at the end of a line go', () => {
  assert.deepEqual(complaints(load('foo \\\n"bar" \\\nbaz { \\\n}\n')).slice(0, 2), [
    "(keepalived.conf: Line 1) Unknown keyword 'foo\\'",
    "(keepalived.conf: Line 2) Unknown keyword 'bar'",
  ]);
});

test('nftables counts before iptables, and sets are for iptables', () => {
  const { config } = load('global_defs {\nvrrp_iptables\nnftables\nvrrp_ipsets a\n}\n');
  assert.deepEqual(config?.global.nftables, { table: 'keepalived', priority: -1, matchIfindex: false });
  assert.equal(config?.global.iptables, undefined);
  assert.equal(config?.global.ipsets, undefined);
  const sets = load('global_defs {\nvrrp_iptables A\nvrrp_ipsets s t\n}\n').config?.global;
  assert.deepEqual(sets?.iptables, { inputChain: 'A' });
  assert.deepEqual(sets?.ipsets, ['s', 't', 's_if6', 's_igmp', 's_mld', 's_nd']);
});

test('one bad processor leaves none, and a real-time priority is moved to the nearest', () => {
  const { config } = load('global_defs {\nvrrp_cpu_affinity 0 9\nchecker_cpu_affinity 1 0\nvrrp_rt_priority 100\n}\n');
  assert.deepEqual(config?.global.processes.vrrp, { realtimePriority: 99, noSwap: false });
  assert.deepEqual(config?.global.processes.checker, { noSwap: false, cpuAffinity: [0, 1] });
});

test('a synchronisation daemon that follows an instance unknown is told of, in the log only', () => {
  const followed = (name: string): string[] =>
    load(
      `global_defs {\nlvs_sync_daemon eth0 ${name}\n}\n${instance.replace('foo\n', '').replace('eth7', 'eth0')}`,
    ).diagnostics.map(({ message }) => message);
  const told = 'Unable to find vrrp instance VI_9 for lvs_syncd - clearing lvs_syncd config';
  assert.ok(followed('VI_9').includes(told));
  assert.ok(!followed('VI_1').some((message) => message.includes('lvs_syncd')));
});

test('the synchronisation daemon of global_defs counts, wherever it stands', () => {
  const asking = instance.replace('eth7', 'eth0').replace('foo', 'lvs_sync_daemon_interface eth1');
  const globals = 'global_defs {\nlvs_sync_daemon eth0\n}\n';
  for (const text of [asking + globals, globals + asking]) {
    const loaded = load(text);
    assert.equal(loaded.config?.instances[0]?.lvsSyncDaemonInterface, undefined);
    assert.ok(complaints(loaded).some((line) => line.includes('has already been specified as eth0 - ignoring')));
  }
});

for (const [words, mask, complaint] of [
  ['022', 0o022],
  ['IRUSR|IWUSR', 0o600],
  ['IRUSR | IWUSR| IXGRP', 0o610],
  ['0x1ff 3', 0o777, 'Extra parameter(s) to umask option'],
  ['IRUSR IWUSR', undefined, 'Invalid umask syntax IWUSR'],
  ['IRUSR|', undefined, 'umask missing bit value'],
  ['IRUSR||IWUSR', undefined, 'Unknown umask bit |IWUSR'],
  ['foo|IRUSR', undefined, 'Unknown umask bit foo|IRUSR'],
  ['01777', undefined, 'invalid umask value 01777'],
] as const) {
  test(`umask ${words}`, () => {
    const loaded = load(`global_defs {\numask ${words}\n}\n`);
    assert.deepEqual(complaints(loaded), complaint ? [`(keepalived.conf: Line 2) ${complaint}`] : []);
    assert.equal(loaded.config?.global.umask, mask ?? 0o177);
  });
}

test('a startup script with a user nobody knows, or without a command, is refused, and another may be given', () => {
  const text = (words: string) =>
    `global_defs {\nenable_script_security\nscript_user root\nstartup_script ${words}\nstartup_script "/bin/true"\n}\n`;
  const refused = ['(keepalived.conf: Line 4) Invalid startup script'];
  for (const words of ['"/bin/false" nobody-knows', '"/bin/false" root nobody-knows', '""']) {
    const loaded = load(text(words));
    assert.deepEqual(complaints(loaded), refused);
    assert.equal(loaded.config?.global.startupScript?.command.argv[0], '/bin/true');
  }
  assert.deepEqual(complaints(load(text('"/bin/false" root'))), [
    '(keepalived.conf: Line 5) startup script already specified',
  ]);
});

test('words that every object of the language knows are words like any other', () => {
  const loaded = load(
    'toString\nglobal_defs {\nrouter_id $constructor\ninclude_check valueOf\nlvs_sync_daemon eth0 toString\n}\n',
  );
  assert.deepEqual(complaints(loaded), [
    "(keepalived.conf: Line 1) Unknown keyword 'toString'",
    "(keepalived.conf: Line 4) Unknown include_check type 'valueOf' - ignoring",
  ]);
  assert.equal(loaded.config?.global.routerId, '$constructor');
  assert.deepEqual(loaded.config?.global.lvsSyncDaemon, { interface: 'eth0', instance: 'toString' });
});

test('global_defs counts for what stands before it too', () => {
  const late = (line: string, text: string) => load(`${text}global_defs {\n${line}\n}\n`);
  assert.deepEqual(complaints(late('dynamic_interfaces', instance.replace('foo\n', ''))), []);
  const addresses = late('default_interface eth1', 'static_ipaddress {\n192.0.2.1\n}\n').config?.staticAddresses;
  assert.deepEqual(
    addresses?.map((address) => address.interface),
    ['eth1'],
  );
  const twice = late('router_id x\nnotify_fifo /run/f\nnotify_fifo /run/g', 'vrrp_script s {\nscript /bin/true\n}\n');
  assert.deepEqual(complaints(twice), ['(keepalived.conf: Line 7) notify_fifo already specified - ignoring /run/g']);
});

test('where interfaces may change, a virtual router that clashes with another one only waits', () => {
  const twin = (name: string) =>
    instance
      .replace('VI_1', name)
      .replace('eth7', 'eth0')
      .replace('foo\n', '')
      .replace('192.0.2.1', `192.0.2.${name.length}`);
  const both = twin('A') + twin('BB');
  assert.deepEqual(complaints(load(both)), ['A and BB both use VRID 1 with IPv4 on interface eth0']);
  const { config, diagnostics } = load(`global_defs {\ndynamic_interfaces allow_if_changes\n}\n${both}`);
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['(A) - warning, VRID 1 for IPv4 is currently duplicated on BB'],
  );
  assert.deepEqual(
    config?.instances.map(({ configurationFault }) => configurationFault),
    [true, undefined],
  );
});

test('an interface without ARP is spoken of in detail only', () => {
  const facts = { mtu: 1500, loopback: false, multicast: true, arp: false, ethernet: true };
  const judge = (detailed: boolean) =>
    complaints(loadOn({ interfaceFacts: () => facts }, instance.replace('foo\n', ''), { detailed }));
  assert.deepEqual(judge(false), []);
  assert.deepEqual(judge(true), ['(VI_1) disabling ARP since interface does not support it']);
});

test('a second synchronisation daemon is told of with the first and its instance', () => {
  const judge = (lines: string) => complaints(load(`global_defs {\n${lines}\n}\n`));
  assert.deepEqual(judge('lvs_sync_daemon eth0 inst V\nlvs_sync_daemon eth1'), [
    '(keepalived.conf: Line 3) lvs_sync_daemon has already been specified as eth0 V - ignoring',
  ]);
});

test('whoever asks for a fault without peers means unicast', () => {
  const judge = (lines: string) => {
    const loaded = load(instance.replace('interface eth7', `interface eth0\n${lines}`).replace('foo\n', ''));
    return [complaints(loaded), loaded.config?.instances[0]?.configurationFault] as const;
  };
  assert.deepEqual(judge('unicast_fault_no_peer'), [[], true]);
  assert.deepEqual(judge('unicast_fault_no_peer\nunicast_peer {\n192.0.2.9\n}'), [[], undefined]);
  const [said] = judge('unicast_fault_no_peer\nuse_vmac')[0];
  assert.match(said ?? '', /unicast with use_vmac requires vmac_xmit_base - setting$/);
});
