import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoadedConfig } from '../../../src/config/load.ts';
import { defaultOptions, type Options } from '../../../src/daemon/options.ts';
import { Parent } from '../../../src/daemon/parent.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { FakeWorld, loaded, unusable } from '../../fakes/parent-world.ts';

const [SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM, SIGJSON, SIGSTATSCLEAR] = [1, 2, 9, 10, 12, 15, 36, 63];

/** Lets everything that is already resolved run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Daemon {
  readonly world: FakeWorld;
  readonly status: Promise<number>;
  /** What has been written since the last call. */
  news(): string[];
}

async function start(
  loads: (LoadedConfig | Promise<LoadedConfig>)[],
  options: Partial<Options> = {},
  prepare: (world: FakeWorld) => void = () => {},
): Promise<Daemon> {
  const world = new FakeWorld();
  world.loads = loads;
  prepare(world);
  const status = new Parent({ ...defaultOptions(), dontFork: true, ...options }, world).run();
  await turn();
  let seen = 0;
  return {
    world,
    status,
    news: () => {
      const fresh = world.journal.slice(seen);
      seen = world.journal.length;
      return fresh;
    },
  };
}

async function running(
  roles: ('vrrp' | 'checker')[],
  more: LoadedConfig[] = [],
  options: Partial<Options> = {},
): Promise<Daemon> {
  const daemon = await start([loaded(roles), ...more], options);
  for (const role of roles) daemon.world.child(role).ready();
  daemon.news();
  return daemon;
}

describe('start', () => {
  it('goes through its steps in order', async () => {
    const { world, news } = await start([loaded(['vrrp', 'checker'])]);
    assert.deepEqual(news().slice(3), [
      'load',
      'log Configuration file /etc/keepalived/keepalived.conf',
      'lock /run/keepalived.pid',
      'lock /run/vrrp.pid',
      'lock /run/checkers.pid',
      'daemonise',
      'write /run/keepalived.pid 100',
      'log NOTICE: setting config option max_auto_priority should result in better keepalived performance',
      'fork checker',
      'write /run/checkers.pid 201',
      'log Starting Healthcheck child process, pid=201',
      'fork vrrp',
      'write /run/vrrp.pid 202',
      'log Starting VRRP child process, pid=202',
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
    assert.ok(world.journal.includes('remove /run/checkers.pid'));
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
      ['checker', 'vrrp'],
    );
  });

  it('ends with 6 without a configuration', async () => {
    const { world, status } = await start([unusable(6, "Config files missing 'x'.")]);
    assert.equal(await status, 6);
    assert.deepEqual(world.lines.slice(-2), ["Config files missing 'x'.", 'Stopped Keepalived v2.4.3 (11/21,2026)']);
  });

  it('ends with 0 and no farewell when a daemon is running', async () => {
    for (const path of ['/run/keepalived.pid', '/run/vrrp.pid', '/run/checkers.pid']) {
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

  it('ends when its network namespace does not exist', async () => {
    const { world, status } = await start([], { namespace: 'blue' }, (w) => {
      w.missingNamespaces = ['blue'];
    });
    assert.equal(await status, 0);
    assert.deepEqual(world.lines.slice(3, 5), [
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

describe('supervision', () => {
  it('starts a dead child again, at once, then ever later', async () => {
    const { world, news } = await running(['vrrp']);
    world.child('vrrp').end({ kind: 'signal', signal: 9, name: 'Killed' });
    assert.deepEqual(news(), [
      'log Keepalived_vrrp exited due to signal 9 (Killed) - has rlimit_rttime been exceeded?',
      'log VRRP child process(201) died: Respawning',
      'log Restart of VRRP process delayed 0 seconds to limit respawn rate',
      'fork vrrp',
      'write /run/vrrp.pid 202',
      'log Starting VRRP child process, pid=202',
    ]);
    world.child('vrrp').end(3);
    assert.equal(world.children.length, 2);
    world.advance(seconds(0.9));
    assert.equal(world.children.length, 2);
    world.advance(seconds(0.1));
    assert.equal(world.children.length, 3);
    assert.equal(world.child('vrrp').sent[0]?.type, 'configure');
  });

  it('ends with a child that cannot work, stopping the other first', async () => {
    const { world, status, news } = await running(['vrrp', 'checker']);
    world.child('checker').end(1);
    assert.deepEqual(news().slice(0, 3), [
      'log Keepalived_healthcheckers exited with permanent error FATAL. Terminating',
      'remove /run/checkers.pid',
      'log Stopping',
    ]);
    assert.deepEqual(world.child('vrrp').signals, [SIGTERM]);
    world.child('vrrp').end(0);
    assert.equal(await status, 1);
  });

  it('ends on any death with -R', async () => {
    const { world, status } = await running(['vrrp'], [], { dontRespawn: true });
    world.child('vrrp').end(3);
    assert.equal(await status, 0);
    assert.ok(world.lines.includes('VRRP child process(201) died: Exiting'));
  });

  it('passes a child’s lines on and refuses what it does not know', async () => {
    const { world } = await running(['vrrp']);
    world.child('vrrp').says({ type: 'log', line: { level: 'info', message: 'hello' } });
    world.child('vrrp').says({ type: 'shutdown -h now' });
    world.child('vrrp').says(null);
    assert.deepEqual(world.lines.slice(-3), [
      'hello',
      'Unknown message from the vrrp process refused',
      'Unknown message from the vrrp process refused',
    ]);
  });

  it('passes signals on to those they are for', async () => {
    const { world, news } = await running(['vrrp', 'checker']);
    for (const signal of [SIGUSR1, SIGUSR2, SIGJSON, SIGSTATSCLEAR]) world.signal(signal);
    assert.deepEqual(world.child('vrrp').signals, [SIGUSR1, SIGUSR2, SIGJSON, SIGSTATSCLEAR]);
    assert.deepEqual(world.child('checker').signals, [SIGUSR1]);
    assert.deepEqual(news(), ['log Printing parent data for process(100) on signal', 'dump']);
  });
});

describe('reload', () => {
  it('sends the new configuration and waits for the children', async () => {
    const { world, news } = await running(['vrrp', 'checker'], [loaded(['vrrp', 'checker'])]);
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(news(), [
      'systemd RELOADING=1',
      'log Reloading ...',
      'load',
      'log Configuration file /etc/keepalived/keepalived.conf',
    ]);
    assert.deepEqual(
      world.children.map((child) => child.sent.map((message) => message.type)),
      [
        ['configure', 'reload'],
        ['configure', 'reload'],
      ],
    );
    world.child('vrrp').ready();
    world.child('checker').ready();
    assert.deepEqual(news(), ['log Reload complete', 'systemd READY=1']);
  });

  it('runs a second one after the first, however many were asked for', async () => {
    const { world } = await running(['vrrp'], [loaded(['vrrp']), loaded(['vrrp'])]);
    for (let n = 0; n < 5; n += 1) world.signal(SIGHUP);
    await turn();
    world.signal(SIGHUP);
    assert.equal(world.lines.filter((line) => line === 'Reloading ...').length, 1);
    world.child('vrrp').ready();
    await turn();
    world.child('vrrp').ready();
    assert.equal(world.lines.filter((line) => line === 'Reload complete').length, 2);
    assert.equal(world.loads.length, 0);
  });

  it('waits for the start to be over', async () => {
    const { world } = await start([loaded(['vrrp']), loaded(['vrrp'])]);
    world.signal(SIGHUP);
    assert.equal(world.loads.length, 1);
    world.child('vrrp').ready();
    await turn();
    assert.equal(world.loads.length, 0);
  });

  it('keeps the running configuration when the file cannot be used, and says why', async () => {
    const { world, news } = await running(['vrrp'], [unusable(2, 'No brace')]);
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(news().slice(3), [
      'log Configuration file /etc/keepalived/keepalived.conf',
      'log No brace',
      'log Not reloading /etc/keepalived/keepalived.conf, it cannot be used - keeping the running configuration',
      'systemd READY=1',
    ]);
    assert.deepEqual(
      world.child('vrrp').sent.map((message) => message.type),
      ['configure'],
    );
  });

  it('keeps it for a new mistake, but not for one it already has', async () => {
    const known = { class: 'unknown-keyword', message: "Unknown keyword 'foo'", line: 3 } as const;
    const fresh = { class: 'invalid-number', message: 'number', line: 4 } as const;
    const warning = { class: 'warning', message: 'careful' } as const;
    const daemon = await start([
      loaded(['vrrp'], {}, [known]),
      loaded(['vrrp'], {}, [{ ...known, line: 9 }, warning]),
      loaded(['vrrp'], {}, [known, fresh]),
    ]);
    const { world } = daemon;
    world.child('vrrp').ready();
    world.signal(SIGHUP);
    await turn();
    world.child('vrrp').ready();
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(
      world.child('vrrp').sent.map((message) => message.type),
      ['configure', 'reload'],
    );
    assert.match(world.lines.at(-1) ?? '', /it has a mistake - keeping the running configuration$/);
  });

  it('refuses what a running daemon cannot change', async () => {
    const { world } = await running(
      ['vrrp'],
      [loaded(['vrrp'], { instanceName: 'b' }), loaded(['vrrp'], { netNamespace: 'b' })],
    );
    for (const what of ['instance name', 'network namespace']) {
      world.signal(SIGHUP);
      await turn();
      assert.equal(world.lines.at(-1), `Cannot change ${what} at a reload - please restart keepalived`);
    }
  });

  it('starts a child that is needed now and stops one that no longer is', async () => {
    const { world, news } = await running(['vrrp'], [loaded(['checker']), loaded(['vrrp'])]);
    world.signal(SIGHUP);
    await turn();
    const [vrrp, checker] = world.children;
    assert.deepEqual(vrrp?.signals, [SIGTERM]);
    assert.equal(checker?.sent[0]?.type, 'configure');
    vrrp?.end(0);
    assert.ok(news().includes('remove /run/vrrp.pid'));
    checker?.ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(news().slice(-4), [
      'fork vrrp',
      'lock /run/vrrp.pid',
      'write /run/vrrp.pid 203',
      'log Starting VRRP child process, pid=203',
    ]);
  });

  it('starts a child again that was wanted while on its way out', async () => {
    const { world } = await running(['vrrp', 'checker'], [loaded(['checker']), loaded(['vrrp', 'checker'])]);
    world.signal(SIGHUP);
    await turn();
    world.child('checker').ready();
    world.signal(SIGHUP);
    await turn();
    world.child('checker').ready();
    world.children.find((child) => child.role === 'vrrp')?.end(0);
    assert.equal(world.child('vrrp').sent[0]?.type, 'configure');
    world.child('vrrp').ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
  });

  it('starts a child at once that was waiting for its restart', async () => {
    const { world } = await running(['vrrp'], [loaded(['vrrp'])]);
    world.child('vrrp').end(3);
    world.child('vrrp').end(3);
    const before = world.children.length;
    world.signal(SIGHUP);
    await turn();
    assert.equal(world.children.length, before + 1);
    world.advance(seconds(100));
    assert.equal(world.children.length, before + 1);
  });

  it('is complete although a child died in it', async () => {
    const { world } = await running(['vrrp', 'checker'], [loaded(['vrrp', 'checker'])]);
    world.signal(SIGHUP);
    await turn();
    world.child('checker').end(3);
    world.child('checker').end(3);
    world.child('vrrp').ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
  });
});

describe('stop', () => {
  it('tells vrrp, then the checkers, and leaves when both have gone', async () => {
    const { world, status, news } = await running(['vrrp', 'checker']);
    world.signal(SIGTERM);
    world.signal(SIGTERM);
    world.signal(SIGHUP);
    assert.deepEqual(news(), ['log Stopping', 'systemd STOPPING=1']);
    assert.deepEqual(
      world.children.map((child) => child.signals),
      [[SIGTERM], [SIGTERM]],
    );
    world.child('vrrp').end(0);
    world.child('checker').end(0);
    assert.equal(await status, 0);
    assert.deepEqual(news(), [
      'remove /run/vrrp.pid',
      'remove /run/checkers.pid',
      'remove /run/keepalived.pid',
      'log Stopped Keepalived v2.4.3 (11/21,2026)',
    ]);
  });

  it('kills those that stay longer than child_wait_time', async () => {
    const { world, status } = await running(['vrrp', 'checker']);
    world.signal(SIGTERM);
    world.child('checker').end(0);
    world.advance(seconds(5));
    await turn();
    assert.deepEqual(world.child('vrrp').signals, [SIGTERM, SIGKILL]);
    assert.equal(world.lines.at(-1), 'vrrp process failed to die - forcing termination');
    world.child('vrrp').end({ kind: 'signal', signal: SIGKILL, name: 'Killed' });
    assert.equal(await status, 0);
  });

  it('goes even if a killed child stays', async () => {
    const { world, status } = await running(['vrrp']);
    world.signal(SIGINT);
    world.advance(seconds(5));
    await turn();
    world.advance(seconds(2));
    assert.equal(await status, 0);
  });

  it('does not wait for a child that is between two lives', async () => {
    const { world, status } = await running(['vrrp']);
    world.child('vrrp').end(3);
    world.child('vrrp').end(3);
    world.signal(SIGTERM);
    assert.equal(await status, 0);
    const { length } = world.children;
    world.advance(seconds(100));
    assert.equal(world.children.length, length);
  });

  it('does not hear SIGINT when told not to', async () => {
    const { world } = await running(['vrrp'], [], { ignoreSigint: true });
    world.signal(SIGINT);
    assert.equal(world.lines.includes('Stopping'), false);
  });
});
