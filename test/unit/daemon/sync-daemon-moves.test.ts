import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Config, LvsSyncDaemon } from '../../../src/config/types.ts';
import { IpvsSettings } from '../../../src/daemon/checker/ipvs-settings.ts';
import { configFor, syncDaemonKeeper } from '../../../src/daemon/parent/child-part.ts';
import { FollowingSyncDaemon } from '../../../src/daemon/sync-daemon.ts';
import { type SyncState, syncStates } from '../../../src/ipvs/sync-daemon.ts';
import type { Role } from '../../../src/ipc/messages.ts';
import { errno } from '../../../src/lib/errno.ts';
import { config } from '../report/examples.ts';

/** What the kernel runs, `half interface id`, and what it refuses to start twice. */
function kernel() {
  const running = new Map<SyncState, string>();
  return {
    running,
    startSync: (half: SyncState, daemon: LvsSyncDaemon, id: number) => {
      if (running.has(half)) return { errno: errno.EEXIST };
      running.set(half, `${daemon.interface} ${id}`);
      return { errno: 0 };
    },
    stopSync: (half: SyncState) => ({ errno: running.delete(half) ? 0 : errno.ESRCH }),
    timeouts: () => ({ tcp: 900, tcpFin: 120, udp: 300 }),
    setTimeouts: () => ({ errno: 0 }),
    close: () => {},
  };
}

type State = 'master' | 'backup' | 'fault';

type Child = 'vrrp' | 'checker';

/** Parent, VRRP process and checker process as far as the daemon concerns them. */
class Daemon {
  readonly kernel = kernel();
  readonly lines: string[] = [];
  readonly #log = ({ message }: { readonly message: string }): void => void this.lines.push(message);
  #keeper: LvsSyncDaemon['keeper'];
  #vrrp = this.#newVrrp();
  #checker = this.#newChecker();
  #state: State = 'backup';
  #wanted: Config;

  constructor(daemon: LvsSyncDaemon | undefined) {
    this.#wanted = wanted(daemon);
    this.reload(daemon, ['checker', 'vrrp']);
  }

  /** Both follow, in this order. */
  reload(daemon: LvsSyncDaemon | undefined, order: readonly Child[]): void {
    this.#wanted = wanted(daemon);
    this.#keeper = syncDaemonKeeper(this.#wanted, () => true, this.#keeper);
    for (const role of order) this.#configure(role);
  }

  become(state: State): void {
    this.#state = state;
    this.#follow();
  }

  /** Killed; its successor has the configuration of now, and an instance begins as backup. */
  kill(role: Child): void {
    if (role === 'checker') this.#checker = this.#newChecker();
    else {
      this.#vrrp = this.#newVrrp();
      if (this.#state === 'master') this.#state = 'backup';
    }
    this.#configure(role);
  }

  stop(): void {
    this.#vrrp.close();
    this.#checker.close();
  }

  get runs(): Record<string, string> {
    return Object.fromEntries([...this.kernel.running].sort());
  }

  /** What the configuration asks for in this state. */
  get due(): Record<string, string> {
    const { lvsSyncDaemon: daemon } = this.#wanted.global;
    if (!daemon) return {};
    if (daemon.instance === undefined)
      return Object.fromEntries([...syncStates].sort().map((half) => [half, `${daemon.interface} ${daemon.id ?? 0}`]));
    if (!this.#wanted.instances.some(({ name }) => name === daemon.instance)) return {};
    return { [this.#state === 'master' ? 'master' : 'backup']: `${daemon.interface} ${daemon.id ?? 7}` };
  }

  #configure(role: Child): void {
    const own = configFor(role, this.#wanted, this.#keeper);
    if (role === 'checker') this.#checker.configure(own);
    else {
      this.#vrrp.configure(own);
      this.#follow();
    }
  }

  #follow(): void {
    this.#vrrp.follow({ instance: { name: 'VI_A' }, state: { name: this.#state } });
  }

  #newVrrp(): FollowingSyncDaemon {
    return new FollowingSyncDaemon(() => this.kernel, this.#log);
  }

  #newChecker(): IpvsSettings {
    return new IpvsSettings(this.kernel, this.#log);
  }
}

function wanted(daemon: LvsSyncDaemon | undefined): Config {
  const { lvsSyncDaemon: _, lvsTimeouts: _timeouts, ...global } = config.global;
  return { ...config, global: { ...global, ...(daemon && { lvsSyncDaemon: daemon }) } };
}

const alone: LvsSyncDaemon = { interface: 'eth0', id: 4 };
const tied: LvsSyncDaemon = { interface: 'eth1', instance: 'VI_A' };
const orders: readonly (readonly Child[])[] = [
  ['checker', 'vrrp'],
  ['vrrp', 'checker'],
];

describe('the synchronisation daemon moves between the processes', () => {
  for (const order of orders)
    for (const state of ['master', 'backup', 'fault'] as const)
      test(`while the instance is ${state} and ${order[0]} is first`, () => {
        const daemon = new Daemon(alone);
        daemon.become(state);
        assert.deepEqual(daemon.runs, { backup: 'eth0 4', master: 'eth0 4' });
        daemon.reload(tied, order);
        assert.deepEqual(daemon.runs, { [state === 'master' ? 'master' : 'backup']: 'eth1 7' });
        daemon.reload({ ...alone, id: 5 }, order);
        assert.deepEqual(daemon.runs, { backup: 'eth0 5', master: 'eth0 5' });
        daemon.reload(tied, order);
        daemon.reload({ ...alone, instance: 'nobody' }, order);
        assert.deepEqual(daemon.runs, {});
        daemon.reload(tied, order);
        daemon.stop();
        assert.deepEqual(daemon.runs, {});
        assert.deepEqual(daemon.lines, []);
      });

  test('whatever happens in whatever order, what runs is what the configuration asks for', () => {
    const settings = fc.constantFrom(undefined, alone, tied, { ...tied, id: 9 }, { ...alone, instance: 'nobody' });
    const event = fc.oneof(
      fc.record({ daemon: settings, order: fc.constantFrom(...orders) }),
      fc.constantFrom('master', 'backup', 'fault'),
      fc.constantFrom<{ killed: Child }>({ killed: 'vrrp' }, { killed: 'checker' }),
    );
    fc.assert(
      fc.property(settings, fc.array(event, { maxLength: 12 }), (first, events) => {
        const daemon = new Daemon(first);
        for (const each of events) {
          if (typeof each === 'string') daemon.become(each as State);
          else if ('killed' in each) daemon.kill(each.killed);
          else daemon.reload(each.daemon, each.order);
          assert.deepEqual(daemon.runs, daemon.due);
        }
        daemon.stop();
        assert.deepEqual(daemon.runs, {});
        assert.deepEqual(daemon.lines, []);
      }),
    );
  });
});

describe('who keeps the synchronisation daemon', () => {
  const all = (): boolean => true;
  const only =
    (role: Role) =>
    (other: Role): boolean =>
      other === role;
  const none: Config = { ...wanted(alone), virtualServers: [] };

  test('nobody where the process that would is not there', () => {
    assert.equal(syncDaemonKeeper(wanted(alone), only('vrrp'), undefined), undefined);
    assert.equal(syncDaemonKeeper(wanted(tied), only('checker'), 'vrrp'), undefined);
    assert.equal(syncDaemonKeeper({ ...wanted(tied), instances: [] }, all, 'vrrp'), undefined);
  });

  test('the checker process, from its first virtual server on', () => {
    assert.equal(syncDaemonKeeper(none, all, undefined), undefined);
    assert.equal(syncDaemonKeeper(none, all, 'vrrp'), undefined);
    assert.equal(syncDaemonKeeper(wanted(alone), all, 'vrrp'), 'checker');
    assert.equal(syncDaemonKeeper(none, all, 'checker'), 'checker');
  });
});
