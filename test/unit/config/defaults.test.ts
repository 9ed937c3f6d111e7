import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotted, keywordEntries } from '../../../grammar/keyword-entries.ts';
import { load } from './loading.ts';

/*
 * The default that a row shows in the manual and the one that an unwritten keyword comes to stand in different places:
 * whoever writes a default down must get what he had without it.
 */

const instance = (line: string, track = '') => `
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  ${line}
  virtual_ipaddress {
    192.0.2.10
  }
  ${track}
}`;

const server = (line: string, ofServer = '') => `
virtual_server 192.0.2.20 53 {
  protocol UDP
  lb_algo rr
  lb_kind NAT
  ${line}
  real_server 198.51.100.1 53 {
    ${ofServer}
  }
}`;

const checker = (name: string) => (line: string) => server('', `${name} {\n${line}\n}`);

/** A configuration around a line, by the block that the line stands in. */
const around: Readonly<Record<string, (line: string) => string>> = {
  '': (line) => line + instance(''),
  global_defs: (line) => `global_defs {\nnftables\nnftables_ipvs\nenable_dbus\n${line}\n}${instance('')}${server('')}`,
  vrrp_instance: instance,
  'vrrp_instance.auth_hmac': (line) => instance(`auth_hmac {\nkey 1 ${'k'.repeat(32)}\nactive_key 1\n${line}\n}`),
  vrrp_script: (line) => `vrrp_script load {\nscript /bin/true\n${line}\n}${instance('', 'track_script {\nload\n}')}`,
  vrrp_track_process: (line) =>
    `vrrp_track_process web {\nprocess nginx\n${line}\n}${instance('', 'track_process {\nweb\n}')}`,
  track_file: (line) => `track_file load {\nfile /run/load\n${line}\n}${instance('', 'track_file {\nload\n}')}`,
  bfd_instance: (line) => `bfd_instance peer {\nneighbor_ip 192.0.2.1\n${line}\n}${instance('')}`,
  virtual_server: server,
  'virtual_server.real_server.DNS_CHECK': checker('DNS_CHECK'),
  'virtual_server.real_server.SMTP_CHECK': checker('SMTP_CHECK'),
  'virtual_server.real_server.UDP_CHECK': checker('UDP_CHECK'),
  ...Object.fromEntries(
    ['HTTP_GET', 'SSL_GET'].map((name) => [
      `virtual_server.real_server.${name}.url`,
      (line: string) => checker(name)(`url {\npath /\nregex ok\n${line}\n}`),
    ]),
  ),
};

/** Left out of the configuration by whoever wants to tell what was written from what was not. */
const resolvedLater =
  /^(global_defs\.((vrrp|checker|bfd)_(priority|rlimit_rttime)|dbus_no_interface_name)|virtual_server\.weight)$/;

for (const { path, row } of keywordEntries()) {
  const name = dotted(path);
  if (row.kind !== 'leaf' || row.default === undefined || row.deprecated || resolvedLater.test(name)) continue;
  test(`${name}: the default that the manual shows is the one in force`, () => {
    const frame = around[dotted(path.slice(0, -1))];
    assert.ok(frame, `no configuration around ${name}`);
    const written = load(frame(`${path.at(-1)} ${row.value.print(row.default)}`)).config;
    assert.ok(written);
    assert.deepEqual(written, load(frame('')).config);
  });
}
