import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ParentToChild } from '../../../../src/ipc/messages.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import type { Status } from '../../../../src/report/status/status.ts';
import { loaded } from '../../../fakes/parent-world.ts';
import { running, start, turn } from '../../../fakes/running-parent.ts';

const SIGHUP = 1;
const SIGINT = 2;
type Configure = Extract<ParentToChild, { type: 'configure' }>;

const SIGKILL = 9;
const SIGUSR1 = 10;
const SIGUSR2 = 12;
const SIGTERM = 15;
const SIGJSON = 36;
const SIGSTATSCLEAR = 63;

describe('supervision', () => {
  it('starts a dead child again, at once, then ever later', async () => {
    const { world, news } = await running(['vrrp']);
    world.child('vrrp').end({ kind: 'signal', signal: 9, name: 'Killed' });
    assert.deepEqual(news(), [
      'log Keepalived_vrrp exited due to signal 9 (Killed) - has rlimit_rttime been exceeded?',
      'log VRRP child process(201) died: Respawning',
      'log Restart of VRRP process delayed 0 seconds to limit respawn rate',
      'fork vrrp',
      'log Starting VRRP child process, pid=202',
    ]);
    await turn();
    assert.deepEqual(news(), ['write /run/vrrp.pid 202']);
    world.child('vrrp').end(3);
    assert.equal(world.children.length, 2);
    world.advance(seconds(0.9));
    assert.equal(world.children.length, 2);
    world.advance(seconds(0.1));
    assert.equal(world.children.length, 3);
    assert.equal(world.child('vrrp').sent[0]?.type, 'configure');
  });

  it('tells a child that it takes the place of one that died', async () => {
    const { world } = await running(['vrrp', 'checker']);
    const told = (): unknown => (world.child('checker').sent[0] as Partial<Configure>).options?.respawned;
    assert.equal(told(), undefined);
    world.child('checker').end({ kind: 'signal', signal: 9, name: 'Killed' });
    assert.equal(told(), true);
  });

  it('lets a child begin before it stops it, for what a killed predecessor has left', async () => {
    const { world } = await running(['vrrp']);
    world.child('vrrp').end({ kind: 'signal', signal: 9, name: 'Killed' });
    const successor = world.child('vrrp');
    world.signal(SIGTERM);
    assert.deepEqual(successor.signals, []);
    await turn();
    assert.deepEqual(successor.signals, [SIGTERM]);
  });

  it('does not wait for the startup script when it is told to stop', async () => {
    const slow = loaded(['vrrp'], {
      startupScript: { command: { argv: ['/bin/slow'], uid: 0, gid: 0 }, timeout: seconds(0) },
    });
    const { world, status } = await start([slow], {}, (prepared) => {
      prepared.scriptsLast = true;
    });
    world.signal(SIGTERM);
    assert.equal(await status, 0);
    assert.deepEqual(world.lines.slice(-2), ['Stopping', 'Stopped Keepalived v2.4.3 (11/21,2026)']);
    assert.equal(world.children.length, 0);
  });

  it('ends with a child that cannot work, stopping the other first', async () => {
    const { world, status, news } = await running(['vrrp', 'checker']);
    world.child('checker').end(1);
    assert.deepEqual(news(), [
      'log Keepalived_healthcheckers exited with permanent error FATAL. Terminating',
      'remove /run/checkers.pid',
      'systemd ERRNO=22',
      'systemd STOPPING=1',
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
    world.child('vrrp').says({ type: 'log', lines: [{ level: 'info', message: 'hello' }] });
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

describe('what operators ask for', () => {
  it('is answered beside the pid file once the start is over, until the end', async () => {
    const { world, status } = await running(['vrrp'], [loaded([])], { pidFile: '/run/other.pid' });
    while (world.status === undefined) await turn();
    assert.equal(world.status.path, '/run/other.sock');
    const answer = world.status.answer();
    assert.deepEqual(world.child('vrrp').sent.at(-1), { type: 'survey', traffic: true });
    world.advance(seconds(2));
    const { processes, configuration } = JSON.parse(await answer) as Status;
    assert.deepEqual(processes, [{ role: 'vrrp', pid: 201, restarts: 0, answers: false }]);
    assert.equal(configuration.file, '/etc/keepalived/keepalived.conf');
    world.signal(SIGTERM);
    world.child('vrrp').end(0);
    await status;
    assert.equal(world.status, undefined);
  });

  it('shows processes that were started again', async () => {
    const { world } = await running(['vrrp']);
    while (world.status === undefined) await turn();
    world.child('vrrp').end(3);
    const answer = world.status.answer();
    world.advance(seconds(2));
    const { processes } = JSON.parse(await answer) as Status;
    assert.deepEqual(processes, [{ role: 'vrrp', pid: 202, restarts: 1, answers: false }]);
  });
});
