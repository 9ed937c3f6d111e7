import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing, reference } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { MailServer } from './mail-server.ts';
import { run, until } from './processes.ts';

const skip = missing(['root', 'namespaces', `program ${reference}`]);

const CONFIGURATION = `global_defs {
  router_id RR
  notification_email {
    ops@example.com
    two@example.com
  }
  notification_email_from me@example.com
  smtp_server 127.0.0.1
  smtp_helo_name helo.example.com
}
vrrp_instance VI_A {
  interface eth0
  virtual_router_id 7
  priority 120
  smtp_alert
  virtual_ipaddress {
    10.99.0.5/24
  }
}
vrrp_instance VI_B {
  interface eth0
  virtual_router_id 8
  priority 120
  virtual_ipaddress {
    10.99.0.6/24
  }
}
`;

describe('alerts by mail beside keepalived', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox('mail');
    sandbox.write('keepalived.conf', CONFIGURATION);
  });
  after(() => sandbox.close());

  const begin = (program: string): Foreground =>
    new Foreground(sandbox, program, '-f', sandbox.path('keepalived.conf'), ...sandbox.pidOptions);

  /** Becomes backup, master, and faulty. */
  const told = async (program: string): Promise<string[]> => {
    const server = await MailServer.open(sandbox.namespace);
    const daemon = begin(program);
    await until('two letters', 20, () => server.letters >= 2);
    run('ip', '-n', sandbox.namespace, 'link', 'set', 'eth0', 'down');
    await until('three letters', 20, () => server.letters >= 3);
    await daemon.stop();
    run('ip', '-n', sandbox.namespace, 'link', 'set', 'eth0', 'up');
    await server.close();
    return server.dialogues(3);
  };

  it('have its words, its headers and its dialogue', async () => {
    const [ours, theirs] = [await told(evenkeel), await told(reference)];
    assert.match(ours[2] ?? '', /^Subject: \[RR\] VRRP Instance VI_A - Entering FAULT state$/m);
    assert.deepEqual(ours, theirs);
  });

  it('delay nothing when no server answers', async () => {
    const daemon = begin(evenkeel);
    await daemon.says(/^smtp fd \d+ returned write error$/);
    await daemon.says(/^\(VI_A\) Entering MASTER STATE$/);
    assert.equal(await daemon.stop(), 0);
  });
});
