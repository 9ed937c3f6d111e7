import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, LvsSyncDaemon } from '../../../src/config/types.ts';
import { IpvsSettings } from '../../../src/daemon/checker/ipvs-settings.ts';
import { configFor, syncDaemonKeeper } from '../../../src/daemon/parent/child-part.ts';
import { FollowingSyncDaemon, SyncDaemon } from '../../../src/daemon/sync-daemon.ts';
import type { IpvsTimeouts } from '../../../src/ipvs/family.ts';
import type { SyncState } from '../../../src/ipvs/sync-daemon.ts';
import { errno } from '../../../src/lib/errno.ts';
import { config } from '../report/examples.ts';

/** A kernel that says what it is asked, and refuses what `refused` names. */
function kernel(refused = '') {
  const asked: string[] = [];
  const answer = (what: string) => {
    asked.push(what);
    return { errno: what === refused ? errno.ENODEV : 0 };
  };
  return {
    asked,
    startSync: (half: SyncState, { interface: name }: LvsSyncDaemon, id: number) =>
      answer(`start ${half} ${name} ${id}`),
    stopSync: (half: SyncState, id: number) => answer(`stop ${half} ${id}`),
    timeouts: (): IpvsTimeouts => ({ tcp: 900, tcpFin: 120, udp: 300 }),
    setTimeouts: ({ tcp, tcpFin, udp }: IpvsTimeouts) => answer(`timeouts ${tcp} ${tcpFin} ${udp}`),
    close: () => void asked.push('close'),
  };
}

const lines: string[] = [];
const log = ({ message }: { readonly message: string }): void => void lines.push(message);

test('only what changes reaches the kernel', () => {
  const { asked, ...calls } = kernel();
  const daemon = new SyncDaemon(calls, log);
  daemon.set(['master', 'backup'], { interface: 'eth0' }, 3);
  daemon.set(['master', 'backup'], { interface: 'eth0' }, 3);
  assert.deepEqual(asked.splice(0), ['start master eth0 3', 'start backup eth0 3']);
  daemon.set(['backup'], { interface: 'eth0' }, 3);
  daemon.set(['backup'], { interface: 'eth1' }, 3);
  daemon.stop();
  assert.deepEqual(asked, ['stop master 3', 'stop backup 3', 'start backup eth1 3', 'stop backup 3']);
});

test('a refusal is logged in keepalived’s words, and the half does not count as running', () => {
  const { asked, ...calls } = kernel('start master eth0 0');
  const daemon = new SyncDaemon(calls, log);
  lines.length = 0;
  daemon.set(['master'], { interface: 'eth0' }, 0);
  daemon.stop();
  assert.deepEqual(lines, ['IPVS cmd IP_VS_SO_SET_STARTDAEMON(1163) error: No such device(19)']);
  assert.deepEqual(asked, ['stop backup 0', 'start master eth0 0']);
});

test('a half that a killed predecessor has left makes way for ours', () => {
  const { asked, ...calls } = kernel();
  let left = true;
  const startSync: typeof calls.startSync = (...words) => {
    const answer = calls.startSync(...words);
    return left ? { errno: errno.EEXIST } : answer;
  };
  const stopSync: typeof calls.stopSync = (...words) => {
    left = false;
    return calls.stopSync(...words);
  };
  const daemon = new SyncDaemon({ ...calls, startSync, stopSync }, log);
  lines.length = 0;
  daemon.set(['master', 'backup'], { interface: 'eth0' }, 3);
  daemon.stop();
  assert.deepEqual(asked.slice(0, 3), ['start master eth0 3', 'stop master 3', 'start master eth0 3']);
  assert.deepEqual(lines, []);
});

test('the other half that somebody has left stops without a word', () => {
  const { asked, ...calls } = kernel('stop master 3');
  const daemon = new SyncDaemon(calls, log);
  lines.length = 0;
  daemon.set(['backup'], { interface: 'eth0' }, 3);
  daemon.set(['master'], { interface: 'eth0' }, 3);
  assert.deepEqual(asked, ['stop master 3', 'start backup eth0 3', 'stop backup 3', 'start master eth0 3']);
  assert.deepEqual(lines, []);
});

/** As the parent gives it to a child that runs beside the others. */
function following(settings: LvsSyncDaemon | undefined): Config {
  const { lvsSyncDaemon: _, ...global } = config.global;
  const whole: Config = { ...config, global: { ...global, ...(settings && { lvsSyncDaemon: settings }) } };
  return {
    ...whole,
    global: configFor(
      'vrrp',
      whole,
      syncDaemonKeeper(whole, () => true, undefined),
    ).global,
  };
}

const router = (name: string, state: string) => ({ instance: { name }, state: { name: state } });

test('the master half runs while the instance is master, the backup half in every other state', () => {
  const { asked, ...calls } = kernel();
  const daemon = new FollowingSyncDaemon(() => calls, log);
  daemon.configure(following({ interface: 'eth0', instance: 'VI_A' }));
  daemon.follow(router('VI_A', 'initialize'));
  daemon.follow(router('VI_B', 'master'));
  assert.deepEqual(asked, []);
  for (const state of ['backup', 'backup', 'master', 'fault', 'backup']) daemon.follow(router('VI_A', state));
  assert.deepEqual(asked.splice(0), [
    'stop master 7',
    'start backup eth0 7',
    'stop backup 7',
    'start master eth0 7',
    'stop master 7',
    'start backup eth0 7',
  ]);
  daemon.configure(following({ interface: 'eth0', instance: 'VI_A', id: 9 }));
  daemon.close();
  assert.deepEqual(asked, ['stop backup 7', 'start backup eth0 9', 'stop backup 9', 'close']);
});

test('IPVS is not opened for a daemon that follows nobody', () => {
  const daemon = new FollowingSyncDaemon(() => assert.fail('opened'), log);
  daemon.configure(following(undefined));
  daemon.configure(following({ interface: 'eth0' }));
  daemon.configure(following({ interface: 'eth0', instance: 'nobody' }));
  daemon.close();
});

test('without IPVS only a daemon that follows somebody cannot be', () => {
  const daemon = new FollowingSyncDaemon(() => undefined, log);
  const instances = ['VI_A', 'nobody', undefined];
  const possible = instances.map((instance) =>
    daemon.configure(following({ interface: 'eth0', ...(instance !== undefined && { instance }) })),
  );
  assert.deepEqual(possible, [false, true, true]);
});

test('timeouts left out are as the kernel had them, and all come back', () => {
  const { asked, ...calls } = kernel();
  const settings = new IpvsSettings(calls, log);
  const { lvsTimeouts: _, ...global } = config.global;
  settings.configure({ global });
  settings.close();
  assert.deepEqual(asked, []);
  settings.configure({ global: { ...global, lvsTimeouts: { tcp: 800 } } });
  settings.configure({ global: { ...global, lvsTimeouts: { udp: 20 } } });
  settings.close();
  assert.deepEqual(asked, ['timeouts 800 120 300', 'timeouts 900 120 20', 'timeouts 900 120 300']);
});

test('without an instance both halves run in the checker process', () => {
  const { asked, ...calls } = kernel();
  const settings = new IpvsSettings(calls, log);
  settings.configure(following({ interface: 'eth0', id: 4 }));
  assert.deepEqual(asked.splice(0), ['start master eth0 4', 'start backup eth0 4']);
  settings.configure(following({ interface: 'eth0', id: 4, instance: 'nobody' }));
  assert.deepEqual(asked, ['stop master 4', 'stop backup 4']);
});
