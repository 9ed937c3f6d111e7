import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ControlPacket, SessionState } from '../../../src/bfd/packet.ts';
import {
  newSession,
  type Session,
  type SessionAction,
  sessionDeadline,
  stepSession,
} from '../../../src/bfd/session.ts';
import type { BfdInstance } from '../../../src/config/types.ts';
import { instant } from '../../../src/lib/duration.ts';
import { parameters } from './parameters.ts';

const NOW = instant(50_000_000);

/** What the other end sends. */
function packet(changes: Partial<ControlPacket>): ControlPacket {
  return {
    ...{ diagnostic: 0, state: 'down', poll: false, final: false, demand: false, detectMultiplier: 3 },
    ...{ myDiscriminator: 9, yourDiscriminator: 1, desiredMinimumTransmit: 100_000 },
    ...{ requiredMinimumReceive: 100_000, requiredMinimumEchoReceive: 0, ...changes },
  };
}

interface Around {
  readonly at?: number;
  readonly random?: number;
  readonly own?: BfdInstance;
}

function hear(
  session: Session,
  changes: Partial<ControlPacket>,
  { at = 0, random = 0.5, own = parameters }: Around = {},
) {
  return stepSession(own, session, { type: 'packet', packet: packet(changes) }, instant(NOW + at), random);
}

function tick(session: Session, at: number, { random = 0.5, own = parameters }: Around = {}) {
  return stepSession(own, session, { type: 'timer' }, instant(NOW + at), random);
}

const start = (own = parameters) => stepSession(own, newSession(1), { type: 'start' }, NOW, 0.5);
/** A session that has just come up. */
const up = (): Session => hear(hear(newSession(1), { state: 'down' }).session, { state: 'init' }).session;
const words = (actions: readonly SessionAction[]): string[] =>
  actions.map((action) => {
    if (action.type === 'tell') return `tell ${action.up ? 'up' : 'down'}`;
    if (action.type === 'entered') return `entered ${action.state}`;
    if (action.type !== 'send') return action.type;
    const { state, poll, final } = action.packet;
    return ['send', state, ...(poll ? ['P'] : []), ...(final ? ['F'] : [])].join(' ');
  });
const sent = (actions: readonly SessionAction[]): ControlPacket[] =>
  actions.flatMap((action) => (action.type === 'send' ? [action.packet] : []));

describe('RFC 5880, section 6.2: states', () => {
  const table: readonly (readonly [Session['state'], Readonly<Record<SessionState, Session['state']>>])[] = [
    ['down', { adminDown: 'down', down: 'init', init: 'up', up: 'down' }],
    ['init', { adminDown: 'down', down: 'init', init: 'up', up: 'up' }],
    ['up', { adminDown: 'down', down: 'down', init: 'up', up: 'up' }],
  ];
  for (const [state, row] of table) {
    test(`from ${state}`, () => {
      for (const [remote, expected] of Object.entries(row) as [SessionState, Session['state']][]) {
        const { session, actions } = hear({ ...newSession(1), state }, { state: remote });
        assert.equal(session.state, expected, remote);
        const entered = actions.flatMap((action) => (action.type === 'entered' ? [action.state] : []));
        assert.deepEqual(entered, state === expected ? [] : [expected], remote);
        const told = actions.flatMap((action) => (action.type === 'tell' ? [action.up] : []));
        const isNews = (state === 'up') !== (expected === 'up');
        assert.deepEqual(told, isNews ? [expected === 'up'] : [], remote);
        const diagnostic = expected === 'down' && state !== 'down' ? 3 : 0;
        assert.equal(session.diagnostic, diagnostic, remote);
      }
    });
  }
});

describe('what a session says', () => {
  test('it begins as down, and slowly', () => {
    const { session, actions } = start();
    assert.deepEqual(words(actions), ['tell down']);
    assert.equal(sessionDeadline(session), NOW + 875_000);
    const next = tick(session, 875_000);
    assert.deepEqual(sent(next.actions), [
      {
        ...{ diagnostic: 0, state: 'down', poll: false, final: false, demand: false, detectMultiplier: 3 },
        ...{ myDiscriminator: 1, yourDiscriminator: 0, desiredMinimumTransmit: 1_000_000 },
        ...{ requiredMinimumReceive: 100_000, requiredMinimumEchoReceive: 0 },
      },
    ]);
    assert.equal(sessionDeadline(next.session), NOW + 2 * 875_000);
    assert.deepEqual(tick(session, 874_999), { session, actions: [] });
  });

  test('it comes up with a poll, at the configured pace', () => {
    const half = hear(newSession(1), { state: 'down' });
    assert.deepEqual(words(half.actions), ['parameters', 'entered init']);
    const { session, actions } = hear(half.session, { state: 'init' });
    assert.deepEqual(words(actions), ['entered up', 'pollStarted', 'tell up', 'send up P']);
    const [first] = sent(actions);
    assert.deepEqual([first?.yourDiscriminator, first?.desiredMinimumTransmit], [9, 100_000]);
    assert.equal(session.transmitAt, NOW + 87_500);
    assert.equal(session.polling, true);
    assert.deepEqual(words(tick(session, 87_500).actions), ['send up P']);
    const answered = hear(session, { state: 'up', final: true }, { at: 1000 }).session;
    assert.equal(answered.polling, false);
    assert.deepEqual(words(tick(answered, 87_500).actions), ['send up']);
  });

  test('what it hears is known of the other end', () => {
    const { session } = hear(newSession(1), { state: 'down', diagnostic: 7, demand: true }, { at: 5 });
    assert.equal(session.heardAt, NOW + 5);
    assert.deepEqual(session.remote, {
      ...{ state: 'down', discriminator: 9, diagnostic: 7, minimumTransmit: 100_000, minimumReceive: 100_000 },
      ...{ detectMultiplier: 3, demand: true },
    });
  });

  test('up again it no longer says why it was down', () => {
    const lost = tick({ ...up(), transmitAt: instant(NOW + 400_000) }, 300_000).session;
    const again = hear(lost, { state: 'init' }, { at: 310_000 });
    assert.deepEqual([lost.diagnostic, again.session.diagnostic, sent(again.actions)[0]?.diagnostic], [1, 0, 0]);
  });

  test('a poll is answered at once, also where the other end wants no packets', () => {
    const { session, actions } = hear(up(), { state: 'up', poll: true, requiredMinimumReceive: 0 }, { at: 1000 });
    assert.deepEqual(words(actions), ['send up F']);
    assert.equal(session.polling, false);
    assert.deepEqual(words(tick(session, 90_000).actions), []);
  });

  test('a packet leaves up to a quarter early, and with a multiplier of 1 at least a tenth', () => {
    const single = { ...parameters, multiplier: 1 };
    const wait = (random: number, own: BfdInstance) => {
      const { session } = tick({ ...up(), transmitAt: NOW }, 0, { random, own });
      return (session.transmitAt ?? 0) - NOW;
    };
    assert.deepEqual([wait(0, parameters), wait(0.5, parameters)], [100_000, 87_500]);
    assert.deepEqual([wait(0, single), wait(0.5, single)], [90_000, 82_500]);
  });

  test('it goes by the slower of what it wants to send and the other end to receive', () => {
    const before = up();
    const same = hear(before, { state: 'up' }, { at: 10_000 }).session;
    assert.equal(same.transmitAt, before.transmitAt, 'nothing new');
    const slower = hear(before, { state: 'up', requiredMinimumReceive: 400_000 }, { at: 10_000 }).session;
    assert.equal(slower.transmitAt, NOW + 10_000 + 350_000);
  });

  test('a passive one answers only', () => {
    const own = { ...parameters, passive: true };
    const quiet = start(own).session;
    assert.equal(sessionDeadline(quiet), undefined);
    const heard = hear(quiet, { state: 'down' }, { own });
    assert.deepEqual(words(heard.actions), ['parameters', 'entered init']);
    assert.equal(heard.session.transmitAt, NOW + 875_000);
    assert.equal(sent(tick(heard.session, 875_000, { own }).actions).length, 1);
    const { session: idle } = hear(quiet, { state: 'adminDown' }, { own });
    const forgotten = tick({ ...idle, transmitAt: instant(NOW + 300_000) }, 300_000, { own });
    assert.deepEqual(forgotten.actions, [], 'nobody is left to answer');
    assert.equal(sessionDeadline(forgotten.session), undefined);
  });
});

describe('RFC 5880, section 6.8.4: detection time', () => {
  test('is the other end’s multiplier times the slower of the intervals, and is told when it changes', () => {
    const [first] = hear(newSession(1), {}).actions;
    assert.deepEqual(first, { type: 'parameters', detectionTimeBefore: 0 });
    const { session, actions } = hear(up(), { state: 'up', detectMultiplier: 5, desiredMinimumTransmit: 200_000 });
    assert.deepEqual(actions, [{ type: 'parameters', detectionTimeBefore: 300_000 }]);
    assert.equal(session.detectBy, NOW + 1_000_000);
    assert.equal(hear(session, { state: 'up' }, { at: 10 }).session.detectBy, NOW + 10 + 300_000);
  });

  test('after it the session is down, and after once more the other end is forgotten', () => {
    const alive = { ...up(), transmitAt: instant(NOW + 400_000) };
    assert.equal(sessionDeadline(alive), NOW + 300_000);
    assert.deepEqual(tick(alive, 299_999).actions, []);
    const lost = tick(alive, 300_007);
    assert.deepEqual(lost.actions[0], { type: 'expired', after: 300_000, late: 7 });
    assert.deepEqual(words(lost.actions.slice(1)), ['entered down', 'tell down', 'send down']);
    const [farewell] = sent(lost.actions);
    assert.deepEqual([farewell?.diagnostic, farewell?.yourDiscriminator], [1, 9]);
    assert.deepEqual([lost.session.detectBy, lost.session.forgetAt], [undefined, NOW + 600_007]);
    assert.equal(sessionDeadline(lost.session), NOW + 600_007);
    assert.equal(lost.session.transmitAt, NOW + 300_007 + 875_000, 'slowly from now on');
    const early = tick({ ...lost.session, transmitAt: instant(NOW + 400_000) }, 400_000);
    assert.deepEqual(words(early.actions), ['send down']);
    assert.equal(early.session.remote.discriminator, 9, 'not forgotten before its time');
    const forgotten = tick(lost.session, 600_007).session;
    assert.deepEqual([forgotten.remote.discriminator, forgotten.forgetAt], [0, undefined]);
    assert.equal(forgotten.transmitAt, NOW + 600_007 + 875_000);
  });

  test('a session that is down has nothing to lose but what it knows', () => {
    const { session } = hear(newSession(1), { state: 'up' });
    assert.deepEqual([session.detectBy, session.forgetAt], [undefined, NOW + 300_000]);
    const { session: next, actions } = tick(session, 300_000);
    assert.deepEqual(words(actions), []);
    assert.equal(next.remote.discriminator, 0);
  });
});
