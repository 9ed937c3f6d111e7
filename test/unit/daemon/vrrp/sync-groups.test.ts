import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SyncGroup, VrrpInstance } from '../../../../src/config/types.ts';
import { wantedState } from '../../../../src/daemon/vrrp/vrrp-snapshot.ts';
import { sayInitialFaults } from '../../../../src/daemon/vrrp/initial-faults.ts';
import type { VirtualRouter } from '../../../../src/daemon/vrrp/virtual-router.ts';
import { RouterBench } from '../../../fakes/router-bench.ts';
import { instance } from '../../vrrp/support.ts';

const nothingTracked = {
  trackInterfaces: [],
  trackScripts: [],
  trackFiles: [],
  trackProcesses: [],
  trackBfds: [],
};

function group(...members: string[]): SyncGroup {
  return { name: 'G', members, ...nothingTracked, notify: {}, smtpAlert: false, trackingWeight: false };
}

function bench(a: Partial<VrrpInstance> = {}, b: Partial<VrrpInstance> = {}): RouterBench {
  const first = instance({ name: 'A', virtualRouterId: 1, priority: 100, ...a });
  const second = instance({ name: 'B', virtualRouterId: 2, priority: 110, ...b });
  return new RouterBench([first, second], [group('A', 'B')]);
}

function masters(): RouterBench {
  const pair = bench();
  pair.start();
  pair.run(4);
  pair.told();
  pair.adverts.length = 0;
  return pair;
}

function sayFaults(routers: readonly VirtualRouter[], log: string[]): void {
  const nothing = { trackFiles: [], trackProcesses: [] };
  sayInitialFaults(routers, nothing, { named: () => undefined }, ({ message }) => log.push(message));
}

const script = { name: 'z', weight: 0, reverse: false };

/** The sequences are those of keepalived 2.2.7's notify FIFO. */
describe('sync groups', () => {
  test('the last member to want it makes all master', () => {
    const pair = bench();
    pair.start();
    assert.deepEqual(pair.told(), ['GROUP G BACKUP 0', 'INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110']);
    pair.run(3.58);
    assert.deepEqual(pair.told(), []);
    assert.equal(wantedState(pair.router('A')), 'BACKUP');
    assert.equal(wantedState(pair.router('B')), 'MASTER', 'dumps say that it only waits for the others');
    pair.run(0.04);
    assert.deepEqual(pair.told(), ['INSTANCE A MASTER 100', 'INSTANCE B MASTER 110', 'GROUP G MASTER 0']);
    assert.deepEqual(pair.adverts, ['A 100', 'B 110']);
  });

  test('a fault takes the others along, the first with two farewells and the others with one', () => {
    const pair = masters();
    pair.setLink('B', false);
    assert.deepEqual(pair.told(), ['INSTANCE B FAULT 110', 'INSTANCE A FAULT 100', 'GROUP G FAULT 0']);
    assert.deepEqual(pair.adverts, ['B 0', 'B 0', 'A 0']);
    pair.setLink('A', false);
    pair.setLink('B', true);
    assert.deepEqual(pair.told(), []);
    pair.setLink('A', true);
    assert.deepEqual(pair.told(), ['INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110', 'GROUP G BACKUP 0']);
    pair.run(3.7);
    assert.deepEqual(pair.told(), ['INSTANCE A MASTER 100', 'INSTANCE B MASTER 110', 'GROUP G MASTER 0']);
  });

  test('a member whose fault has gone is held back by those of others, the others are not', () => {
    const pair = masters();
    const heldBack = (): boolean[] =>
      pair.routers.map(({ state }) => state.name === 'fault' && state.heldBack === true);
    pair.setLink('A', false);
    pair.setLink('B', true);
    assert.deepEqual(heldBack(), [false, false]);
    pair.setLink('B', false);
    pair.setLink('A', true);
    assert.deepEqual(heldBack(), [true, false]);
    pair.setLink('A', false);
    assert.deepEqual(heldBack(), [false, false]);
  });

  test('a better master of one member takes all to backup, without farewells', () => {
    const pair = masters();
    pair.hear('A', 150);
    assert.deepEqual(pair.told(), ['INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110', 'GROUP G BACKUP 0']);
    assert.deepEqual(pair.adverts, []);
  });

  test('a member that waits agrees until it hears a master', () => {
    const pair = masters();
    for (let second = 0; second < 5; second++) {
      pair.hear('A', 150);
      pair.run(1);
    }
    assert.equal(pair.router('B').state.name, 'backup');
    pair.run(2.7);
    assert.deepEqual(pair.told().slice(3), ['INSTANCE A MASTER 100', 'INSTANCE B MASTER 110', 'GROUP G MASTER 0']);
  });

  test('an address that somebody removed releases all, who compete at once; the group says nothing', () => {
    const pair = masters();
    pair.loseAddress('A');
    assert.deepEqual(pair.told(), ['INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110']);
    assert.deepEqual(pair.adverts, ['A 0', 'B 0']);
    pair.run(0.62);
    assert.deepEqual(pair.told(), ['INSTANCE A MASTER 100', 'INSTANCE B MASTER 110', 'GROUP G MASTER 0']);
  });

  test('of equal members the one that lost an address comes last, and so is master first', () => {
    for (const loser of ['A', 'B']) {
      const pair = bench({ priority: 100 }, { priority: 100 });
      pair.start();
      pair.run(4.2);
      pair.told();
      pair.loseAddress(loser);
      pair.run(0.62);
      assert.equal(pair.told()[2], `INSTANCE ${loser} MASTER 100`);
    }
  });

  test('one farewell is not told, two are', () => {
    const pair = masters();
    pair.log.length = 0;
    pair.setLink('B', false);
    assert.deepEqual(
      pair.log.filter((line) => line.includes('sent 0 priority')),
      ['(B) sent 0 priority'],
    );
  });

  test('with a fault at the start every member is told its fault, and the group last', () => {
    const pair = bench();
    pair.setLink('B', false);
    pair.regroup([group('A', 'B')]);
    pair.start();
    assert.deepEqual(pair.told(), ['INSTANCE A FAULT 100', 'INSTANCE B FAULT 110', 'GROUP G FAULT 0']);
    pair.setLink('B', true);
    assert.deepEqual(pair.told(), ['INSTANCE B BACKUP 110', 'INSTANCE A BACKUP 100', 'GROUP G BACKUP 0']);
  });

  test('owners are masters at once and the group says nothing', () => {
    const pair = bench({ priority: 255, initialState: 'master' }, { priority: 255, initialState: 'master' });
    pair.start();
    pair.run(0.01);
    assert.deepEqual(pair.told(), ['INSTANCE A MASTER 255', 'INSTANCE B MASTER 255']);
  });

  test('an owner beside one that is none waits like it', () => {
    const pair = bench({ priority: 255, initialState: 'master' });
    pair.start();
    pair.run(0.01);
    assert.deepEqual(pair.told(), ['GROUP G BACKUP 0', 'INSTANCE A BACKUP 255', 'INSTANCE B BACKUP 110']);
  });

  test('every group tells how it begins before any member does that has no fault', () => {
    const names = ['A', 'B', 'C'];
    const routers = names.map((name, index) => instance({ name, virtualRouterId: index + 1, priority: 100 }));
    const hosts = new RouterBench(routers, []);
    hosts.setLink('C', false);
    hosts.regroup([group('A'), { ...group('B'), name: 'H' }, { ...group('C'), name: 'I' }]);
    hosts.start();
    assert.deepEqual(hosts.told(), [
      'INSTANCE C FAULT 100',
      'GROUP G BACKUP 0',
      'GROUP H BACKUP 0',
      'GROUP I FAULT 0',
      'INSTANCE A BACKUP 100',
      'INSTANCE B BACKUP 100',
    ]);
  });

  test('a backup that is taken along says in the log only that the group does', () => {
    const pair = bench();
    pair.start();
    pair.log.length = 0;
    pair.setLink('B', false);
    assert.deepEqual(pair.log, ['(B) Entering FAULT STATE', 'VRRP_Group(G) Syncing instances to FAULT state']);
    assert.deepEqual(pair.told().slice(-3), ['INSTANCE B FAULT 110', 'INSTANCE A FAULT 100', 'GROUP G FAULT 0']);
  });

  test('the group tells its stop', () => {
    assert.deepEqual(
      masters()
        .groups.stop()
        .map(({ fifoLine }) => fifoLine),
      ['GROUP "G" STOP 0\n'],
    );
  });
});

describe('sync groups with scripts whose first results are awaited', () => {
  function waiting(both: boolean): RouterBench {
    const pair = bench();
    pair.tracks('A', script, 'unknown');
    if (both) pair.tracks('B', script, 'unknown');
    pair.regroup([group('A', 'B')]);
    pair.start();
    assert.deepEqual(pair.told(), []);
    return pair;
  }

  test('nobody begins before the last result', () => {
    const pair = waiting(true);
    pair.track('A', script, 'up');
    assert.deepEqual(pair.told(), []);
    pair.track('B', script, 'up');
    assert.deepEqual(pair.told(), ['INSTANCE B BACKUP 110', 'INSTANCE A BACKUP 100', 'GROUP G BACKUP 0']);
  });

  test('a first failure is told by those that track the script', () => {
    const pair = waiting(true);
    pair.track('A', script, 'down');
    pair.track('B', script, 'down');
    assert.deepEqual(pair.told(), ['INSTANCE A FAULT 100', 'GROUP G FAULT 0', 'INSTANCE B FAULT 110']);
  });

  test('owners are masters with the last result', () => {
    const pair = bench({ priority: 255, initialState: 'master' }, { priority: 255, initialState: 'master' });
    pair.tracks('A', script, 'unknown');
    pair.tracks('B', script, 'unknown');
    pair.regroup([group('A', 'B')]);
    pair.start();
    pair.track('A', script, 'up');
    assert.deepEqual(pair.told(), []);
    pair.track('B', script, 'up');
    assert.deepEqual(pair.told(), ['INSTANCE B MASTER 255', 'INSTANCE A MASTER 255', 'GROUP G MASTER 0']);
  });

  test('a member that does not track it waits in silence', () => {
    const pair = waiting(false);
    pair.track('A', script, 'down');
    assert.deepEqual(pair.told(), ['INSTANCE A FAULT 100', 'GROUP G FAULT 0']);
    pair.track('A', script, 'up');
    assert.deepEqual(pair.told(), ['INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110', 'GROUP G BACKUP 0']);
  });
});

describe('tracking without a sync group', () => {
  function alone(changes: Partial<VrrpInstance> = {}): RouterBench {
    return new RouterBench([instance({ name: 'A', priority: 100, notifyPriorityChanges: true, ...changes })], []);
  }

  test('a script without weight holds the router until its first result', () => {
    const router = alone();
    router.tracks('A', script, 'unknown');
    router.start();
    router.run(5);
    assert.deepEqual(router.told(), []);
    router.track('A', script, 'up');
    assert.deepEqual(router.log.at(-1), '(A) Entering BACKUP STATE');
    router.run(3.7);
    assert.deepEqual(router.told(), ['INSTANCE A BACKUP 100', 'INSTANCE A MASTER 100']);
  });

  test('an owner that waited is master at once', () => {
    const router = alone({ priority: 255, initialState: 'master' });
    router.tracks('A', script, 'unknown');
    router.start();
    router.track('A', script, 'up');
    assert.deepEqual(router.told(), ['INSTANCE A MASTER 255']);
  });

  test('a weight is told and takes effect on the remaining time', () => {
    const router = alone({ priority: 10 });
    const item = { ...script, weight: 100 };
    router.tracks('A', item, 'down');
    router.start();
    router.run(1);
    router.track('A', item, 'up');
    router.run(2.57);
    assert.equal(router.router('A').state.name, 'backup');
    router.run(0.01);
    assert.deepEqual(router.told(), [
      'INSTANCE A BACKUP 10',
      'INSTANCE A BACKUP_PRIORITY 110',
      'INSTANCE A MASTER 110',
    ]);
    router.track('A', item, 'down');
    assert.deepEqual(router.told(), ['INSTANCE A MASTER_PRIORITY 10']);
  });
});

test('a reload that brings a fault moves all quietly, and the group tells it last', () => {
  const pair = masters();
  pair.track('A', script, 'up');
  pair.told();
  pair.router('A').replaceTracked(new Map([['script z', { kind: 'fault' }]]));
  pair.groups.configure([group('A', 'B')], pair.routers, true);
  for (const router of pair.routers) router.resume(pair.now);
  pair.groups.tellFaults();
  assert.deepEqual(pair.told(), ['INSTANCE A FAULT 100', 'INSTANCE B FAULT 110', 'GROUP G FAULT 0']);
  assert.deepEqual(pair.adverts, []);
  pair.groups.tellFaults();
  assert.deepEqual(pair.told(), []);
});

test('a reload that takes the reason of a fault away lets all begin anew', () => {
  const pair = masters();
  pair.track('A', script, 'down');
  pair.told();
  pair.log.length = 0;
  pair.router('A').replaceTracked(new Map());
  pair.groups.configure([group('A', 'B')], pair.routers, true);
  for (const router of pair.routers) router.resume(pair.now);
  assert.deepEqual(pair.told(), ['GROUP G BACKUP 0', 'INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110']);
  assert.deepEqual(
    pair.log,
    ['A', 'B'].flatMap((name) => [`(${name}) removing VIPs.`, `(${name}) Entering BACKUP STATE (init)`]),
  );
});

test('the interface that is down is named, its own one by its own name', () => {
  const vmac = { kind: 'macvlan', name: 'vrrp.51', generatedName: true, netlinkNotify: false } as const;
  const host = new RouterBench([instance({ name: 'A', vmac })], []);
  const router = host.router('A');
  router.setFault('virtualInterfaceDown', true, host.now);
  sayFaults([router], host.log);
  router.setFault('virtualInterfaceDown', false, host.now);
  router.setFault('interfaceDown', true, host.now);
  sayFaults([router], host.log);
  assert.deepEqual(host.log, [
    '(A): entering FAULT state (interface vrrp.51 down)',
    '(A): entering FAULT state (interface eth0 down)',
  ]);
});

test('a reload says again which group is in the fault state, and because of whom', () => {
  const pair = masters();
  pair.track('B', { ...script, name: 'y' }, 'down');
  pair.log.length = 0;
  pair.groups.configure([group('A', 'B')], pair.routers, true);
  sayFaults(pair.routers, pair.log);
  pair.groups.sayFaults([]);
  assert.deepEqual(pair.log, ['(B): entering FAULT state due to script y', 'VRRP_Group(G): Syncing B to FAULT state']);
});

test('a member that comes with a reload takes a group of masters back, which tells it first', () => {
  const first = instance({ name: 'A', virtualRouterId: 1 });
  const pair = new RouterBench([first, instance({ name: 'B', virtualRouterId: 2 })], [group('A')]);
  pair.start();
  pair.run(4);
  pair.told();
  pair.router('B').shutdown('STOP', true, pair.now);
  pair.groups.configure([group('A', 'B')], pair.routers, true);
  assert.deepEqual(pair.told(), ['GROUP G BACKUP 0']);
  pair.groups.align(pair.router('A'));
  assert.deepEqual(pair.told(), ['INSTANCE A BACKUP 120']);
});

test('all states as FIFO lines, the groups before their members', () => {
  const pair = bench();
  pair.tracks('B', script, 'unknown');
  pair.regroup([group('A'), { ...group('B'), name: 'H' }]);
  pair.start();
  pair.run(4);
  assert.deepEqual(pair.groups.states(pair.routers), [
    'GROUP "G" MASTER 0\n',
    'GROUP "H" FAULT 0\n',
    'INSTANCE "A" MASTER 100\n',
    'INSTANCE "B" FAULT 110\n',
  ]);
});

test('a reload after which an instance does not track its own interface takes that fault away', () => {
  const pair = masters();
  const router = pair.router('A');
  router.setFault('interfaceDown', true, pair.now);
  assert.deepEqual(
    router.initialFaults.map(({ subject }) => subject),
    ['eth0'],
  );
  router.replaceTracked(new Map(), { ...router.instance, trackPrimaryInterface: false });
  assert.deepEqual(router.initialFaults, []);
  pair.told();
  pair.groups.configure([group('A', 'B')], pair.routers, true);
  for (const each of pair.routers) each.resume(pair.now);
  assert.deepEqual(pair.told(), ['GROUP G BACKUP 0', 'INSTANCE A BACKUP 100', 'INSTANCE B BACKUP 110']);
});
