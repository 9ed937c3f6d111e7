import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { Recorder, run, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program snmpd', 'program snmptrapd', 'program snmpbulkwalk']);

const KEEPALIVED = '.1.3.6.1.4.1.9586.100.5';
const configuration = (socket: string): string => `global_defs {
  router_id R1
  enable_snmp_vrrp
  enable_snmp_rfc
  enable_traps
  snmp_socket unix:${socket}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  version 2
  advert_int 1
  priority 250
  virtual_ipaddress {
    10.99.0.9/32
  }
}
vrrp_instance VI_2 {
  interface eth0
  virtual_router_id 52
  version 3
  advert_int 0.2
  virtual_ipaddress {
    2001:db8::9/128
  }
}
`;

describe('SNMP', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  const programs: Recorder[] = [];
  const traps: string[] = [];
  before(async () => {
    sandbox = new Sandbox('snmp');
    run('ip', '-n', sandbox.namespace, 'address', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
    const socket = sandbox.path('agentx');
    const agent = `agentAddress udp:127.0.0.1:1161
rocommunity public
rwcommunity private
master agentx
agentXSocket ${socket}
trap2sink 127.0.0.1:1162 public
`;
    const inside = ['ip', 'netns', 'exec', sandbox.namespace];
    const quiet = ['-m', '', '-f', '-C', '-On'];
    const receiver = ['snmptrapd', ...quiet, '-Lo', '--disableAuthorization=yes', '127.0.0.1:1162'];
    programs.push(new Recorder([...inside, ...receiver], { line: (line) => traps.push(line) }));
    const master = ['snmpd', '-m', '', '-f', '-C', '-c', sandbox.write('snmpd.conf', agent), '-Lo', '-p'];
    programs.push(new Recorder([...inside, ...master, sandbox.path('snmpd.pid')], { line: () => {} }));
    await until('the master agent', 10, () => existsSync(socket));
  });
  after(async () => {
    for (const program of programs) await program.end('SIGTERM');
    sandbox.close();
  });

  const walk = (oid: string): Map<string, string> => {
    const words = ['-m', '', '-v2c', '-c', 'public', '-On', '127.0.0.1:1161', oid];
    const lines = run('ip', 'netns', 'exec', sandbox.namespace, 'snmpbulkwalk', ...words).split('\n');
    return new Map(lines.map((line) => line.split(' = ') as [string, string]));
  };

  it('shows the instances in all three MIBs, and tells of new masters', async () => {
    const file = sandbox.write('keepalived.conf', configuration(sandbox.path('agentx')));
    const daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions);
    await daemon.says(/AgentX subagent connected/);
    await daemon.says(/^\(VI_1\) Entering MASTER STATE$/);
    await daemon.says(/^\(VI_2\) Entering MASTER STATE$/);
    await until(
      'fresh knowledge',
      5,
      () => walk(`${KEEPALIVED}.2.3.1.4`).get(`${KEEPALIVED}.2.3.1.4.1`) === 'INTEGER: 2',
    );
    const own = walk(KEEPALIVED);
    assert.equal(own.get(`${KEEPALIVED}.1.2.0`), 'STRING: "R1"');
    assert.equal(own.get(`${KEEPALIVED}.2.3.1.2.1`), 'STRING: "VI_1"');
    assert.equal(own.get(`${KEEPALIVED}.2.3.1.8.1`), 'INTEGER: 250');
    assert.equal(own.get(`${KEEPALIVED}.2.6.1.3.1.1`), 'Hex-STRING: 0A 63 00 09 ');
    const index = run('ip', '-n', sandbox.namespace, '-o', 'link', 'show', 'eth0').split(':')[0];
    const version2 = walk('.1.3.6.1.2.1.68');
    assert.equal(version2.get(`.1.3.6.1.2.1.68.1.3.1.3.${index}.51`), 'INTEGER: 3');
    assert.equal(version2.get(`.1.3.6.1.2.1.68.1.3.1.8.${index}.51`), 'IpAddress: 10.99.0.1');
    const version3 = walk('.1.3.6.1.2.1.207');
    assert.equal(version3.get(`.1.3.6.1.2.1.207.1.1.1.1.6.${index}.52.2`), 'INTEGER: 3');
    const told = (oid: string): boolean => traps.some((line) => line.includes(oid));
    await until('the traps', 10, () => told('.1.3.6.1.2.1.207.0.1') && told(`${KEEPALIVED}.2.10.0.2`));
    const priority = `${KEEPALIVED}.2.3.1.7.1`;
    const inside = ['ip', 'netns', 'exec', sandbox.namespace] as const;
    const change = ['snmpset', '-m', '', '-v2c', '-c', 'private', '-On', '127.0.0.1:1161', priority, 'i', '120'];
    assert.equal(run(...inside, ...change).trim(), `${priority} = INTEGER: 120`);
    await daemon.says(/^\(VI_1\) base priority changed from 250 to 120 via SNMP\.$/);
    assert.equal(walk(`${KEEPALIVED}.2.3.1.8`).get(`${KEEPALIVED}.2.3.1.8.1`), 'INTEGER: 120');
    assert.equal(await daemon.stop(), 0);
    await until('the last trap', 5, () => traps.some((line) => /\.2\.3\.1\.4 = INTEGER: 5/.test(line)));
  });
});
