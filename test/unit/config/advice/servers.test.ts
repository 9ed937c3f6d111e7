import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advise } from '../../../../src/config/advice/rules.ts';
import { load } from '../loading.ts';

const TCP = 'TCP_CHECK {\n connect_timeout 3\n}';

/** What is said of a virtual server with one check for each of its real servers; an empty text is none. */
function advice(checks: readonly string[], name = '10.0.0.1 80', before = ''): string[] {
  const servers = checks.map((check, i) => `real_server 10.1.0.${i + 1} 80 {\n${check}\n}`);
  const protocol = name.startsWith('fwmark') ? '' : 'protocol TCP';
  const { config } = load(
    `${before}virtual_server ${name} {\n delay_loop 6\n lb_algo rr\n ${protocol}\n${servers.join('\n')}\n}\n`,
  );
  assert.ok(config, 'the configuration can be used');
  return advise(config, { networks: () => [] }).map((one) => `${one.rule} ${one.name}: ${one.message}`);
}

test('checks that may wait longer than until the next', () => {
  assert.deepEqual(advice([TCP, 'TCP_CHECK {\n connect_timeout 7\n}']), [
    'check-slower-than-interval 10.0.0.1 80: TCP_CHECK of 10.1.0.2:80 may wait 7 s for an answer but is due every 6 s: a server that hangs is noticed late.',
  ]);
  assert.deepEqual(advice(['TCP_CHECK {\n connect_timeout 6\n}']), []);
  const script = (timeout: number): string =>
    `MISC_CHECK {\n misc_path "/bin/true"\n user root\n misc_timeout ${timeout}\n}`;
  assert.match(advice([script(9)])[0] ?? '', /MISC_CHECK of 10\.1\.0\.1:80 may wait 9 s/);
  assert.deepEqual(advice([script(5)]), []);
});

test('servers that nothing checks, three by name', () => {
  assert.deepEqual(advice(['', TCP, '', '', '']), [
    'server-unchecked 10.0.0.1 80: nothing checks 10.1.0.1:80, 10.1.0.3:80, 10.1.0.4:80 and 1 more: a dead server keeps getting connections.',
  ]);
  assert.match(advice(['', '', ''])[0] ?? '', /nothing checks 10\.1\.0\.1:80, 10\.1\.0\.2:80, 10\.1\.0\.3:80: a dead/);
});

test('virtual servers are named as the configuration names them', () => {
  assert.match(advice([''], 'fwmark 7')[0] ?? '', /^server-unchecked fwmark 7:/);
  const group = 'virtual_server_group web {\n 10.0.0.1 80\n}\n';
  assert.match(advice([''], 'group web', group)[0] ?? '', /^server-unchecked group web:/);
});

test('a granularity that the members of a group do not get', () => {
  const server = (name: string, granularity: string): string =>
    `${name} {\n lb_algo rr\n protocol TCP\n persistence_timeout 60\n ${granularity}\n real_server 10.1.0.1 80 {\n${TCP}\n}\n}\n`;
  const group = 'virtual_server_group web {\n 10.0.0.1 80\n}\n';
  const said = (text: string): readonly string[] => {
    const { config } = load(text);
    assert.ok(config);
    return advise(config, { networks: () => [] }).map(({ rule, keyword }) => `${rule} ${keyword}`);
  };
  const wide = 'persistence_granularity 255.255.255.0';
  assert.deepEqual(said(group + server('virtual_server group web', wide)), [
    'granularity-of-group persistence_granularity',
  ]);
  assert.deepEqual(said(group + server('virtual_server group web', 'persistence_granularity 255.255.255.255')), []);
  assert.deepEqual(said(server('virtual_server 10.0.0.1 80', wide)), []);
});
