import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VirtualServer } from '../../../../src/config/types.ts';
import { HealthChecks } from '../../../../src/daemon/checker/health-checks.ts';
import { Services } from '../../../../src/daemon/checker/services.ts';
import { desiredTable } from '../../../../src/ipvs/desired.ts';
import { adoptable } from '../../../../src/ipvs/plan.ts';
import type { Command, IpvsTable } from '../../../../src/ipvs/types.ts';
import { instant, seconds } from '../../../../src/lib/duration.ts';
import { checkerPorts } from '../../../fakes/checker-ports.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { scriptedDial } from '../../../fakes/dial.ts';
import { connection, ip, realServer, schedule, script, virtualServer } from '../../checkers/examples.ts';

function described(command: Command): string {
  if (command.kind === 'flush') return 'flush';
  const service = command.service.key.kind === 'address' ? command.service.key.address : '';
  if (!('destination' in command)) return `${command.kind} ${service}`;
  return `${command.kind} ${service} ${command.destination.address} ${command.destination.weight}`;
}

/** Services and health checks over a network where the servers in `dead` refuse, and a clock that stands still. */
function director(virtualServers: readonly VirtualServer[], held: IpvsTable = new Map(), restores = false) {
  const dead = new Set<string>();
  const silent = new Set<string>();
  const refusing = new Set<string>();
  const clock = fakeClock();
  const log: string[] = [];
  const done: string[] = [];
  const dial = scriptedDial(({ address }) =>
    dead.has(address) ? { kind: 'failed', code: 'ECONNREFUSED' } : { kind: 'open', reads: [] },
  );
  const services = new Services({
    log: ({ message }) => void log.push(message),
    apply: (commands) => {
      done.push(`[${commands.map(described).join(', ')}]`);
      return commands.filter(({ kind }) => refusing.has(kind)).map((command) => ({ command, errno: 2 }));
    },
    adopt: (desired) => adoptable(held, desired),
    notify: (action) => void (action.type === 'script' && done.push(`run ${action.command.argv[0]}`)),
    atEndOfTurn: (callback) => void setImmediate(callback),
    restores: () => restores,
    mailsAll: () => false,
  });
  const checks = new HealthChecks({
    ports: checkerPorts({
      dial: {
        connect: (to, signal) => dial.connect(to, signal),
        probe: (to, signal) => (silent.has(to.address) ? new Promise(() => {}) : dial.probe(to, signal)),
      },
      clock,
    }),
    log: ({ message }) => void log.push(message),
    openTimer: clock.openTimer,
    changed: (check, change) => services.verdictChanged(check, change),
    checked: (check) => services.checked(check),
  });
  services.start(virtualServers, false);
  checks.replace(services.checks);
  const taken = (): string[] => done.splice(0);
  const runUntil = async (time: number): Promise<string[]> => {
    await clock.advanceTo(instant(seconds(time)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    return taken();
  };
  return { services, checks, dead, silent, refusing, log, taken, runUntil, dial };
}

function checked(address: string, changes = {}) {
  const checker = {
    kind: 'TCP_CHECK',
    schedule: schedule({ delayLoop: seconds(2), retry: 1 }),
    connection: connection({ address: ip(address) }),
  } as const;
  return realServer(address, { checkers: [checker], notifyDown: script(`${address}-down`), ...changes });
}

test('start programs everything at once; changes of one turn are one batch, scripts after it', async () => {
  const { runUntil, taken, dead } = director([virtualServer([checked('10.0.0.1'), checked('10.0.0.2')])]);
  assert.deepEqual(taken(), [
    '[newService 10.9.0.1, newDestination 10.9.0.1 10.0.0.1 1, newDestination 10.9.0.1 10.0.0.2 1]',
  ]);
  dead.add('10.0.0.1').add('10.0.0.2');
  assert.deepEqual(await runUntil(1), [
    '[deleteDestination 10.9.0.1 10.0.0.1 1, deleteDestination 10.9.0.1 10.0.0.2 1]',
    'run 10.0.0.1-down',
    'run 10.0.0.2-down',
  ]);
});

test('retry, removal and return on the schedule', async () => {
  const { runUntil, dead } = director([virtualServer([checked('10.0.0.1'), checked('10.0.0.2')])]);
  await runUntil(1);
  dead.add('10.0.0.1');
  assert.deepEqual(await runUntil(3.9), []);
  assert.deepEqual(await runUntil(4), ['[deleteDestination 10.9.0.1 10.0.0.1 1]', 'run 10.0.0.1-down']);
  dead.clear();
  assert.deepEqual(await runUntil(5.9), []);
  assert.deepEqual(await runUntil(6), ['[newDestination 10.9.0.1 10.0.0.1 1]']);
});

test('a server that never answers holds up nobody', async () => {
  const { runUntil, silent, dead, dial } = director([virtualServer([checked('10.0.0.1'), checked('10.0.0.2')])]);
  silent.add('10.0.0.1');
  await runUntil(10);
  assert.equal(dial.dialled.length, 5);
  dead.add('10.0.0.2');
  assert.deepEqual(await runUntil(13), ['[deleteDestination 10.9.0.1 10.0.0.2 1]', 'run 10.0.0.2-down']);
});

test('reload sends only what differs, ends attempts under way and keeps verdicts', async () => {
  const { services, checks, runUntil, dead, log } = director([
    virtualServer([checked('10.0.0.1'), checked('10.0.0.2')]),
  ]);
  await runUntil(1);
  dead.add('10.0.0.2');
  assert.equal((await runUntil(4)).length, 2);
  services.reload([virtualServer([checked('10.0.0.1', { weight: 7 }), checked('10.0.0.2'), checked('10.0.0.3')])]);
  checks.replace(services.checks);
  assert.deepEqual(await runUntil(4), ['[newDestination 10.9.0.1 10.0.0.3 1, setDestination 10.9.0.1 10.0.0.1 7]']);
  log.length = 0;
  assert.deepEqual(await runUntil(5), []);
  assert.deepEqual(log, ['TCP connection to [10.0.0.3]:tcp:80 success.']);
});

test('a result that arrives after reload or stop changes nothing', async () => {
  const world = director([virtualServer([checked('10.0.0.1')])]);
  world.taken();
  world.silent.add('10.0.0.1');
  await world.runUntil(1);
  world.checks.close();
  world.services.stop('eachServer');
  assert.deepEqual(await world.runUntil(100), ['[deleteService 10.9.0.1]']);
});

test('a server that the kernel refuses just before the stop is not brought back after it', async () => {
  const { services, checks, runUntil, dead, refusing, taken } = director([virtualServer([checked('10.0.0.1')])]);
  dead.add('10.0.0.1');
  await runUntil(1);
  refusing.add('newDestination');
  const check = services.checks[0];
  assert.ok(check);
  services.verdictChanged(check, { type: 'up', mail: '' });
  checks.close();
  services.stop('eachServer');
  taken();
  services.weigh(0, 0, 5);
  assert.deepEqual(await runUntil(2), []);
});

test('stop by flush', () => {
  const { services, taken, log } = director([virtualServer([checked('10.0.0.1')])]);
  taken();
  log.length = 0;
  services.stop('flush');
  assert.deepEqual(taken(), ['[flush]']);
  assert.deepEqual(log, []);
});

test('restore sends what differs from what the kernel turns out to hold', () => {
  const server = virtualServer([checked('10.0.0.1'), checked('10.0.0.2')]);
  const { services, taken } = director([server]);
  taken();
  assert.equal(services.restore(), 3);
  assert.deepEqual(taken(), [
    '[newService 10.9.0.1, newDestination 10.9.0.1 10.0.0.1 1, newDestination 10.9.0.1 10.0.0.2 1]',
  ]);
});

test('what the kernel refuses while its table is restored is asked for again by a reload', () => {
  const servers = [virtualServer([checked('10.0.0.1')])];
  const { services, refusing, taken } = director(servers);
  taken();
  refusing.add('newService').add('newDestination');
  const wanted = '[newService 10.9.0.1, newDestination 10.9.0.1 10.0.0.1 1]';
  assert.equal(services.restore(), 2);
  refusing.clear();
  services.reload(servers);
  assert.deepEqual(taken(), [wanted, wanted]);
});

test('after a refusal the kernel is read again, so that the next reload knows what is missing', () => {
  const { services, refusing, taken } = director([virtualServer([checked('10.0.0.1')])]);
  taken();
  refusing.add('newDestination');
  const reloaded = [virtualServer([checked('10.0.0.1'), checked('10.0.0.2')])];
  services.reload(reloaded);
  assert.deepEqual(taken(), ['[newDestination 10.9.0.1 10.0.0.2 1]']);
  refusing.clear();
  services.reload(reloaded);
  assert.deepEqual(taken(), [
    '[newService 10.9.0.1, newDestination 10.9.0.1 10.0.0.1 1, newDestination 10.9.0.1 10.0.0.2 1]',
  ]);
});

test('a real server that the kernel refuses stays down and is offered again; its service is not made anew', async () => {
  const server = virtualServer([checked('10.0.0.1', { notifyUp: script('up') })], { quorumUp: script('quorum') });
  const { runUntil, dead, refusing, taken } = director([server]);
  dead.add('10.0.0.1');
  await runUntil(2);
  dead.clear();
  refusing.add('newDestination');
  taken();
  const offered = '[newDestination 10.9.0.1 10.0.0.1 1]';
  assert.deepEqual([await runUntil(3), await runUntil(5)], [[offered], [offered]]);
  refusing.clear();
  assert.deepEqual(await runUntil(7), [offered, 'run up', 'run quorum']);
});

test('a group that changes at a reload is named line by line', () => {
  const key = { kind: 'group', group: 'g', ordinal: 0, protocol: 'TCP' } as const;
  const server = virtualServer([checked('10.0.0.1')], { key });
  const range = (first: string, last = first) =>
    ({ kind: 'range', first: ip(first), last: ip(last), port: 80 }) as const;
  const { services, log, taken } = director([]);
  services.reload([server], [{ name: 'g', entries: [range('10.9.0.1', '10.9.0.2'), { kind: 'fwmark', fwmark: 7 }] }]);
  assert.equal(log.length, 1);
  log.length = 0;
  taken();
  services.reload([server], [{ name: 'g', entries: [range('10.9.0.1'), { kind: 'fwmark', fwmark: 8 }] }]);
  assert.deepEqual(log, [
    'VS [[10.9.0.1]:tcp:80-10.9.0.2] in group g no longer exists',
    'VS [7] in group g no longer exists',
    'VS [[10.9.0.1]:tcp:80] added into group g',
    'VS [FWM 8] added into group g',
  ]);
  assert.deepEqual(taken(), ['[newService , newDestination  10.0.0.1 1, deleteService 10.9.0.2, deleteService ]']);
});

test('weights that a file gives reach the kernel within its bounds, and the quorum', async () => {
  const file = { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', weight: 2, reverse: false } as const;
  const { checks, taken, log, runUntil } = director([virtualServer([realServer('10.0.0.1', { checkers: [file] })])]);
  taken();
  log.length = 0;
  checks.fileChanged('tf', 3);
  assert.deepEqual(await runUntil(0.1), ['[setDestination 10.9.0.1 10.0.0.1 7]']);
  checks.fileChanged('tf', -5);
  assert.deepEqual(await runUntil(0.2), ['[setDestination 10.9.0.1 10.0.0.1 0]']);
  checks.fileChanged('tf', -2147483648);
  assert.deepEqual(await runUntil(0.3), ['[deleteDestination 10.9.0.1 10.0.0.1 0]']);
  checks.fileChanged('tf', 1);
  assert.deepEqual(await runUntil(0.4), ['[newDestination 10.9.0.1 10.0.0.1 3]']);
  assert.deepEqual(log, [
    'Changing weight from 1 to 7 for active service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80',
    'Changing weight from 7 to 0 for active service [10.0.0.1]:tcp:80 of VS [10.9.0.1]:tcp:80',
    'Lost quorum 1-0=1 > 0 for VS [10.9.0.1]:tcp:80',
    '([10.0.0.1]:tcp:80): tracked file tf now FAULT state',
    'Removing service [10.0.0.1]:tcp:80 from VS [10.9.0.1]:tcp:80',
    '([10.0.0.1]:tcp:80): tracked file tf leaving FAULT state',
    'Adding service [10.0.0.1]:tcp:80 to VS [10.9.0.1]:tcp:80',
    'Gained quorum 1+0=1 <= 3 for VS [10.9.0.1]:tcp:80',
  ]);
});

test('virtual servers that are the same objects do as equal ones do at a reload', async () => {
  const addresses = ['10.9.0.1', '10.9.0.2', '10.9.0.3'];
  const server = (address: string, weight = 1) => {
    const servers = [checked(`${address}1`, { weight }), checked(`${address}2`)];
    const key = { kind: 'address', address: ip(address), port: 80, protocol: 'TCP' } as const;
    return virtualServer(servers, { key, quorum: 2 });
  };
  const first = addresses.map((address) => server(address));
  const play = async (same: (server: VirtualServer) => VirtualServer): Promise<unknown> => {
    const { services, checks, dead, log, taken, runUntil } = director(first);
    dead.add('10.9.0.11').add('10.9.0.32');
    const seen: unknown[] = [taken(), await runUntil(3.5)];
    for (const next of [
      [same(first[0]!), server('10.9.0.2', 7), same(first[2]!)],
      [same(first[2]!), same(first[0]!)],
      [same(first[0]!), same(first[1]!)],
    ]) {
      services.reload(next);
      checks.replace(services.checks);
      dead.delete('10.9.0.11');
      seen.push(taken(), await runUntil(20), log.splice(0));
    }
    services.stop('eachServer');
    return [...seen, taken(), log];
  };
  assert.deepEqual(await play((one) => one), await play((one) => structuredClone(one)));
});

test('what the kernel holds in another form at the start stays as it is, or is restored', () => {
  const servers = [virtualServer([realServer('10.0.0.1', { weight: 3 }), realServer('10.0.0.2')])];
  const { services } = director(servers);
  const table = desiredTable(
    servers,
    services.views.map(({ state }) => state),
  );
  const held = new Map(
    [...table].map(([id, { service, destinations }]) => {
      const [first = ['', undefined], ...others] = destinations;
      const idle = first[1] && { ...first[1], weight: 0 };
      return [id, { service, destinations: new Map(idle ? [[first[0], idle], ...others] : []) }];
    }),
  );
  assert.deepEqual(director(servers, held).taken(), ['[newDestination 10.9.0.1 10.0.0.1 3]']);
  assert.deepEqual(director(servers, held, true).taken(), ['[setDestination 10.9.0.1 10.0.0.1 3]']);
  assert.deepEqual(director(servers, table).taken(), []);
});

test('the sorry server that a killed predecessor has left goes, and what others have added stays', () => {
  const sorryServer = { address: ip('10.0.0.9'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;
  const server = virtualServer([checked('10.0.0.1')], { sorryServer });
  const foreign = virtualServer([realServer('10.0.0.7')]);
  const serving = { sorryActive: false, realServers: [{ alive: true, weight: 1 }] };
  const held = desiredTable([server, foreign], [{ ...serving, sorryActive: true }, serving]);
  assert.deepEqual(director([server], held).taken(), ['[newDestination 10.9.0.1 10.0.0.1 1]']);
  assert.deepEqual(director([server], held, true).taken(), [
    '[newDestination 10.9.0.1 10.0.0.1 1, deleteDestination 10.9.0.1 10.0.0.9 1]',
  ]);
});

test('what a killed predecessor had inhibited keeps weight 0 until it is found well', async () => {
  const inhibited = (address: string) => checked(address, { inhibitOnFailure: true, weight: 5 });
  const server = virtualServer(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(inhibited));
  const [up, down] = [true, false].map((alive) => ({ alive, weight: 5 }));
  const held = desiredTable(
    [server],
    [{ sorryActive: false, realServers: [up, down, down].flatMap((one) => one ?? []) }],
  );
  const world = director([server], held, true);
  assert.deepEqual(world.taken(), []);
  world.services.weigh(0, 0, 7);
  assert.deepEqual(await world.runUntil(0), ['[setDestination 10.9.0.1 10.0.0.1 7]']);
  world.services.reload([virtualServer([...server.realServers.slice(1), checked('10.0.0.4')])]);
  world.checks.replace(world.services.checks);
  assert.deepEqual(world.taken(), [
    '[newDestination 10.9.0.1 10.0.0.4 1, deleteDestination 10.9.0.1 10.0.0.1 7]',
    'run 10.0.0.1-down',
  ]);
  world.dead.add('10.0.0.3');
  assert.deepEqual(await world.runUntil(1), ['[setDestination 10.9.0.1 10.0.0.2 5]', 'run 10.0.0.3-down']);
  world.dead.clear();
  assert.deepEqual(await world.runUntil(3), ['[setDestination 10.9.0.1 10.0.0.3 5]']);
});

test('where a sorry server stood in, nobody waits to be found well', () => {
  const sorryServer = { address: ip('10.0.0.9'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;
  const server = virtualServer([checked('10.0.0.1', { inhibitOnFailure: true })], { sorryServer });
  const held = desiredTable([server], [{ sorryActive: true, realServers: [{ alive: false, weight: 1 }] }]);
  assert.deepEqual(director([server], held, true).taken(), [
    '[setDestination 10.9.0.1 10.0.0.1 1, deleteDestination 10.9.0.1 10.0.0.9 1]',
  ]);
});

test('a reload that takes the checks of an inhibited server away ends its wait', () => {
  const server = virtualServer([checked('10.0.0.1', { inhibitOnFailure: true })]);
  const held = desiredTable([server], [{ sorryActive: false, realServers: [{ alive: false, weight: 1 }] }]);
  const world = director([server], held, true);
  assert.deepEqual(world.taken(), []);
  world.services.reload([virtualServer([realServer('10.0.0.1', { inhibitOnFailure: true, checkers: [] })])]);
  assert.deepEqual(world.taken(), ['[setDestination 10.9.0.1 10.0.0.1 1]']);
});
