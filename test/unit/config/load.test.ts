import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/load.ts';
import { ok } from '../../../src/lib/result.ts';
import { printDiagnostic } from '../../../src/report/diagnostics.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';
import { complaints, load } from './loading.ts';

const instance = 'vrrp_instance A {\ninterface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n192.0.2.9\n}\n}\n';

test('a missing file is no complaint to a test, and ends a start', () => {
  const none = (includeCheck: boolean) =>
    loadConfig('none.conf', fakeConfigEnvironment({}), { configId: 'a', test: true, includeCheck });
  assert.deepEqual(none(false).diagnostics, [{ class: 'ok', message: "Config files missing 'none.conf'." }]);
  assert.deepEqual([none(false).testStatus, none(false).startStatus], [0, 6]);
  assert.equal(none(true).testStatus, 4);
});

test('several files are one configuration, and a complaint', () => {
  const environment = fakeConfigEnvironment({ 'a.conf': instance, 'b.conf': 'foo\n' });
  const loaded = loadConfig('?.conf', environment, { configId: 'a', test: true, includeCheck: false });
  assert.equal(loaded.config?.instances.length, 1);
  assert.deepEqual(complaints(loaded), [
    'WARNING, multiple configuration file matches of ?.conf, starting with a.conf',
    "(b.conf: Line 1) Unknown keyword 'foo'",
  ]);
});

test('what runs is known even where nothing can be used', () => {
  assert.deepEqual([load('').hasVrrp, load('').hasCheckers], [false, false]);
  assert.equal(load('static_routes {\n}\n').hasVrrp, true);
  assert.equal(load('virtual_server x {\n}\n').hasCheckers, true);
});

test('a file without a keyword is known for one', () => {
  for (const text of ['', '\n! nothing\n# at all\n', '$X=1\n']) assert.equal(load(text).saysNothing, true);
  for (const text of ['global_defs {\n}\n', 'unknown\n', instance]) assert.equal(load(text).saysNothing, undefined);
});

test('a fatal instance leaves no configuration', () => {
  const loaded = load('vrrp_instance A {\ninterface eth0\nvirtual_ipaddress {\n192.0.2.9\n}\n}\n');
  assert.equal(loaded.config, undefined);
  assert.deepEqual([loaded.testStatus, loaded.startStatus], [5, 2]);
});

test('a missing word ends the reading', () => {
  const loaded = load('vrrp_instance A {\npriority\nfoo\n}\n');
  assert.deepEqual(complaints(loaded), [
    '(keepalived.conf: Line 2) *** Configuration line starting `priority` is missing a parameter after keyword `priority` at word position 2',
  ]);
  assert.deepEqual([loaded.testStatus, loaded.startStatus], [2, 2]);
});

test('what a child finds is not told to whoever starts the daemon', () => {
  const fatal = 'vrrp_instance A {\ninterface eth0\n}\n';
  assert.equal(load(fatal).failsInChild, true);
  assert.equal(load('vrrp_instance A {\npriority\n}\n').failsInChild, true);
  assert.equal(load('global_defs {\nvrrp_version\n}\n').failsInChild, undefined);
});

test('with reload_check_config no start has a complaint', () => {
  const checked = `global_defs {\nreload_check_config\n}\n${instance}`;
  assert.equal(load(checked).startStatus, 0);
  assert.deepEqual([load(`${checked}foo\n`).startStatus, load(`${checked}foo\n`).failsInChild], [2, true]);
  assert.equal(load(`${checked}include none\n`).startStatus, 0);
});

test('without the namespace of the command line only the parent has looked', () => {
  const loaded = load(`foo\n${instance}`, {}, { namespace: 'none' });
  assert.deepEqual([loaded.missingNamespace, loaded.testStatus, loaded.config], ['none', 0, undefined]);
  assert.deepEqual(complaints(loaded), ["(keepalived.conf: Line 1) Unknown keyword 'foo'"]);
});

test('the SNMP agent of the command line is the one', () => {
  const text = `global_defs {\nsnmp_socket unix:/b\n}\n${instance}`;
  const loaded = load(text, {}, { snmpSocket: 'unix:/a' });
  assert.deepEqual(complaints(loaded), ['(keepalived.conf: Line 2) SNMP socket already set to unix:/a - ignoring']);
});

test('where braces do not pair, every process takes its own blocks out of them', () => {
  const text = 'vrrp_instance A\ninterface eth0\nvirtual_server 192.0.2.1 80 {\nfoo {\n}\n}\nrouter_id\n';
  assert.deepEqual(complaints(load(text)), [
    "(keepalived.conf: Line 2) Unknown keyword 'interface'",
    "(keepalived.conf: Line 7) Unknown keyword 'router_id'",
    "(keepalived.conf: Line 4) Unknown keyword 'foo'",
    "(keepalived.conf: Line 4) Unexpected '{' - ignoring",
    '(keepalived.conf: Line 5) Virtual server [192.0.2.1]:none:80 has no real servers - ignoring',
    "(keepalived.conf: Line 6) Unknown keyword '}'",
    "(keepalived.conf: Line 2) Missing '{' at beginning of configuration block",
    "(keepalived.conf: Line 3) Unknown keyword 'virtual_server'",
    "(keepalived.conf: Line 3) Unexpected '{' - ignoring",
    '(A) the virtual router id must be set',
  ]);
});

test('an include problem counts before a missing word that a child finds, not before one of the parent', () => {
  assert.equal(load('vrrp_instance A {\npriority\n}\nincludem none\n').testStatus, 6);
  assert.equal(load('includem none\nglobal_defs {\numask\n}\n').testStatus, 2);
});

test('an include problem that counts ends the start with 6', () => {
  const loaded = load(`${instance}includem none\n`);
  assert.deepEqual([loaded.testStatus, loaded.startStatus], [6, 6]);
  assert.equal(load(`${instance}include none\n`, {}, { includeCheck: true }).startStatus, 6);
});

test('a number with trailing characters is refused by a test and warned of in a start', () => {
  const written = (line: string): string => instance.replace('virtual_router_id 5', `virtual_router_id 5\n${line}`);
  const repeats = (line: string, test: boolean) => {
    const loaded = load(written(line), {}, { test });
    return [loaded.config?.instances[0]?.garp.repeat, ...complaints(loaded)];
  };
  const place = '(keepalived.conf: Line 4)';
  assert.deepEqual(repeats('garp_master_repeat 7x', false), [7, `${place} WARNING - invalid number '7x'`]);
  assert.deepEqual(repeats('garp_master_repeat -7', false).slice(0, 2), [5, `${place} WARNING - negative number '-7'`]);
  assert.deepEqual(repeats('garp_lower_prio_delay abc', false).slice(1), [`${place} WARNING - invalid number 'abc'`]);
  assert.deepEqual(repeats('garp_master_repeat 7x', true).slice(0, 2), [5, `${place} invalid number '7x'`]);
});

test('some numbers are read exactly in a start, too', () => {
  const text = instance.replace('virtual_router_id 5', 'virtual_router_id 5x');
  const started = load(text, {}, { test: false });
  assert.equal(started.config, undefined);
  assert.equal(complaints(started)[0], "(keepalived.conf: Line 3) invalid number '5x'");
});

test('the largest class decides: a security error outweighs a fatal one', () => {
  const text = `${instance.replace('virtual_router_id 5', 'notify /bin/true\npriority 300\nvirtual_router_id 5')}`;
  assert.equal(load(text).testStatus, 6);
});

test('complaints show column and expectation after the words of keepalived', () => {
  const { diagnostics } = load('vrrp_instance A {\n  priority 300\n}\n');
  assert.equal(
    printDiagnostic(diagnostics[0]!),
    "(keepalived.conf: Line 2) number '300' outside range [1, 255] [column 12, expected a whole number from 1 to 255]",
  );
});

test('an old spelling does what it meant', () => {
  const { config } = load('global_defs {\nlvs_id OLD\n}\n');
  assert.equal(config?.global.routerId, 'OLD');
});

test('scripts are not missed where there is no instance', () => {
  const script = 'vrrp_script S {\nscript /nosuch/x\n}\n';
  assert.deepEqual(complaints(load(script)), []);
  assert.deepEqual(complaints(load(script + instance)), ['Disabling track script S since not found/accessible']);
});

test('a file that changes while it is read is judged by what was read, whatever that was', () => {
  const texts = [
    'vrrp_instance A {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress { 10.0.0.1 }\n',
    'vrrp_instance B {\n}\n}\n}\nvirtual_server 10.0.0.2 80 {\n',
    '',
  ];
  for (let first = 0; first < texts.length; first++) {
    let reading = first;
    const environment = {
      ...fakeConfigEnvironment({ 'keepalived.conf': '' }),
      readFile: () => ok(texts[reading++ % texts.length] as string),
    };
    const options = { configId: 'a', test: true, includeCheck: false };
    const { testStatus } = loadConfig('/etc/keepalived/keepalived.conf', environment, options);
    assert.ok([0, 2, 4, 5, 6].includes(testStatus), `status ${testStatus}`);
  }
});

test('an interface that was there at an earlier reading may be gone at a reload', () => {
  const usual = fakeConfigEnvironment({ 'keepalived.conf': instance });
  const foundInterfaces = new Set<string>();
  const options = { configId: 'a', test: false, includeCheck: false, foundInterfaces };
  const gone = { ...usual, interfaceFacts: () => undefined };
  assert.notEqual(loadConfig('keepalived.conf', gone, options).startStatus, 0, 'it has never been there');
  assert.equal(loadConfig('keepalived.conf', usual, options).startStatus, 0);
  const { config, startStatus } = loadConfig('keepalived.conf', gone, options);
  assert.deepEqual([startStatus, config?.instances[0]?.interface], [0, 'eth0']);
});

test('a macvlan that somebody has made is used whatever its name, one of our own has the configured one', () => {
  const ownInterfaces = new Set<string>();
  const named = (virtualInterface: string, there: string) => {
    const text = instance.replace('interface eth0', `interface eth0\n${virtualInterface}`);
    const usual = fakeConfigEnvironment({ 'keepalived.conf': text });
    const environment = {
      ...usual,
      interfaceFacts: (name: string) => usual.interfaceFacts(name === there ? 'eth0' : name),
      privateMacvlans: (base: string, mac: string) =>
        there !== '' && base === 'eth0' && mac === '00:00:5e:00:01:05' ? [there] : [],
    };
    const options = { configId: 'a', test: false, includeCheck: false, ownInterfaces };
    const { config, diagnostics } = loadConfig('keepalived.conf', environment, options);
    return [config?.instances[0]?.vmac?.name, diagnostics.at(-1)?.message];
  };
  const mismatch = '(A) vmac name mismatch mine <=> foo. changing to foo.';
  assert.deepEqual([named('use_vmac', 'foo')[0], ...named('use_vmac mine', 'foo')], ['foo', 'foo', mismatch]);
  assert.equal(named('use_vmac mine', '')[0], 'mine');
  assert.equal(named('use_vmac other', 'mine')[0], 'other');
});

test('a sorry server without a port takes that of the service only where the way to it cannot change ports', () => {
  const sorryPort = (method: string): number | undefined =>
    load(`virtual_server 192.0.2.20 80 {
  protocol TCP
  lb_algo rr
  lb_kind ${method}
  sorry_server 198.51.100.9
  real_server 198.51.100.1 80 {
  }
}`).config?.virtualServers[0]?.sorryServer?.port;
  assert.deepEqual(['NAT', 'DR', 'TUN'].map(sorryPort), [0, 80, 80]);
});
