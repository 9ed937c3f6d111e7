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
import { instant, millis } from '../../../src/lib/duration.ts';
import { chance, parameters } from './parameters.ts';

const NOW = instant(50_000_000);

/** What the other end sends. */
function packet(changes: Partial<ControlPacket>): ControlPacket {
  return {
    ...{ diagnostic: 0, state: 'down', poll: false, final: false, demand: false, detectMultiplier: 3 },
    ...{ myDiscriminator: 9, yourDiscriminator: 1, desiredMinimumTransmit: millis(100) },
    ...{ requiredMinimumReceive: millis(100), requiredMinimumEchoReceive: millis(0), ...changes },
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
  const event = { type: 'packet', packet: packet(changes) } as const;
  return stepSession(own, session, event, instant(NOW + at), chance(random, 77));
}

function tick(session: Session, at: number, { random = 0.5, own = parameters }: Around = {}) {
  return stepSession(own, session, { type: 'timer' }, instant(NOW + at), chance(random, 77));
}

const fresh = (): Session => newSession(parameters, chance());
const start = (own = parameters) => stepSession(own, newSession(own, chance()), { type: 'start' }, NOW, chance());
/** A session that has begun at NOW. */
const begun = (): Session => start().session;
/** One that has just come up, slowly, its poll unanswered. */
const rising = (): Session => hear(hear(begun(), { state: 'down' }).session, { state: 'init' }).session;
/** One that is up at its own pace. */
const up = (): Session => hear(rising(), { state: 'up', final: true }).session;
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
        const { session, actions } = hear({ ...fresh(), state }, { state: remote });
        assert.equal(session.state, expected, remote);
        const entered = actions.flatMap((action) => (action.type === 'entered' ? [action.state] : []));
        assert.deepEqual(entered, state === expected ? [] : [expected], remote);
        const told = actions.flatMap((action) => (action.type === 'tell' ? [action.up] : []));
        const isNews = (state === 'up') !== (expected === 'up') && remote !== 'adminDown';
        assert.deepEqual(told, isNews ? [expected === 'up'] : [], remote);
        const diagnostic = expected === 'down' && state !== 'down' ? 3 : 0;
        assert.equal(session.diagnostic, diagnostic, remote);
        const discriminator = state === 'up' && expected === 'down' ? 77 : 1;
        assert.equal(session.localDiscriminator, discriminator, 'a session that ends is followed by another');
      }
    });
  }
});

describe('what a session says', () => {
  test('it begins as down, at once, and goes on slowly', () => {
    const { session, actions } = start();
    assert.deepEqual(words(actions), ['tell down', 'send down']);
    assert.deepEqual(sent(actions), [
      {
        ...{ diagnostic: 0, state: 'down', poll: false, final: false, demand: false, detectMultiplier: 3 },
        ...{ myDiscriminator: 1, yourDiscriminator: 0, desiredMinimumTransmit: millis(1_000) },
        ...{ requiredMinimumReceive: millis(100), requiredMinimumEchoReceive: millis(0) },
      },
    ]);
    assert.equal(sessionDeadline(session), NOW + 875_000);
    const next = tick(session, 875_000);
    assert.deepEqual(words(next.actions), ['send down']);
    assert.equal(sessionDeadline(next.session), NOW + 2 * 875_000);
    assert.deepEqual(tick(session, 874_999), { session, actions: [] });
  });

  test('a change of state waits for the next packet, which asks; the answer brings the configured pace', () => {
    const half = hear(begun(), { state: 'down' }, { at: 300_000 });
    assert.deepEqual(words(half.actions), ['parameters', 'detectionTime', 'entered init']);
    assert.equal(half.session.transmitAt, NOW + 875_000);
    const { session, actions } = hear(half.session, { state: 'init' }, { at: 400_000 });
    assert.deepEqual(words(actions), ['entered up', 'pollStarted', 'tell up']);
    assert.deepEqual([session.polling, session.transmitAt], [true, NOW + 875_000]);
    const asked = tick({ ...session, detectBy: instant(NOW + 2_000_000) }, 875_000);
    assert.deepEqual(words(asked.actions), ['send up P']);
    const [first] = sent(asked.actions);
    assert.deepEqual([first?.yourDiscriminator, first?.desiredMinimumTransmit], [9, 100_000]);
    assert.equal(asked.session.transmitAt, NOW + 2 * 875_000);
    const answered = hear(asked.session, { state: 'up', final: true }, { at: 900_000 });
    assert.deepEqual(words(answered.actions), ['parameters']);
    assert.deepEqual([answered.session.polling, answered.session.transmitAt], [false, NOW + 987_500]);
    assert.deepEqual(words(tick(answered.session, 987_500).actions), ['send up']);
  });

  test('where the other end is up already and asks first, the answer ends the own poll', () => {
    const half = hear(begun(), { state: 'down' }).session;
    const { session, actions } = hear(half, { state: 'up', poll: true }, { at: 100_000 });
    assert.deepEqual(words(actions), ['parameters', 'entered up', 'pollStarted', 'tell up', 'send up F']);
    assert.deepEqual([session.polling, session.transmitAt], [false, NOW + 187_500]);
    const quiet = hear(half, { state: 'up' }, { at: 100_000 }).session;
    assert.deepEqual([quiet.polling, quiet.transmitAt], [true, NOW + 187_500]);
  });

  test('what it hears is known of the other end', () => {
    const { session } = hear(fresh(), { state: 'down', diagnostic: 7, demand: true }, { at: 5 });
    assert.equal(session.heardAt, NOW + 5);
    assert.deepEqual(session.remote, {
      ...{ state: 'down', discriminator: 9, diagnostic: 7, minimumTransmit: 100_000, minimumReceive: 100_000 },
      ...{ detectMultiplier: 3, demand: true },
    });
  });

  test('on the way up it no longer says why it was down', () => {
    const lost = tick(up(), 300_000).session;
    const again = hear(lost, { state: 'down' }, { at: 310_000 }).session;
    assert.deepEqual([lost.diagnostic, again.state, again.diagnostic], [1, 'init', 0]);
  });

  test('a poll is answered at once, also where the other end wants no packets', () => {
    const { session, actions } = hear(
      up(),
      { state: 'up', poll: true, requiredMinimumReceive: millis(0) },
      { at: 1000 },
    );
    assert.deepEqual(words(actions), ['parameters', 'send up F']);
    assert.equal(session.polling, false);
    assert.deepEqual(words(tick(session, 90_000).actions), []);
  });

  test('an end that is up and asks for silence gets it, but polls', () => {
    const demanding = hear(up(), { state: 'up', demand: true }, { at: 1000 }).session;
    assert.deepEqual(words(tick(demanding, 90_000).actions), []);
    assert.deepEqual(words(tick({ ...demanding, polling: true }, 90_000).actions), ['send up P']);
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

  test('a passive one answers only', () => {
    const own = { ...parameters, passive: true };
    const { session: quiet, actions } = start(own);
    assert.deepEqual(words(actions), ['tell down']);
    assert.equal(sessionDeadline(quiet), undefined);
    const heard = hear(quiet, { state: 'down' }, { own });
    assert.deepEqual(words(heard.actions), ['parameters', 'detectionTime', 'entered init']);
    assert.equal(heard.session.transmitAt, NOW + 875_000);
    const due = { ...heard.session, detectBy: instant(NOW + 2_000_000) };
    assert.equal(sent(tick(due, 875_000, { own }).actions).length, 1);
    const lost = tick({ ...up(), transmitAt: instant(NOW + 300_000) }, 300_000, { own });
    assert.deepEqual(sent(lost.actions), [], 'nobody is left to answer');
    assert.equal(lost.session.transmitAt, undefined);
  });
});

describe('RFC 5880, section 6.8.3: intervals', () => {
  test('new ones of an end that is up count once it has asked', () => {
    const before = up();
    const told = hear(before, {
      state: 'up',
      requiredMinimumReceive: millis(400),
      desiredMinimumTransmit: millis(200),
    });
    assert.deepEqual(words(told.actions), ['parameters']);
    assert.deepEqual([told.session.transmitInterval, told.session.receiveInterval], [100_000, 100_000]);
    const asked = hear(told.session, {
      ...{ state: 'up', poll: true, requiredMinimumReceive: millis(400), desiredMinimumTransmit: millis(200) },
    });
    assert.deepEqual(words(asked.actions), ['parameters', 'detectionTime', 'send up F']);
    assert.deepEqual([asked.session.transmitInterval, asked.session.receiveInterval], [400_000, 200_000]);
    assert.equal(asked.session.transmitAt, before.transmitAt, 'the packet that is due is not put off');
  });

  test('while a session is not up they count at once', () => {
    const { session } = hear(begun(), { state: 'down', requiredMinimumReceive: millis(1_300) });
    assert.deepEqual([session.transmitInterval, session.receiveInterval], [1_300_000, 100_000]);
  });

  test('own ones that a reload brings are asked for', () => {
    const own = { ...parameters, minimumReceive: millis(300) };
    const reload = (session: Session, to: BfdInstance) =>
      stepSession(to, session, { type: 'reload', before: parameters }, instant(NOW + 50_000), chance());
    const { session, actions } = reload(up(), own);
    assert.deepEqual(words(actions), ['pollStarted', 'tell up', 'send up P']);
    assert.deepEqual([session.receiveInterval, session.transmitAt], [100_000, NOW + 87_500]);
    assert.equal(hear(session, { state: 'up', final: true }, { own }).session.receiveInterval, 300_000);
    assert.deepEqual(words(reload(up(), { ...parameters, multiplier: 7 }).actions), ['tell up', 'send up']);
    const slow = reload(begun(), { ...own, idleTransmit: millis(2000) });
    assert.deepEqual(words(slow.actions), ['tell down', 'send down']);
    assert.equal(slow.session.transmitInterval, 2_000_000);
    assert.deepEqual(words(reload(up(), { ...own, passive: true }).actions), ['pollStarted', 'tell up']);
  });
});

describe('RFC 5880, section 6.8.4: detection time', () => {
  test('is the other end’s multiplier times the slower of the intervals, and is told when it changes', () => {
    assert.deepEqual(hear(fresh(), {}).actions[1], { type: 'detectionTime', now: 300_000, before: 0 });
    const { session, actions } = hear(up(), { state: 'up', detectMultiplier: 5 });
    assert.deepEqual(words(actions), ['parameters', 'detectionTime']);
    const slower = hear(up(), { state: 'up', desiredMinimumTransmit: millis(200) });
    assert.deepEqual(words(slower.actions), ['parameters']);
    const asked = hear(slower.session, { state: 'up', desiredMinimumTransmit: millis(200), final: true });
    assert.deepEqual(asked.actions, [{ type: 'detectionTime', now: 600_000, before: 300_000 }]);
    assert.equal(session.detectBy, NOW + 500_000);
    assert.equal(hear(session, { state: 'up' }, { at: 10 }).session.detectBy, NOW + 10 + 300_000);
  });

  test('after it the session is down and its peer unknown, and after once more all else is forgotten', () => {
    const alive = { ...up(), transmitAt: instant(NOW + 400_000) };
    assert.equal(sessionDeadline(alive), NOW + 300_000);
    assert.deepEqual(tick(alive, 299_999).actions, []);
    const lost = tick(alive, 300_007);
    assert.deepEqual(lost.actions[0], { type: 'expired', after: 300_000, late: 7 });
    assert.deepEqual(words(lost.actions.slice(1)), ['entered down', 'tell down']);
    assert.deepEqual([lost.session.detectBy, lost.session.forgetAt], [undefined, NOW + 600_007]);
    const { session, actions } = tick(lost.session, 400_000);
    const [farewell] = sent(actions);
    assert.deepEqual([farewell?.diagnostic, farewell?.yourDiscriminator], [1, 0]);
    assert.equal(session.transmitAt, NOW + 400_000 + 875_000, 'slowly from now on');
    assert.equal(session.remote.state, 'up');
    const forgotten = tick(lost.session, 600_007).session;
    assert.deepEqual([forgotten.remote.state, forgotten.forgetAt], ['down', undefined]);
    assert.equal(forgotten.remote.minimumTransmit, 100_000);
  });

  test('an end that signals its end is known for a detection time, a poll goes on as long', () => {
    const { session } = hear(rising(), { state: 'down' });
    assert.deepEqual([session.polling, session.remote.discriminator, session.forgetAt], [true, 9, NOW + 300_000]);
    const still = hear(session, { state: 'up' }, { at: 200_000 }).session;
    assert.equal(still.forgetAt, NOW + 300_000, 'what it says meanwhile changes nothing');
    const forgotten = tick(still, 300_000).session;
    assert.deepEqual([forgotten.polling, forgotten.remote.discriminator], [false, 0]);
  });

  test('a session that was never up has nothing to lose', () => {
    const { session } = hear(fresh(), { state: 'up' });
    assert.deepEqual([session.state, session.detectBy, session.forgetAt], ['down', undefined, undefined]);
    const half = tick(hear(fresh(), { state: 'down' }).session, 300_000);
    assert.deepEqual(words(half.actions), ['entered down']);
    assert.equal(half.session.diagnostic, 1);
  });
});
