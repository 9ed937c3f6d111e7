import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession, type Session, type SessionEvent, stepSession } from '../../../src/bfd/session.ts';
import type { LogLine } from '../../../src/lib/log.ts';
import { instant, micros, millis } from '../../../src/lib/duration.ts';
import { printBfdAction, printBfdEvent, printBfdRefusal } from '../../../src/report/bfd-log.ts';
import { chance, parameters } from '../bfd/parameters.ts';

const NOW = instant(1_000_000);
const own = { ...parameters, multiplier: 5 };

/** Lines of detail are indented. */
const lines = (all: readonly LogLine[]): string[] =>
  all.map(({ message, detail }) => (detail ? `  ${message}` : message));

function step(session: Session, event: SessionEvent, at = 0): { readonly session: Session; readonly said: string[] } {
  const done = stepSession(own, session, event, instant(NOW + at), chance());
  return {
    session: done.session,
    said: lines(done.actions.flatMap((action) => printBfdAction(own, done.session, action))),
  };
}

const hears = (state: 'init' | 'adminDown' | 'down'): SessionEvent => ({
  type: 'packet',
  packet: {
    ...{ diagnostic: 0, state, poll: false, final: false, demand: false, detectMultiplier: 3 },
    ...{ myDiscriminator: 9, yourDiscriminator: 1, desiredMinimumTransmit: millis(200) },
    ...{ requiredMinimumReceive: millis(100), requiredMinimumEchoReceive: millis(0) },
  },
});

test('a session that comes up and is lost, in keepalived’s words', () => {
  const up = step(newSession(own, chance()), hears('init'));
  assert.deepEqual(up.said, [
    '  (B1) ---------------< Session parameters >--------------',
    '                min_tx  min_rx  tx_intv  mult  detect_time',
    '       local   1000000  100000  1000000     5       600000',
    '       remote   200000  100000   200000     3      5000000',
    '     Detection time is 600000 us (was 0 us)',
    '(B1) Entering Up state',
    '  (B1) Starting poll sequence',
  ]);
  assert.deepEqual(step(up.session, { type: 'timer' }, 600_050).said, [
    '(B1) Expired after 600 ms (50 usec overdue)',
    '(B1) Entering Down state (Local diagnostic - Control Detection Time Expired, Remote diagnostic - No Diagnostic)',
  ]);
});

test('a session on its way says nothing, nor does one that turns back', () => {
  const half = step(newSession(own, chance()), hears('down')).session;
  assert.equal(half.state, 'init');
  assert.deepEqual(step(half, hears('adminDown')).said, []);
  assert.deepEqual(step(half, { type: 'timer' }, 600_000).said, []);
});

test('listeners say what they hear', () => {
  assert.deepEqual(lines([printBfdEvent('B1', true, micros(43))]), [
    '  Received BFD event: instance B1 is in state Up (delivered in 43 usec)',
  ]);
});

test('a packet that is no packet', () => {
  const bytes = Buffer.from('40e00317', 'hex');
  const said = (['tooSmall', 'sizeMismatch', 'version', 'pollAndFinal'] as const).map((refusal) =>
    lines(printBfdRefusal(refusal, bytes, '[192.0.2.2]:49200')),
  );
  const bogus = '  Discarding bogus packet from [192.0.2.2]:49200';
  assert.deepEqual(said, [
    ['  Packet is too small: 4 bytes', bogus],
    ['  Packet size mismatch: length field: 23 bytes, buffer size: 4 bytes', bogus],
    ['  Packet is of unsupported version: 2', bogus],
    ['  Packet has both poll and final  flags set', bogus],
  ]);
});
