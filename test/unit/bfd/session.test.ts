import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ControlPacket } from '../../../src/bfd/packet.ts';
import {
  type Chance,
  detectionTime,
  newSession,
  type Session,
  type SessionAction,
  sessionDeadline,
  stepSession,
} from '../../../src/bfd/session.ts';
import type { BfdInstance } from '../../../src/config/types.ts';
import { type Instant, instant, millis } from '../../../src/lib/duration.ts';
import { parameters } from './parameters.ts';

/** Two ends and the packets between them, on a clock of their own. */
class Wire {
  now = instant(1_000_000);
  readonly ends: [Session, Session];
  readonly log: { readonly end: number; readonly action: SessionAction; readonly at: Instant }[] = [];
  readonly #settings: readonly [BfdInstance, BfdInstance];
  readonly #chance: Chance;
  cut = false;
  #flight: { to: 0 | 1; packet: ControlPacket }[] = [];

  constructor(settings: readonly [BfdInstance, BfdInstance], random: () => number) {
    this.#settings = settings;
    let discriminator = 1;
    this.#chance = { random, discriminator: () => discriminator++ };
    this.ends = [newSession(settings[0], this.#chance), newSession(settings[1], this.#chance)];
    this.#step(0, { type: 'start' });
    this.#step(1, { type: 'start' });
  }

  run(microseconds: number): void {
    const end = this.now + microseconds;
    for (;;) {
      const flight = this.#flight;
      this.#flight = [];
      for (const { to, packet } of flight) if (!this.cut) this.#step(to, { type: 'packet', packet });
      if (this.#flight.length > 0) continue;
      const next = Math.min(...this.ends.map((session) => sessionDeadline(session) ?? Number.POSITIVE_INFINITY));
      if (next > end) break;
      this.now = instant(Math.max(next, this.now));
      for (const at of [0, 1] as const) {
        const due = sessionDeadline(this.ends[at]);
        if (due !== undefined && due <= this.now) this.#step(at, { type: 'timer' });
      }
    }
    this.now = instant(end);
  }

  #step(at: 0 | 1, event: Parameters<typeof stepSession>[2]): void {
    const step = stepSession(this.#settings[at], this.ends[at], event, this.now, this.#chance);
    this.ends[at] = step.session;
    for (const action of step.actions) {
      this.log.push({ end: at, action, at: this.now });
      if (action.type === 'send') this.#flight.push({ to: at === 0 ? 1 : 0, packet: action.packet });
    }
  }
}

const steady = () => 0.5;

test('two ends come up within three idle intervals and then speak at the agreed pace', () => {
  const wire = new Wire([parameters, { ...parameters, minimumTransmit: millis(200) }], steady);
  wire.run(3_000_000);
  assert.deepEqual(
    wire.ends.map(({ state }) => state),
    ['up', 'up'],
  );
  assert.equal(detectionTime(wire.ends[0]), 600_000);
  wire.log.length = 0;
  wire.run(10_000_000);
  const sent = wire.log.filter(({ end, action }) => end === 0 && action.type === 'send').length;
  assert.ok(sent >= 100 && sent <= 134, `${sent} packets of 100 ms less jitter in 10 s`);
});

test('a silent neighbour is down after the detection time, is told so, and comes back', () => {
  const wire = new Wire([parameters, parameters], steady);
  wire.run(3_000_000);
  wire.cut = true;
  wire.log.length = 0;
  wire.run(400_000);
  assert.deepEqual(
    wire.ends.map(({ state }) => state),
    ['down', 'down'],
  );
  assert.ok(wire.log.some(({ end, action }) => end === 0 && action.type === 'tell' && !action.up));
  assert.equal(wire.ends[0].diagnostic, 1);
  wire.cut = false;
  wire.run(3_000_000);
  assert.deepEqual(
    wire.ends.map(({ state }) => state),
    ['up', 'up'],
  );
});

test('a passive end says nothing before it is spoken to', () => {
  const passive = { ...parameters, passive: true };
  const wire = new Wire([passive, passive], steady);
  wire.run(10_000_000);
  assert.ok(!wire.log.some(({ action }) => action.type === 'send'));
  const pair = new Wire([passive, parameters], steady);
  pair.run(3_000_000);
  assert.deepEqual(
    pair.ends.map(({ state }) => state),
    ['up', 'up'],
  );
});

test('a poll is answered at once and ends with the answer', () => {
  const wire = new Wire([parameters, parameters], steady);
  wire.run(3_000_000);
  const final = wire.log.filter(({ action }) => action.type === 'send' && action.packet.final);
  assert.ok(final.length >= 1);
  assert.ok(wire.ends.every(({ polling }) => !polling));
  assert.ok(!wire.log.some(({ action }) => action.type === 'send' && action.packet.final && action.packet.poll));
});

test('whatever the jitter, both ends are up after three and a half idle intervals and stay so', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 5 }), (numbers) => {
      let at = 0;
      const wire = new Wire([parameters, parameters], () => numbers[at++ % numbers.length] as number);
      wire.run(3_500_000);
      assert.deepEqual(
        wire.ends.map(({ state }) => state),
        ['up', 'up'],
      );
      wire.log.length = 0;
      wire.run(2_000_000);
      assert.ok(!wire.log.some(({ action }) => action.type === 'entered'));
    }),
    { numRuns: 50 },
  );
});

test('what others are told is up exactly while the session is', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (cuts) => {
      const wire = new Wire([parameters, parameters], steady);
      for (const cut of cuts) {
        wire.cut = cut;
        wire.run(700_000);
        for (const end of [0, 1] as const) {
          const told = wire.log.filter((entry) => entry.end === end && entry.action.type === 'tell').at(-1)?.action;
          assert.equal(told?.type === 'tell' && told.up, wire.ends[end].state === 'up');
        }
      }
    }),
    { numRuns: 50 },
  );
});
