import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReloadSettings } from '../../../../src/config/types.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { loaded } from '../../../fakes/parent-world.ts';
import { type Daemon, running, start, turn } from '../../../fakes/running-parent.ts';

const SIGHUP = 1;
const SIGTERM = 15;

const settings = (reload: Partial<ReloadSettings>) => ({ reload: { timeRepeat: false, ...reload } });

/** A daemon with these settings; `reloads` further readings of the file are to come. */
async function withReload(
  reload: Partial<ReloadSettings>,
  reloads = 1,
  prepare?: Parameters<typeof start>[2],
): Promise<Daemon> {
  const config = loaded(['vrrp'], settings(reload));
  const daemon = await start([config, ...Array.from({ length: reloads }, () => config)], {}, prepare);
  daemon.world.child('vrrp').ready();
  daemon.news();
  return daemon;
}

describe('reload_check_config', () => {
  it('tries nothing that its test refuses', async () => {
    const { world, news } = await withReload({ checkOutput: '/tmp/report' }, 0);
    world.tests = [5];
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(news(), [
      'test into /tmp/report',
      'log New config failed validation, see /tmp/report for details',
    ]);
    assert.deepEqual(
      world.child('vrrp').sent.map(({ type }) => type),
      ['configure'],
    );
  });

  it('goes on with what its test accepts, and after a refusal', async () => {
    const { world, news } = await withReload({ checkOutput: '/tmp/report' });
    world.tests = [4, 0];
    world.signal(SIGHUP);
    await turn();
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(news().slice(2, 5), ['test into /tmp/report', 'systemd RELOADING=1', 'log Reloading ...']);
    world.child('vrrp').ready();
    assert.ok(world.lines.includes('Reload complete'));
  });
});

describe('reload_file', () => {
  it('is there while the configuration is read', async () => {
    const { world, news } = await withReload({ marker: '' });
    world.signal(SIGHUP);
    await turn();
    const marks = news().filter((entry) => /mark|load$/.test(entry));
    assert.deepEqual(marks, ['mark /run/keepalived.reload', 'load', 'unmark /run/keepalived.reload']);
  });

  it('goes at the start when it lies there from before, and when it is named for the first time', async () => {
    const marks = (entries: readonly string[]) => entries.filter((entry) => /mark/.test(entry));
    const { world, news } = await withReload({ marker: '/run/one' }, 0);
    assert.deepEqual(marks(world.journal), ['unmark /run/one']);
    world.loads.push(loaded(['vrrp'], { reload: { timeRepeat: false, marker: '/run/two' } }));
    world.signal(SIGHUP);
    await turn();
    assert.deepEqual(marks(news()), ['mark /run/one', 'unmark /run/one', 'unmark /run/two']);
  });
});

/** A time as the log has it: that of the place. */
function local(text: string): string {
  return new Date(text).toLocaleString('sv-SE');
}

describe('reload_time_file', () => {
  const prepared = (timeFile: string | undefined) => (world: Daemon['world']) => {
    world.timeFile = timeFile;
  };

  it('reloads once at its time, and the file goes', async () => {
    const { world, news } = await withReload({ timeFile: '/t' }, 1, prepared('2026-11-21 05:00:10Z'));
    assert.ok(world.lines.includes(`Scheduling reload for ${local('2026-11-21T05:00:10Z')}`));
    world.clock = new Date('2026-11-21T05:00:09Z');
    world.advance(seconds(9));
    assert.deepEqual(news(), []);
    world.clock = new Date('2026-11-21T05:00:10Z');
    world.advance(seconds(1));
    await turn();
    assert.deepEqual(news().slice(0, 3), ['unmark /t', 'systemd RELOADING=1', 'log Reloading ...']);
  });

  it('follows the file as it changes', async () => {
    const { world } = await withReload({ timeFile: '/t' }, 0, prepared('2026-11-21 05:00:10Z'));
    world.timeFile = '2026-11-21 06:00:00Z';
    world.timeFileChanged();
    const [before, now] = [local('2026-11-21T05:00:10Z'), local('2026-11-21T06:00:00Z')];
    assert.equal(world.lines.at(-1), `Reload time updated from ${before} to ${now}`);
    world.timeFile = undefined;
    world.timeFileChanged();
    world.timeFile = 'soon';
    world.timeFileChanged();
    assert.deepEqual(world.lines.slice(-3), [
      `Cancelling reload scheduled for ${local('2026-11-21T06:00:00Z')}`,
      'Reload time soon format is incorrect - ignoring',
      "Invalid reload time 'soon' specified - ignoring",
    ]);
    world.clock = new Date('2026-11-22T00:00:00Z');
    world.advance(seconds(86_400));
    assert.equal(world.lines.includes('Reloading ...'), false);
  });

  it('comes back every day with reload_repeat', async () => {
    const { world, news } = await withReload({ timeFile: '/t', timeRepeat: true }, 1, prepared('05:00:10Z'));
    world.clock = new Date('2026-11-21T05:00:11Z');
    world.advance(seconds(60));
    await turn();
    assert.equal(news().includes('unmark /t'), false);
    world.child('vrrp').ready();
    assert.equal(world.lines.filter((line) => /^Scheduling reload for .* \d\d:00:10$/.test(line)).length, 2);
  });
});

describe('what children ask of the parent', () => {
  it('is a reload when they were sent SIGHUP themselves', async () => {
    const { world } = await running(['vrrp'], [loaded(['vrrp'])]);
    world.child('vrrp').says({ type: 'reloadRequest' });
    await turn();
    assert.ok(world.lines.includes('Reloading ...'));
  });

  it('is the delivery of an alert, which the stop waits for a moment', async () => {
    const email = {
      from: 'a@example.com',
      to: ['b@example.com'],
      server: { host: 'mail', port: 25 },
      heloName: 'host',
      connectTimeout: seconds(30),
    };
    const { world, status } = await start([loaded(['vrrp'], { email })]);
    world.child('vrrp').ready();
    world.child('vrrp').says({ type: 'mail', subject: 'VRRP Instance VI_1 - Stopping', body: '' });
    assert.ok(world.journal.includes('mail mail 7'));
    world.signal(SIGTERM);
    world.child('vrrp').end(0);
    assert.equal(await status, 0);
  });

  it('is to be left in peace while they answer, and to be replaced when they do not', async () => {
    const { world } = await running(['vrrp']);
    for (let n = 0; n < 10; n++) {
      world.advance(seconds(2));
      world.child('vrrp').says({ type: 'pong', doing: 'VI_1 master' });
    }
    assert.deepEqual(world.child('vrrp').signals, []);
    for (let n = 0; n < 12; n++) world.advance(seconds(1));
    assert.deepEqual(world.child('vrrp').signals, [9]);
    const pid = world.child('vrrp').pid;
    assert.ok(
      world.lines.includes(
        `VRRP child process(${pid}) is alive but does not answer since 8 seconds (last heard: VI_1 master) - replacing it`,
      ),
    );
    world.child('vrrp').end({ kind: 'signal', signal: 9, name: 'Killed' });
    assert.equal(world.children.length, 2);
  });
});
