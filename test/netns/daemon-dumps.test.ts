import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing, reference } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { seconds, until } from './processes.ts';

const skip = missing(['root', 'namespaces', `program ${reference}`]);

const CONFIGURATION = `global_defs {
  router_id DUMP
  enable_script_security
  script_user root
  default_interface eth0
}
vrrp_script usual {
  script /usr/bin/true
  interval 2
}
vrrp_sync_group G {
  group {
    VI_A
    VI_B
  }
}
vrrp_instance VI_A {
  interface eth0
  virtual_router_id 12
  priority 120
  authentication {
    auth_type PASS
    auth_pass s3cr3t
  }
  virtual_ipaddress {
    10.99.0.5/24
    10.99.0.6 dev eth1 label eth1:v
  }
  notify /usr/bin/true
  track_script {
    usual
  }
}
vrrp_instance VI_B {
  interface eth0
  virtual_router_id 8
  priority 110
  nopreempt
  preempt_delay 3
  virtual_ipaddress {
    10.99.0.8/24
  }
  virtual_ipaddress_excluded {
    2001:db8::99/64
  }
}
vrrp_instance VI_C {
  interface eth0
  version 3
  virtual_router_id 9
  priority 110
  advert_int 0.5
  unicast_src_ip 10.99.0.1
  unicast_peer {
    10.99.0.77 min_ttl 3
  }
  virtual_ipaddress {
    10.99.0.9/24
  }
}
`;

/** Lines that 2.2.7 does not have yet, has otherwise, or has no longer. */
const OF_ONE_RELEASE =
  /^ +(Last advert sent|Highest other priority|Group =|Number of (tracker|interface)|VRRPv3 uses|Flags of interface|Password =)|^ (libnftnl|json_version|iproute|Replace symlinks|Don't set|Use VRRPv2|SNMP [VR]S|DBus no interface)/;

describe('dumps beside keepalived', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox('dumps');
    sandbox.write('keepalived.conf', CONFIGURATION);
  });
  after(() => sandbox.close());

  /** Runs a daemon until it is master and has written everything; what it wrote, by name. */
  const dumped = async (program: string, name: string): Promise<(file: string) => string> => {
    const directory = sandbox.path(name);
    mkdirSync(directory);
    process.env.TMPDIR = directory;
    const daemon = new Foreground(sandbox, program, '-D', '-f', sandbox.path('keepalived.conf'), ...sandbox.pidOptions);
    delete process.env.TMPDIR;
    await daemon.says(/^\(VI_A\) Entering MASTER STATE$/);
    await daemon.says(/^\(VI_B\) Entering MASTER STATE$/);
    await daemon.says(/^\(VI_C\) Entering MASTER STATE$/);
    await seconds(0.5);
    process.kill(sandbox.pidIn('p.pid'), 'SIGUSR1');
    process.kill(sandbox.pidIn('p.pid'), 'SIGUSR2');
    process.kill(sandbox.pidIn('p.pid'), 36);
    const files = ['keepalived.data', 'keepalived_parent.data', 'keepalived.stats', 'keepalived.json'];
    await until('the files', 10, () => files.every((file) => existsSync(`${directory}/${file}`)));
    await seconds(0.3);
    for (const file of files) assert.equal(statSync(`${directory}/${file}`).mode & 0o777, 0o600);
    assert.equal(await daemon.stop(), 0);
    return (file) => readFileSync(`${directory}/${file}`, 'utf8');
  };

  /** Without what differs from run to run. */
  const comparable = (text: string): string[] =>
    text
      .replaceAll(/\d{10}\.\d{6}( \(.*\))?/g, 'TIME')
      .replaceAll(/fd_in \d+(,?) fd_out( =)? \d+/g, 'fd_in N$1 fd_out$2 N')
      .split('\n')
      .filter((line) => !OF_ONE_RELEASE.test(line));

  it('have its lines in its order', async () => {
    const [ours, theirs] = [await dumped(evenkeel, 'ours'), await dumped(reference, 'theirs')];
    const topology = (text: string): string => text.slice(text.indexOf('------< VRRP Topology'));
    assert.deepEqual(comparable(topology(ours('keepalived.data'))), comparable(topology(theirs('keepalived.data'))));
    const global = (text: string): string[] => comparable(text.slice(0, text.indexOf('------<', 10)));
    assert.deepEqual(global(ours('keepalived.data')), global(theirs('keepalived.data')));
    assert.deepEqual(global(ours('keepalived_parent.data')), global(theirs('keepalived_parent.data')));
    const json = (text: string): unknown =>
      JSON.parse(
        text
          .replaceAll(/"auth_ext_\w+":0,/g, '')
          .replaceAll(/"auth_data":"[^"]*"/g, '"auth_data":"*"')
          .replaceAll(/"last_transition":[\d.]+/g, '"last_transition":0')
          .replaceAll(/"advert_sent":\d+/g, '"advert_sent":0'),
      );
    assert.deepEqual(json(ours('keepalived.json')), json(theirs('keepalived.json')));
    const counters = (text: string): string =>
      text.replaceAll(/ {2}Authentication Extension Errors:\n(?: {4}.*\n)*/g, '').replaceAll(/Sent: \d+/g, 'Sent: N');
    assert.equal(counters(ours('keepalived.stats')), counters(theirs('keepalived.stats')));
  });
});
