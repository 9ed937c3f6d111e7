import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoadedConfig } from '../../../../src/config/load.ts';
import { loaded, unusable } from '../../../fakes/parent-world.ts';
import { start, turn } from '../../../fakes/running-parent.ts';

const SIGKILL = 9;
const SIGTERM = 15;

describe('start', () => {
  it('goes through its steps in order', async () => {
    const { world, news } = await start([loaded(['vrrp', 'checker'])]);
    assert.deepEqual(news().slice(3), [
      'load',
      'log Configuration file /etc/keepalived/keepalived.conf',
      'lock /run/keepalived.pid',
      'lock /run/vrrp.pid',
      'lock /run/checkers.pid',
      'clear /run/bfd.pid',
      'write /run/keepalived.pid 100',
      'daemonise',
      'log NOTICE: setting config option max_auto_priority should result in better keepalived performance',
      'fork checker',
      'log Starting Healthcheck child process, pid=201',
      'fork vrrp',
      'log Starting VRRP child process, pid=202',
      'write /run/checkers.pid 201',
      'write /run/vrrp.pid 202',
    ]);
    assert.equal(world.child('vrrp').sent[0]?.type, 'configure');
    world.child('vrrp').ready();
    assert.deepEqual(news(), []);
    world.child('checker').ready();
    assert.deepEqual(news(), ['log Startup complete', 'systemd READY=1']);
  });

  it('says how it was called and on what it runs', async () => {
    const { world } = await start([loaded([])]);
    assert.match(world.lines[0] ?? '', /^Starting Keepalived v2\.4\.3/);
    assert.deepEqual(world.lines.slice(1, 3), ['Running on Linux 6.1.0 #1 SMP', "Command line: 'keepalived' '-n'"]);
  });

  it('takes the children it started beside reading, and drops those not needed', async () => {
    const { world } = await start([loaded(['vrrp'])], {}, (w) => {
      w.likely = ['checker', 'vrrp'];
    });
    assert.deepEqual(
      world.children.map((child) => child.role),
      ['checker', 'vrrp'],
    );
    assert.deepEqual(world.child('checker').signals, [SIGKILL]);
    assert.equal(world.child('checker').sent.length, 0);
    world.child('checker').end({ kind: 'signal', signal: SIGKILL, name: 'Killed' });
    assert.ok(world.journal.includes('clear /run/checkers.pid'));
    assert.deepEqual(
      world.child('vrrp').sent.map((message) => message.type),
      ['configure'],
    );
  });

  it('starts another when an early child has died meanwhile', async () => {
    let release: (config: LoadedConfig) => void = () => {};
    const reading = new Promise<LoadedConfig>((resolve) => {
      release = resolve;
    });
    const { world } = await start([reading], {}, (w) => {
      w.likely = ['vrrp'];
    });
    world.child('vrrp').end(1);
    release(loaded(['vrrp']));
    await turn();
    assert.equal(world.children.length, 2);
    assert.equal(world.child('vrrp').sent[0]?.type, 'configure');
  });

  it('stays up with nothing to run', async () => {
    const { world } = await start([loaded([])]);
    assert.equal(world.lines.at(-1), 'Warning - keepalived has no configuration to run');
    assert.equal(world.journal.at(-1), 'systemd READY=1');
  });

  it('starts only what the command line leaves', async () => {
    const { world } = await start([loaded(['vrrp', 'checker'])], {
      daemons: { vrrp: true, checker: false, bfd: true },
    });
    assert.deepEqual(
      world.children.map((child) => child.role),
      ['vrrp'],
    );
    assert.equal(world.journal.includes('lock /run/checkers.pid'), false);
  });

  it('starts every child with --all', async () => {
    const { world } = await start([loaded([])], { all: true });
    assert.deepEqual(
      world.children.map((child) => child.role),
      ['checker', 'vrrp', 'bfd'],
    );
  });

  it('passes the state of BFD sessions on, and tells it anew to a child that starts later', async () => {
    const { world } = await start([loaded(['vrrp', 'bfd'])]);
    const event = { type: 'bfd', name: 'B1', up: true, at: 5 };
    world.child('bfd').says(event);
    assert.deepEqual(world.child('vrrp').sent.at(-1), event);
    assert.equal(world.child('bfd').sent.length, 1);
    world.child('vrrp').end(3);
    assert.deepEqual(world.child('vrrp').sent.slice(1), [event]);
  });

  it('ends with 6 without a configuration', async () => {
    const { world, status } = await start([unusable(6, "Config files missing 'x'.")]);
    assert.equal(await status, 6);
    assert.deepEqual(world.lines.slice(-2), ["Config files missing 'x'.", 'Stopped Keepalived v2.4.3 (11/21,2026)']);
  });

  it('ends with 0 and no farewell when a daemon is running', async () => {
    for (const path of ['/run/keepalived.pid', '/run/vrrp.pid', '/run/checkers.pid', '/run/bfd.pid']) {
      const { world, status } = await start([loaded(['vrrp'])], {}, (w) => {
        w.locked = [path];
        w.likely = [];
      });
      assert.equal(await status, 0);
      assert.equal(world.lines.at(-1), 'daemon is already running');
      assert.deepEqual(world.children, []);
    }
  });

  it('kills the children started early when it gives up', async () => {
    const { world, status } = await start([loaded(['vrrp'])], {}, (w) => {
      w.locked = ['/run/keepalived.pid'];
      w.likely = ['vrrp'];
    });
    assert.deepEqual(world.child('vrrp').signals, [SIGKILL]);
    world.child('vrrp').end({ kind: 'signal', signal: SIGKILL, name: 'Killed' });
    assert.equal(await status, 0);
    assert.equal(world.lines.at(-1), 'daemon is already running');
  });

  it('refuses to run without its own pid file, but not without a child’s', async () => {
    const refused = await start([loaded(['vrrp'])], { pidFile: '/none/p' }, (w) => {
      w.unopenable = ['/none/p'];
    });
    assert.equal(await refused.status, 0);
    assert.ok(refused.world.lines.includes('pidfile_write : Cannot open /none/p pidfile'));
    const { world } = await start([loaded(['vrrp'])], {}, (w) => {
      w.unopenable = ['/run/vrrp.pid'];
    });
    assert.equal(world.children.length, 1);
  });

  it('tells whoever started it of what the parent finds, not of what a child does', async () => {
    const found = unusable(2, 'the virtual router id must be set');
    const byParent = await start([found]);
    assert.equal(await byParent.status, 2);
    assert.equal(byParent.world.journal.includes('daemonise'), false);
    const byChild = await start([{ ...found, hasVrrp: true, failsInChild: true }]);
    assert.equal(await byChild.status, 2);
    assert.equal(byChild.world.journal.includes('daemonise'), true);
    assert.equal(byChild.world.lines.at(-2), 'Keepalived_vrrp exited with permanent error CONFIG. Terminating');
  });

  it('ends when there is no network namespace of the name that it is to run in', async () => {
    const unreadable = { ...loaded([]), config: undefined, missingNamespace: 'blue' };
    const { config: _config, ...withoutConfig } = unreadable;
    const { world, status } = await start([withoutConfig], {}, (w) => {
      w.missingNamespaces = ['blue'];
    });
    assert.equal(await status, 0);
    assert.deepEqual(world.lines.slice(-4, -1), [
      'Changing syslog ident to Keepalived_blue',
      'Failed to open /run/netns/blue',
      'Unable to set network namespace blue - exiting',
    ]);
  });

  it('keeps the pid files of a named daemon apart', async () => {
    const { world } = await start([loaded(['vrrp'], { instanceName: 'a', netNamespace: 'blue' })]);
    assert.ok(world.journal.includes('lock /run/keepalived/keepalived_a.pid'));
    assert.ok(world.journal.includes('lock /run/keepalived/vrrp_a.pid'));
    assert.ok(world.lines.includes('Changing syslog ident to Keepalived_blue_a'));
  });

  it('stops when told so while still reading', async () => {
    let release: (config: LoadedConfig) => void = () => {};
    const reading = new Promise<LoadedConfig>((resolve) => {
      release = resolve;
    });
    const { world, status } = await start([reading]);
    world.signal(SIGTERM);
    release(loaded(['vrrp']));
    assert.equal(await status, 0);
    assert.deepEqual(world.children, []);
  });
});
