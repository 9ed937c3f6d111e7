import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missing } from '../support/machine.ts';
import { isAlive } from './daemon.ts';
import { FaultHost, PROCESSES, type ProcessName } from './fault-host.ts';
import { until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program /usr/bin/tcpdump', 'program nft']);

/** All that a VRRP process puts into the kernel; a master at once, or a backup for as long as a test takes. */
const configuration = (role: 'master' | 'backup'): string => `global_defs {
  vrrp_version 3
}
vrrp_instance VI_1 {
  ${role === 'master' ? 'state MASTER' : 'state BACKUP'}
  interface eth0
  virtual_router_id 51
  priority ${role === 'master' ? 255 : 100}
  advert_int ${role === 'master' ? 0.5 : 40}
  virtual_ipaddress {
    10.99.0.51/32
  }
  virtual_routes {
    10.50.0.0/24 dev eth0
  }
  virtual_rules {
    from 10.51.0.0/24 table 77 priority 500
  }
}
vrrp_instance VI_2 {
  ${role === 'master' ? 'state MASTER' : 'state BACKUP'}
  interface eth0
  virtual_router_id 52
  priority ${role === 'master' ? 255 : 100}
  advert_int ${role === 'master' ? 0.5 : 40}
  use_vmac
  virtual_ipaddress {
    10.99.0.52/32
  }
}
static_ipaddress {
  10.98.0.5/32 dev eth0
}
bfd_instance peer {
  neighbor_ip 10.99.0.200
}
`;
const IDLE = ['eth0 10.98.0.5/32', 'table ip keepalived', 'vrrp.52'];
const HELD = [
  '10.50.0.0/24 dev eth0 proto keepalived',
  '500:\tfrom 10.51.0.0/24 lookup 77 proto keepalived',
  'eth0 10.98.0.5/32',
  'eth0 10.99.0.51/32',
  'table ip keepalived',
  'vrrp.52',
  'vrrp.52 10.99.0.52/32',
];
const NO_ADVERT_MISSED = 1.3;

const STATES = ['starting', 'backup', 'master', 'reloading', 'stopping'] as const;
type State = (typeof STATES)[number];

const MASTER = /Entering MASTER STATE$/;

/** Brings the daemon of a host into that state; it is in it just now. */
async function reach(state: State, host: FaultHost): Promise<void> {
  if (state === 'starting') return;
  await host.daemon.says(/^Startup complete$/);
  if (state !== 'backup') await until('two masters', 20, () => host.daemon.count(MASTER) === 2);
  await host.settles(state === 'backup' ? IDLE : HELD);
  if (state === 'reloading') {
    host.daemon.signal('SIGHUP');
    await host.daemon.says(/^Reloading \.\.\.$/);
  } else if (state === 'stopping') {
    host.daemon.signal('SIGTERM');
    await host.daemon.says(/^Stopping$/);
  }
}

async function leavesNothing(host: FaultHost): Promise<void> {
  await until('nobody is left', 15, () => host.processes.length === 0);
  assert.deepEqual(host.kernel, []);
}

async function stopsAsItShould(host: FaultHost): Promise<void> {
  assert.equal(await host.daemon.stop(), 0);
  await leavesNothing(host);
  assert.deepEqual(host.pidFiles, []);
}

/** One that is stopping may have ended already. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function play(state: State, victim: ProcessName): Promise<void> {
  const host = await FaultHost.open(`${state}-${victim}`, configuration(state === 'backup' ? 'backup' : 'master'));
  try {
    await until('its pid file', 20, () => host.pid(victim) > 0);
    const pid = host.pid(victim);
    await reach(state, host);
    const heard = host.watch.count(51);
    const masters = host.daemon.count(MASTER);
    kill(pid);
    if (victim === 'parent') {
      await host.daemon.ended();
      await leavesNothing(host);
    } else if (state === 'stopping') {
      assert.equal(await host.daemon.stop(), 0);
      // Whatever it had no time for is what the next one finds.
      host.start(configuration('backup'));
      await host.daemon.says(/^Startup complete$/);
      await host.settles(IDLE);
      await stopsAsItShould(host);
    } else {
      await until('another', 20, () => host.pid(victim) !== pid && isAlive(host.pid(victim)));
      assert.equal(host.daemon.count(/ child process\(\d+\) died: Respawning$/), 1);
      if (state !== 'backup' && victim === 'vrrp') {
        await until('two masters again', 20, () => host.daemon.count(MASTER) >= masters + 2);
      }
      await host.settles(state === 'backup' ? IDLE : HELD);
      if (victim === 'bfd' && state !== 'backup') {
        await host.watch.hears(51, 3);
        const gap = host.watch.longestGap(51, heard);
        assert.ok(gap < NO_ADVERT_MISSED, `${gap} s without an advert`);
      }
      await stopsAsItShould(host);
    }
  } finally {
    await host.close();
  }
}

describe('kill -9', { skip: skip ?? false, concurrency: 3 }, () => {
  for (const victim of Object.keys(PROCESSES) as ProcessName[]) {
    for (const state of STATES) {
      it(`of the ${victim} process while it is ${state}`, () => play(state, victim));
    }
  }
});
