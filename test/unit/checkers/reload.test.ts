import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshService, type Reload, type RunningService, reload } from '../../../src/checkers/reload.ts';
import { initialService, transition } from '../../../src/checkers/service.ts';
import type { Checker, RealServer, VirtualServer } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { connection, httpChecker, ip, realServer, schedule, script, tcpChecker, virtualServer } from './examples.ts';

/** A started virtual server; `failed` real servers have had all their checkers fail. */
function running(server: VirtualServer, failed: readonly number[] = []): RunningService {
  const fresh = freshService(server);
  let { state } = transition(server, fresh.state, { type: 'start', notifyRealServers: false });
  const checks = fresh.checks.map((ofServer, realServer) =>
    ofServer.map(({ verdict }) => {
      if (!failed.includes(realServer)) return { verdict: { ...verdict, up: true, hasRun: true, retries: 0 } };
      state = transition(server, state, { type: 'checkerDown', realServer, mail: '' }).state;
      return { verdict: { ...verdict, up: false, hasRun: true } };
    }),
  );
  return { server, state, checks };
}

function said({ actions }: Reload): string[] {
  return actions.flatMap((action) => {
    if (action.type === 'change') return [];
    if (action.type === 'log') return action.line.message;
    return action.type === 'script' ? `RUN ${action.command.argv[0]}` : action.type;
  });
}

const one = realServer('10.0.0.11');
const two = realServer('10.0.0.12', { notifyDown: script('two-down'), notifyUp: script('two-up') });

test('nothing changes when nothing changed', () => {
  const before = running(virtualServer([one, two]), [1]);
  const after = reload([before], [virtualServer([one, two])]);
  assert.deepEqual(after.actions, []);
  assert.deepEqual(after.services[0]?.state, before.state);
  assert.deepEqual(after.services[0]?.checks[0], before.checks[0]);
  assert.equal(after.services[0]?.checks[1]?.[0]?.verdict.up, false);
});

test('a sorry server that stands in already is not announced again', () => {
  const sorryServer = { address: ip('10.0.0.99'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;
  const server = virtualServer([one, two], { sorryServer });
  assert.deepEqual(reload([running(server, [0, 1])], [server]).actions, []);
});

test('a server that had left the kernel is not removed from it', () => {
  const kept = running(virtualServer([one, two]), [1]);
  assert.deepEqual(said(reload([kept], [virtualServer([one])])), ['service [10.0.0.12]:tcp:80 no longer exist']);
  const inhibited = running(virtualServer([one, { ...two, inhibitOnFailure: true }]), [1]);
  assert.deepEqual(said(reload([inhibited], [virtualServer([one])])), [
    'service [10.0.0.12]:tcp:80 no longer exist',
    'Removing service [10.0.0.12]:tcp:80 from VS [10.9.0.1]:tcp:80',
  ]);
});

test('of a server that the sorry server replaces there is nothing to remove', () => {
  const sorryServer = { address: ip('10.0.0.99'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;
  const replaced = { quorum: 2, sorryServer };
  const before = running(virtualServer([one, two], replaced), [1]);
  assert.deepEqual(said(reload([before], [virtualServer([two], replaced)])), [
    'service [10.0.0.11]:tcp:80 no longer exist',
  ]);
  const waiting = virtualServer([one, two], { ...replaced, sorryServer: { ...sorryServer, inhibitOnFailure: true } });
  assert.deepEqual(reload([before], [waiting]).actions, []);
});

test('servers that join have all their retries before them', () => {
  const server = virtualServer([one, realServer('10.0.0.13', { checkers: [tcpChecker({ alpha: true })] })]);
  const { services } = reload([], [server]);
  assert.deepEqual(
    services[0]?.checks.flat().map(({ verdict: { up, retries } }) => ({ up, retries })),
    [
      { up: true, retries: 0 },
      { up: false, retries: 0 },
    ],
  );
});

test('a virtual server that is gone says so, with its notifications', () => {
  const gone = virtualServer([one, two], { quorumDown: script('quorum-down') });
  assert.deepEqual(said(reload([running(gone)], [])), [
    'Removing Virtual Server [10.9.0.1]:tcp:80',
    'Removing service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'fifo',
    'Removing service [10.0.0.12]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'RUN two-down',
    'fifo',
    'RUN quorum-down',
    'fifo',
  ]);
});

test('a server that leaves while the sorry server stands in is told of if the kernel holds it, which is if it is inhibited', () => {
  const sorryServer = { address: ip('10.0.0.99'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;
  const leaves = (inhibitOnFailure: boolean): string[] => {
    const server = virtualServer([one, { ...two, inhibitOnFailure }], { quorum: 2, sorryServer });
    return said(reload([running(server, [0])], [virtualServer([one], { quorum: 2, sorryServer })]));
  };
  const gone = 'service [10.0.0.12]:tcp:80 no longer exist';
  assert.deepEqual(leaves(false), [gone]);
  assert.deepEqual(leaves(true), [
    gone,
    'Removing service [10.0.0.12]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'RUN two-down',
    'fifo',
  ]);
});

test('where everything is flushed at the end, a virtual server that is gone says no more than that', () => {
  const gone = virtualServer([one, two], { quorumDown: script('quorum-down'), smtpAlert: true });
  const after = reload([running(gone)], [], new Map(), { flushing: true });
  assert.deepEqual(said(after), ['Removing Virtual Server [10.9.0.1]:tcp:80']);
});

test('the mail of a virtual server that leaves, or that those who leave take the quorum from, names the quorum', () => {
  const before = running(virtualServer([one, two], { quorum: 2, smtpAlert: true }));
  const mails = (...after: VirtualServer[]) =>
    reload([before], after).actions.flatMap((action) => (action.type === 'mail' ? action.body : []));
  assert.deepEqual(mails(), ['=> Lost quorum 2+0=2 <= 0 <=']);
  assert.deepEqual(mails(virtualServer([one], { quorum: 1, smtpAlert: true })), ['=> Lost quorum 2+0=2 <= 1 <=']);
});

test('new checkers are trusted unless a kept one has failed, or all of a server out of service are new', () => {
  const at = (port: number, alpha = false) => ({ ...tcpChecker({ alpha }), connection: connection({ port }) });
  const [kept, failing, alpha, plain] = [at(81), at(82), at(83, true), at(84)];
  const half = running(virtualServer([realServer('10.0.0.11', { checkers: [kept, failing] })]), [0]);
  const checks = half.checks.map((ofServer) =>
    ofServer.map(({ verdict }, i) => ({ verdict: { ...verdict, up: i === 0, retries: i } })),
  );
  const state = { ...half.state, realServers: half.state.realServers.map((real) => ({ ...real, failedCheckers: 1 })) };
  const after = (...checkers: Checker[]) => {
    const { services } = reload([{ ...half, state, checks }], [virtualServer([realServer('10.0.0.11', { checkers })])]);
    return services[0]?.checks[0]?.map(({ verdict: { up, retries } }) => [up, retries]);
  };
  assert.deepEqual(after(kept, alpha, plain), [
    [true, 0],
    [true, 0],
    [true, 0],
  ]);
  assert.deepEqual(after(failing, alpha, plain), [
    [false, 2],
    [false, 1],
    [true, 1],
  ]);
  assert.deepEqual(after(alpha, plain), [
    [false, 1],
    [true, 1],
  ]);
  assert.deepEqual(after(failing, failing), [
    [false, 2],
    [false, 2],
  ]);
});

test('of a group the name is said when its virtual server is gone', () => {
  const gone = virtualServer([], { key: { kind: 'group', group: 'web', ordinal: 1, protocol: 'TCP' } });
  assert.deepEqual(said(reload([running(gone)], [])), ['Removing Virtual Server Group [web]']);
});

test('a real server that is gone says so; the quorum is weighed again', () => {
  const before = running(virtualServer([one, two], { quorum: 2 }));
  assert.deepEqual(said(reload([before], [virtualServer([one], { quorum: 2 })])), [
    'service [10.0.0.12]:tcp:80 no longer exist',
    'Removing service [10.0.0.12]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'RUN two-down',
    'fifo',
    'fifo',
    'Starting with quorum down 2-0=2 > 1 for VS [10.9.0.1]:tcp:80',
    'fifo',
  ]);
});

test('a quorum that others make good again is lost for a moment', () => {
  const lines = said(reload([running(virtualServer([one]))], [virtualServer([two])]));
  assert.deepEqual(lines.slice(2), ['fifo', 'fifo']);
  const enough = said(reload([running(virtualServer([one, two]))], [virtualServer([one])]));
  assert.deepEqual(enough.slice(2), ['RUN two-down', 'fifo']);
});

test('a new real server joins without a word, with alpha only after its first success', () => {
  const alpha = realServer('10.0.0.13', { checkers: [tcpChecker({ alpha: true })] });
  const { services, actions } = reload([running(virtualServer([one]))], [virtualServer([one, two, alpha])]);
  assert.deepEqual(actions, []);
  assert.deepEqual(
    services[0]?.state.realServers.map(({ alive }) => alive),
    [true, true, false],
  );
});

test('with rs_init_notifies those that join alive announce themselves, before their quorum', () => {
  const key = { kind: 'address', address: ip('10.0.0.2'), port: 80, protocol: 'TCP' } as const;
  const joining = { ...two, checkers: [] };
  const fresh = virtualServer([joining], { key });
  const after = reload([running(virtualServer([one]))], [virtualServer([one, joining]), fresh], new Map(), {
    joining: true,
  });
  assert.deepEqual(
    said(after).filter((line) => line !== 'fifo'),
    ['RUN two-up', 'RUN two-up', 'Gained quorum 1+0=1 <= 1 for VS [10.0.0.2]:tcp:80'],
  );
  const alpha = realServer('10.0.0.13', { checkers: [tcpChecker({ alpha: true })] });
  const waiting = reload([], [virtualServer([alpha])], new Map(), { joining: true });
  assert.ok(!said(waiting).some((line) => line === 'fifo'));
});

test('weights change after everything that is gone, forwarding without a word', () => {
  const heavier: RealServer = { ...two, weight: 5, forwardingMethod: 'DR' };
  const result = reload([running(virtualServer([one, two]), [1])], [virtualServer([heavier])]);
  assert.deepEqual(said(result).slice(0, 5), [
    'service [10.0.0.11]:tcp:80 no longer exist',
    'Removing service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'fifo',
    'fifo',
    'Changing weight from 1 to 5 for inactive service [10.0.0.12]:tcp:80 of VS [10.9.0.1]:tcp:80',
  ]);
  assert.equal(result.services[0]?.state.realServers[0]?.weight, 5);
});

test('a revived server is in service before its weight changes', () => {
  const failing = realServer('10.0.0.11', { checkers: [tcpChecker()] });
  const healed = { ...failing, checkers: [], weight: 4 };
  const result = reload([running(virtualServer([failing]), [0])], [virtualServer([healed])]);
  assert.deepEqual(said(result), [
    'Adding service [10.0.0.11]:tcp:80 to VS [10.9.0.1]:tcp:80',
    'fifo',
    'Gained quorum 1+0=1 <= 1 for VS [10.9.0.1]:tcp:80',
    'fifo',
    'Changing weight from 1 to 4 for active service [10.0.0.11]:tcp:80 of VS [10.9.0.1]:tcp:80',
  ]);
});

test('a file counts from the reload on that brings its check', () => {
  const file = { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', reverse: false } as const;
  const plain = realServer('10.0.0.11', { checkers: [] });
  const followed = (weight: number) => virtualServer([{ ...plain, checkers: [{ ...file, weight }] }]);
  const values = new Map([['tf', 2]]);
  const before = [running(virtualServer([plain]))];
  assert.deepEqual(said(reload(before, [followed(3)], values)), [
    'Changing weight from 1 to 7 for active service [10.0.0.11]:tcp:80 of VS [10.9.0.1]:tcp:80',
  ]);
  assert.deepEqual(said(reload(before, [followed(0)], values)).slice(0, 2), [
    'Removing service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'fifo',
  ]);
  assert.deepEqual(said(reload(before, [followed(0)])), []);
});

test('removing the failing checker revives the server', () => {
  const failing = realServer('10.0.0.11', { checkers: [tcpChecker()], notifyUp: script('up') });
  const result = reload([running(virtualServer([failing]), [0])], [virtualServer([{ ...failing, checkers: [] }])]);
  assert.deepEqual(said(result), [
    'Adding service [10.0.0.11]:tcp:80 to VS [10.9.0.1]:tcp:80',
    'RUN up',
    'fifo',
    'Gained quorum 1+0=1 <= 1 for VS [10.9.0.1]:tcp:80',
    'fifo',
  ]);
  assert.ok(result.services[0]?.state.realServers[0]?.alive);
});

/** The verdicts of one real server whose checkers change from `before` to `after`. */
function verdictsAfter(before: readonly Checker[], after: readonly Checker[], failed: boolean) {
  const old = running(virtualServer([realServer('10.0.0.11', { checkers: before })]), failed ? [0] : []);
  const { services } = reload([old], [virtualServer([realServer('10.0.0.11', { checkers: after })])]);
  return (services[0]?.checks[0] ?? []).map(({ verdict: { up, hasRun, retries } }) => ({ up, hasRun, retries }));
}

test('delays and retries may change; retries used so far are capped', () => {
  const later = tcpChecker({ retry: 3, delayLoop: schedule().warmup });
  assert.deepEqual(verdictsAfter([tcpChecker()], [later], false), [{ up: true, hasRun: true, retries: 0 }]);
  assert.deepEqual(verdictsAfter([tcpChecker()], [later], true), [{ up: false, hasRun: true, retries: 4 }]);
});

test('a checker of another port is a new one: up while its server is up, with alpha too', () => {
  const other = { ...tcpChecker({ alpha: true }), connection: connection({ port: 81 }) };
  assert.deepEqual(verdictsAfter([tcpChecker()], [other], false), [{ up: true, hasRun: false, retries: 0 }]);
  assert.deepEqual(verdictsAfter([tcpChecker()], [other], true), [{ up: false, hasRun: false, retries: 1 }]);
});

test('equal new checkers share an old verdict', () => {
  assert.deepEqual(
    verdictsAfter([tcpChecker()], [tcpChecker(), tcpChecker()], false).map(({ hasRun }) => hasRun),
    [true, true],
  );
});

test('a url more makes another HTTP check', () => {
  const longer = httpChecker({
    urls: [...httpChecker().urls, { path: '/b', statusCodes: [[200, 200]], tlsCompliant: false }],
  });
  assert.deepEqual(
    verdictsAfter([httpChecker()], [longer], false).map(({ hasRun }) => hasRun),
    [false],
  );
});

const sorry = { address: ip('10.0.0.98'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;

test('a sorry server in service that is reached another way stays', () => {
  const before = running(virtualServer([one], { sorryServer: sorry }), [0]);
  const next = virtualServer([one], { sorryServer: { ...sorry, forwardingMethod: 'DR' } });
  assert.deepEqual(reload([before], [next]).actions, []);
});

test('servers that revive bring the quorum as it is reached; until the others are gone through they do not count', () => {
  const checked = [1, 2, 3].map((weight) => realServer(`10.0.0.1${weight}`, { weight }));
  const [first, second, third] = checked.map((real) => ({ ...real, checkers: [] }));
  assert.ok(first && second && third);
  const dead = running(virtualServer(checked, { quorum: 2 }), [0, 1, 2]);
  const telling = (line: string): boolean => /(Adding|Gained|Lost)/.test(line);
  const adding = (n: number): string => `Adding service [10.0.0.1${n}]:tcp:80 to VS [10.9.0.1]:tcp:80`;
  assert.deepEqual(said(reload([dead], [virtualServer([first, second, third], { quorum: 2 })])).filter(telling), [
    adding(1),
    adding(2),
    'Gained quorum 2+0=2 <= 3 for VS [10.9.0.1]:tcp:80',
    adding(3),
  ]);
  const others = checked.slice(1);
  const alive = running(virtualServer(checked, { quorum: 2 }), [0]);
  assert.deepEqual(said(reload([alive], [virtualServer([first, ...others], { quorum: 2 })])).filter(telling), [
    adding(1),
    'Lost quorum 2-0=2 > 1 for VS [10.9.0.1]:tcp:80',
    'Gained quorum 2+0=2 <= 6 for VS [10.9.0.1]:tcp:80',
  ]);
});

test('another sorry server takes the place of one in service', () => {
  const before = running(virtualServer([one], { sorryServer: sorry }), [0]);
  const next = virtualServer([one], { sorryServer: { ...sorry, address: ip('10.0.0.99') } });
  assert.deepEqual(said(reload([before], [next])).slice(0, 3), [
    'Removing sorry server [10.0.0.98]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'Starting with quorum down 1-0=1 > 0 for VS [10.9.0.1]:tcp:80',
    'Adding sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80',
  ]);
});

test('property: the very same virtual server stands as an equal one does', () => {
  const verdict = fc.record({
    ...{ up: fc.boolean(), hasRun: fc.boolean(), retries: fc.nat(3), step: fc.constant(0), remarks: fc.constant({}) },
    weight: fc.option(fc.constantFrom({ by: 2 }, { to: 5 }), { nil: undefined }),
  });
  const judged = verdict.map(({ weight, ...rest }) => ({ verdict: { ...rest, ...(weight && { weight }) } }));
  const checks = fc.array(fc.tuple(judged, judged), { minLength: 2, maxLength: 2 });
  const standing = fc.record({ alive: fc.boolean(), weight: fc.nat(6), failedCheckers: fc.nat(2) });
  const state = fc.record({
    ...{ quorumUp: fc.boolean(), sorryActive: fc.constant(false) },
    realServers: fc.tuple(standing, standing),
  });
  /** Mostly what the checkers say, as it is while the daemon runs. */
  const settled = fc.boolean();
  fc.assert(
    fc.property(checks, state, settled, (judgedServers, given, follows) => {
      const checkers = [tcpChecker(), httpChecker()];
      const server = virtualServer([realServer('10.0.0.11', { checkers }), realServer('10.0.0.12', { checkers })]);
      const realServers = follows ? initialService(server, judgedServers).realServers : given.realServers;
      const service = { server, state: { ...given, realServers }, checks: judgedServers };
      assert.deepEqual(reload([service], [server]), reload([service], [structuredClone(server)]));
    }),
  );
});

test('a virtual server that stands as its checkers say goes on as the very same', () => {
  const server = virtualServer([one, two]);
  const before = running(server);
  assert.equal(reload([before], [server]).services[0], before);
});

test('a configuration that names a virtual server twice is equal to itself', () => {
  const servers = [virtualServer([one]), virtualServer([two])];
  const before = servers.map((server) => running(server));
  assert.deepEqual(said(reload(before, servers)), []);
  assert.deepEqual(said(reload(before, structuredClone(servers))), []);
  assert.equal(said(reload(before, servers.slice(0, 1)))[0], 'Removing Virtual Server [10.9.0.1]:tcp:80');
});

test('FILE_CHECK of a name that is another file now follows that', () => {
  const checker = { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', weight: 0, reverse: false } as const;
  const server = virtualServer([realServer('10.0.0.11', { checkers: [checker] }), two]);
  const lines = said(reload([running(server)], [server], new Map([['tf', 3]])));
  assert.equal(lines[0], 'Removing service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80');
  assert.deepEqual(said(reload([running(server)], [server], new Map([['tf', 0]]))), []);
});

test('another delay_loop leaves the verdict of a script as it is', () => {
  const script = (delayLoop: number): Checker => ({
    ...{ kind: 'MISC_CHECK', command: { argv: ['/check'], uid: 0, gid: 0 }, dynamic: false },
    ...{ schedule: schedule({ delayLoop: seconds(delayLoop) }), timeout: seconds(delayLoop) },
  });
  const server = (delayLoop: number) =>
    virtualServer([realServer('10.0.0.11', { checkers: [script(delayLoop)] }), two]);
  assert.deepEqual(said(reload([running(server(6), [0])], [server(7)])), []);
});
