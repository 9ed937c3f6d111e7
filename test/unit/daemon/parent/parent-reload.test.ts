import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GlobalConfig } from '../../../../src/config/types.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { loaded, unusable } from '../../../fakes/parent-world.ts';
import { running, start, turn } from '../../../fakes/running-parent.ts';

const SIGHUP = 1;
const SIGUSR1 = 10;
const SIGTERM = 15;

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
    assert.equal(world.lines.filter((line) => line === 'Reload already in progress, request queued').length, 5);
    world.child('vrrp').ready();
    await turn();
    assert.equal(world.lines.filter((line) => line === 'Processing queued reload').length, 1);
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

  it('leaves it to each child to tell what it came upon, and tells it itself where the child gets nothing', async () => {
    const message = 'something about a virtual router';
    const diagnostics = [
      { class: 'warning', message: 'something for all' },
      { class: 'warning', message, readers: ['vrrp'] },
    ] as const;
    const { world, news } = await running(
      ['vrrp'],
      [
        { ...loaded(['vrrp']), diagnostics },
        { ...unusable(2, 'No brace'), diagnostics },
      ],
    );
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(world.child('vrrp').sent.at(-1), {
      ...world.child('vrrp').sent.at(-1),
      type: 'reload',
      said: [message],
    });
    const told = news();
    assert.ok(told.includes('log something for all') && !told.includes(`log ${message}`));
    world.child('vrrp').ready();
    world.signal(SIGHUP);
    await turn();
    assert.ok(news().some((line) => line.endsWith(message)));
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
    const repair = { class: 'general-error', message: 'reducing quorum to 1' } as const;
    const daemon = await start([
      loaded(['vrrp'], {}, [known]),
      loaded(['vrrp'], {}, [{ ...known, line: 9 }, warning, repair]),
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

  it('does not begin any more when a stop comes while the new configuration is tested', async () => {
    const reload = { checkOutput: '/tmp/check' } as GlobalConfig['reload'];
    const { world, news } = await start([loaded(['vrrp'], { reload })]);
    world.child('vrrp').ready();
    news();
    world.signal(SIGHUP);
    world.signal(SIGTERM);
    await turn();
    assert.deepEqual(news(), ['test into /tmp/check', 'log Stopping', 'systemd STOPPING=1']);
  });

  it('takes no empty file for a wish', async () => {
    const empty = { ...loaded([]), saysNothing: true } as const;
    const { world } = await running(['vrrp'], [empty, loaded([])]);
    world.signal(SIGHUP);
    await turn();
    assert.equal(
      world.lines.at(-1),
      'Not reloading /etc/keepalived/keepalived.conf, it is empty - keeping the running configuration',
    );
    world.signal(SIGHUP);
    await turn();
    assert.equal(world.child('vrrp').sent.at(-1)?.type, 'reload');
    const nothing = await start([empty, empty]);
    nothing.world.signal(SIGHUP);
    await turn();
    assert.doesNotMatch(nothing.world.lines.at(-1) ?? '', /^Not reloading/);
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

  it('follows umask and name of the process', async () => {
    const processNames = { parent: 'k_main' };
    const { world } = await running(['vrrp'], [loaded(['vrrp'], { umask: 0o27, processNames })]);
    assert.deepEqual([world.mask, world.processName], [0o177, 'keepalived']);
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual([world.mask, world.processName], [0o27, 'k_main']);
  });

  it('is the start of a daemon that had nothing to run', async () => {
    const { world } = await running([], [loaded(['vrrp'])]);
    world.signal(SIGHUP);
    await turn();
    world.child('vrrp').ready();
    assert.equal(world.lines.at(-1), 'Startup complete');
  });

  it('starts a child that is needed now and keeps one that has nothing left to do', async () => {
    const { world, news } = await running(['vrrp'], [loaded(['checker']), loaded([])]);
    world.signal(SIGHUP);
    await turn();
    const [vrrp, checker] = world.children;
    assert.deepEqual([vrrp?.signals, vrrp?.sent.at(-1)?.type], [[], 'reload']);
    assert.equal(checker?.sent[0]?.type, 'configure');
    assert.deepEqual(news().slice(-4), [
      'fork checker',
      'lock /run/checkers.pid',
      'log Starting Healthcheck child process, pid=202',
      'write /run/checkers.pid 202',
    ]);
    checker?.ready();
    vrrp?.ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual([vrrp?.sent.at(-1)?.type, checker?.sent.at(-1)?.type], ['reload', 'reload']);
    vrrp?.ready();
    checker?.ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
    assert.equal(
      world.lines.some((line) => line.startsWith('Warning')),
      false,
    );
  });

  it('leaves a child that waits for its restart its time, and gives it the new configuration then', async () => {
    const { world } = await running(['vrrp'], [loaded(['vrrp', 'bfd'])]);
    world.child('vrrp').end(3);
    world.child('vrrp').end(3);
    const before = world.children.length;
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual([world.children.length, world.child('bfd').role], [before + 1, 'bfd']);
    world.child('bfd').ready();
    assert.equal(world.lines.at(-1), 'Reload complete');
    world.advance(seconds(1));
    assert.equal(world.children.length, before + 2);
    const [configure] = world.child('vrrp').sent as unknown as { config: { virtualServers: unknown[] } }[];
    assert.deepEqual(configure?.config.virtualServers, []);
  });

  it('lets no signal reach a child that cannot take it yet', async () => {
    const { world } = await start([loaded(['vrrp'])], {}, (prepared) => {
      prepared.childrenListen = false;
    });
    world.signal(SIGUSR1);
    world.signal(SIGUSR1);
    assert.deepEqual(world.child('vrrp').signals, []);
    world.child('vrrp').says({ type: 'listening' });
    assert.deepEqual(world.child('vrrp').signals, [SIGUSR1]);
    assert.ok(world.journal.includes('write /run/vrrp.pid 201'));
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
