import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aliveWeight } from '../../../src/checkers/quorum.ts';
import { freshService } from '../../../src/checkers/reload.ts';
import { type ServiceEvent, type ServiceState, transition } from '../../../src/checkers/service.ts';
import type { ServiceAction } from '../../../src/checkers/service-action.ts';
import type { RealServer, VirtualServer } from '../../../src/config/types.ts';
import { ip, realServer, script, tcpChecker, virtualServer } from './examples.ts';

const mail = '=> TCP CHECK failed on service <=';

function up(index: number): ServiceEvent {
  return { type: 'checkerUp', realServer: index, mail };
}

function down(index: number): ServiceEvent {
  return { type: 'checkerDown', realServer: index, mail };
}

const start: ServiceEvent = { type: 'start', notifyRealServers: false };

/** Those who watch from outside have a test of their own. */
function words(action: ServiceAction): string[] {
  const said = sentence(action);
  return said === undefined ? [] : [said];
}

function sentence(action: ServiceAction): string | undefined {
  switch (action.type) {
    case 'change':
      return undefined;
    case 'log':
      return action.line.message;
    case 'program':
      return 'PROGRAM';
    case 'script':
      return `RUN ${action.command.argv.join(' ')}`;
    case 'fifo':
      return `FIFO ${JSON.stringify(action.text)}`;
    case 'mail':
      return `MAIL ${action.subject}: ${action.body}`;
  }
}

/** What each event said and did. */
function play(server: VirtualServer, events: readonly ServiceEvent[]): { steps: string[][]; state: ServiceState } {
  let state = freshService(server).state;
  const steps = events.map((event) => {
    const step = transition(server, state, event);
    state = step.state;
    return step.actions.flatMap(words);
  });
  return { steps, state };
}

const notified = (address: string, changes: Partial<RealServer> = {}): RealServer =>
  realServer(address, {
    notifyUp: script(`${address}-up`),
    notifyDown: script(`${address}-down`),
    smtpAlert: true,
    ...changes,
  });

const sorryServer = { address: ip('10.0.0.99'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false } as const;

test('the last server leaves, the sorry server stands in, and the way back', () => {
  const server = virtualServer([notified('10.0.0.11')], {
    sorryServer,
    quorumUp: script('quorum-up'),
    quorumDown: script('quorum-down'),
    smtpAlert: true,
  });
  const { steps } = play(server, [start, down(0), up(0)]);
  assert.deepEqual(steps, [
    [
      'PROGRAM',
      'Gained quorum 1+0=1 <= 1 for VS [10.9.0.1]:tcp:80',
      'RUN quorum-up',
      'FIFO "VS [10.9.0.1]:tcp:80 UP\\n\\u0000"',
      'MAIL Virtualserver [10.9.0.1]:tcp:80 - UP: => Starting with quorum up 1+0=1 <= 1 <=',
    ],
    [
      'Removing service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80',
      'PROGRAM',
      'RUN 10.0.0.11-down',
      'FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 DOWN\\n\\u0000"',
      'Lost quorum 1-0=1 > 0 for VS [10.9.0.1]:tcp:80',
      'Adding sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80',
      'Removing alive servers from the pool for VS [10.9.0.1]:tcp:80',
      'PROGRAM',
      'RUN quorum-down',
      'FIFO "VS [10.9.0.1]:tcp:80 DOWN\\n\\u0000"',
      'MAIL Virtualserver [10.9.0.1]:tcp:80 - DOWN: => Lost quorum 1+0=1 <= 0 <=',
      `MAIL Realserver [10.0.0.11]:tcp:80 of virtual server [10.9.0.1]:tcp:80 - DOWN: ${mail}`,
    ],
    [
      'Adding service [10.0.0.11]:tcp:80 to VS [10.9.0.1]:tcp:80',
      'PROGRAM',
      'RUN 10.0.0.11-up',
      'FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 UP\\n\\u0000"',
      'Gained quorum 1+0=1 <= 1 for VS [10.9.0.1]:tcp:80',
      'Removing sorry server [10.0.0.99]:tcp:80 from VS [10.9.0.1]:tcp:80',
      'Adding alive servers to the pool for VS [10.9.0.1]:tcp:80',
      'PROGRAM',
      'RUN quorum-up',
      'FIFO "VS [10.9.0.1]:tcp:80 UP\\n\\u0000"',
      'MAIL Virtualserver [10.9.0.1]:tcp:80 - UP: => Gained quorum 1+0=1 <= 1 <=',
      `MAIL Realserver [10.0.0.11]:tcp:80 of virtual server [10.9.0.1]:tcp:80 - UP: ${mail}`,
    ],
  ]);
});

test('inhibited servers are disabled and enabled instead', () => {
  const server = virtualServer([realServer('10.0.0.11', { inhibitOnFailure: true })], {
    sorryServer: { ...sorryServer, inhibitOnFailure: true },
  });
  const { steps } = play(server, [start, down(0), up(0)]);
  const said = steps.flat().filter((line) => /abling/.test(line));
  assert.deepEqual(said, [
    'Disabling service [10.0.0.11]:tcp:80 of VS [10.9.0.1]:tcp:80',
    'Enabling sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80',
    'Enabling service [10.0.0.11]:tcp:80 of VS [10.9.0.1]:tcp:80',
    'Disabling sorry server [10.0.0.99]:tcp:80 from VS [10.9.0.1]:tcp:80',
  ]);
});

test('hysteresis: gained above, kept down to, lost below', () => {
  const reals = ['10.0.0.11', '10.0.0.12', '10.0.0.13'].map((address) => realServer(address));
  const server = virtualServer(reals, { quorum: 2, hysteresis: 1 });
  const { steps } = play(server, [start, down(0), down(1), down(2), up(0), up(1), up(2)]);
  const quorum = steps.map((lines) => lines.filter((line) => line.includes('quorum')).join());
  assert.deepEqual(quorum, [
    'Gained quorum 2+1=3 <= 3 for VS [10.9.0.1]:tcp:80',
    '',
    '',
    'Lost quorum 2-1=1 > 0 for VS [10.9.0.1]:tcp:80',
    '',
    '',
    'Gained quorum 2+1=3 <= 3 for VS [10.9.0.1]:tcp:80',
  ]);
});

test('alpha starts down; the sorry server is said to begin', () => {
  const real = realServer('10.0.0.11', { alpha: true, checkers: [tcpChecker({ alpha: true })] });
  const { steps, state } = play(virtualServer([real], { sorryServer }), [start]);
  assert.deepEqual(steps[0]?.slice(1, 4), [
    'Starting with quorum down 1-0=1 > 0 for VS [10.9.0.1]:tcp:80',
    'Adding sorry server [10.0.0.99]:tcp:80 to VS [10.9.0.1]:tcp:80',
    'Removing alive servers from the pool for VS [10.9.0.1]:tcp:80',
  ]);
  assert.ok(state.sorryActive);
});

test('without a sorry server nothing is said of a quorum that never was', () => {
  const real = realServer('10.0.0.11', { checkers: [tcpChecker({ alpha: true })] });
  assert.deepEqual(play(virtualServer([real]), [start]).steps, [['PROGRAM']]);
});

test('the first failed run of an alpha checker notifies, but removes nothing', () => {
  const real = notified('10.0.0.11', { checkers: [tcpChecker({ alpha: true })] });
  const { steps } = play(virtualServer([real]), [start, { type: 'checkerConfirmed', realServer: 0, up: false }]);
  assert.deepEqual(steps[1], ['RUN 10.0.0.11-down', 'FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 DOWN\\n\\u0000"']);
});

test('the first good run of an alpha checker that was taken to be up notifies, but adds nothing', () => {
  const confirmed = { type: 'checkerConfirmed', realServer: 0, up: true } as const;
  const { steps } = play(virtualServer([notified('10.0.0.11')]), [start, confirmed, down(0), confirmed]);
  assert.deepEqual(steps[1], ['RUN 10.0.0.11-up', 'FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 UP\\n\\u0000"']);
  assert.deepEqual(steps[3], []);
});

test('a server with two checkers needs both', () => {
  const server = virtualServer([realServer('10.0.0.11', { checkers: [tcpChecker(), tcpChecker()] })]);
  const { steps, state } = play(server, [start, down(0), down(0), up(0), up(0)]);
  assert.deepEqual(
    steps.map((lines) => lines.filter((line) => line.includes(' service ')).length),
    [0, 1, 0, 0, 1],
  );
  assert.ok(state.realServers[0]?.alive);
});

test('mails of every checker name the state that the server is in', () => {
  const server = virtualServer([notified('10.0.0.11', { checkers: [tcpChecker(), tcpChecker()] })]);
  const event = (type: 'checkerUp' | 'checkerDown'): ServiceEvent => ({ type, realServer: 0, mail, mailsAll: true });
  const { steps } = play(server, [start, event('checkerDown'), event('checkerDown'), event('checkerUp')]);
  const expected = `MAIL Realserver [10.0.0.11]:tcp:80 of virtual server [10.9.0.1]:tcp:80 - DOWN: ${mail}`;
  assert.deepEqual(steps.slice(2), [[expected], [expected]]);
});

test('stop: every server is named; with omega those in service say goodbye', () => {
  const reals = [notified('10.0.0.11', { smtpAlert: false }), notified('10.0.0.12', { smtpAlert: false })];
  const stop: ServiceEvent = { type: 'stop', eachServer: true };
  const named = ['11', '12'].map((last) => `Shutting down service [10.0.0.${last}]:tcp:80 from VS [10.9.0.1]:tcp:80`);
  assert.deepEqual(play(virtualServer(reals), [start, down(1), stop]).steps[2], named);
  assert.deepEqual(play(virtualServer(reals, { omega: true }), [start, down(1), stop]).steps[2], [
    named[0],
    'RUN 10.0.0.11-down',
    'FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 DOWN\\n\\u0000"',
    named[1],
    'FIFO "VS [10.9.0.1]:tcp:80 DOWN\\n\\u0000"',
  ]);
});

test('stop: a server that is down but kept is called inhibited', () => {
  const reals = [
    realServer('10.0.0.11', { inhibitOnFailure: true }),
    realServer('10.0.0.12', { inhibitOnFailure: true }),
  ];
  const stop: ServiceEvent = { type: 'stop', eachServer: true };
  const said = play(virtualServer(reals), [start, down(1), stop]).steps[2]?.filter((line) =>
    line.startsWith('Shutting'),
  );
  assert.deepEqual(said, [
    'Shutting down service [10.0.0.11]:tcp:80 from VS [10.9.0.1]:tcp:80',
    'Shutting down (inhibited) service [10.0.0.12]:tcp:80 from VS [10.9.0.1]:tcp:80',
  ]);
});

test('stop with omega: the virtual server says goodbye even without quorum, and alone when it takes its servers along', () => {
  const server = virtualServer([notified('10.0.0.11'), notified('10.0.0.12')], { omega: true });
  const goodbye = 'FIFO "VS [10.9.0.1]:tcp:80 DOWN\\n\\u0000"';
  const bare = { ...server, smtpAlert: false };
  assert.deepEqual(play(bare, [start, { type: 'stop', eachServer: false }]).steps[1], [goodbye]);
  assert.equal(play(bare, [start, down(0), down(1), { type: 'stop', eachServer: true }]).steps[3]?.at(-1), goodbye);
});

test('rs_init_notifies announces the servers before their virtual server', () => {
  const { steps } = play(virtualServer([realServer('10.0.0.11')]), [{ type: 'start', notifyRealServers: true }]);
  assert.deepEqual(
    steps[0]?.filter((line) => line.startsWith('FIFO')),
    ['FIFO "RS [10.0.0.11]:tcp:80 [10.9.0.1]:tcp:80 UP\\n\\u0000"', 'FIFO "VS [10.9.0.1]:tcp:80 UP\\n\\u0000"'],
  );
});

test('a changed weight is said, programmed, and weighed', () => {
  const server = virtualServer([realServer('10.0.0.11', { weight: 3 })], { quorum: 2 });
  const { steps } = play(server, [start, { type: 'weightChanged', realServer: 0, weight: 1 }]);
  assert.deepEqual(steps[1]?.slice(0, 3), [
    'Changing weight from 3 to 1 for active service [10.0.0.11]:tcp:80 of VS [10.9.0.1]:tcp:80',
    'PROGRAM',
    'Lost quorum 2-0=2 > 1 for VS [10.9.0.1]:tcp:80',
  ]);
});

test('a firewall mark has no protocol', () => {
  const server = virtualServer([realServer('10.0.0.11')], { key: { kind: 'fwmark', fwmark: 7, family: 4 } });
  const { steps } = play(server, [start, down(0)]);
  assert.equal(steps[1]?.[0], 'Removing service [10.0.0.11]:none:80 from VS FWM 7');
});

const checkers = [tcpChecker(), tcpChecker()];
const flip = fc.record({ realServer: fc.nat(2), checker: fc.nat(1) });

test('property: alive means no failed checker, the sorry server stands in exactly without quorum', () => {
  const settings = fc.record({ quorum: fc.integer({ min: 1, max: 4 }), hysteresis: fc.nat(3), sorry: fc.boolean() });
  fc.assert(
    fc.property(settings, fc.array(flip), ({ quorum, hysteresis, sorry }, flips) => {
      const reals = [1, 2, 1].map((weight, i) => realServer(`10.0.0.${i + 1}`, { weight, checkers }));
      const limited = Math.min(hysteresis, quorum - 1);
      const server = virtualServer(reals, { quorum, hysteresis: limited, ...(sorry && { sorryServer }) });
      const failed = new Set<string>();
      let { state } = transition(server, freshService(server).state, start);
      for (const { realServer: index, checker } of flips) {
        const name = `${index} ${checker}`;
        const wasUp = state.quorumUp;
        const event = failed.delete(name) ? up(index) : down(index);
        if (event.type === 'checkerDown') failed.add(name);
        state = transition(server, state, event).state;
        for (const [i, real] of state.realServers.entries()) {
          assert.equal(real.alive, !failed.has(`${i} 0`) && !failed.has(`${i} 1`));
        }
        const sum = aliveWeight(state.realServers);
        if (sum >= quorum + limited) assert.ok(state.quorumUp);
        else if (sum === 0 || sum < quorum - limited) assert.ok(!state.quorumUp);
        else assert.equal(state.quorumUp, wasUp);
        if (!sorry || state.quorumUp) assert.ok(!state.sorryActive);
        else if (wasUp) assert.ok(state.sorryActive);
      }
    }),
  );
});
