import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../../src/lib/duration.ts';
import { dropWaiting, newPacer, offer, type Pacer, pacerDeadline, release } from '../../../src/vrrp/pacer.ts';
import { at } from './support.ts';

const empty = newPacer<number>(seconds(0.5), (a, b) => a - b);

function offerAll(pacer: Pacer<number>, frames: readonly number[], time: number) {
  const sent: number[] = [];
  for (const frame of frames) {
    const step = offer(pacer, frame, at(time));
    pacer = step.pacer;
    if (step.frame !== undefined) sent.push(step.frame);
  }
  return { pacer, sent };
}

function drain(pacer: Pacer<number>) {
  const sent: [number, number][] = [];
  for (let due = pacerDeadline(pacer); due !== undefined; due = pacerDeadline(pacer)) {
    const step = release(pacer, due);
    pacer = step.pacer;
    if (step.frame !== undefined) sent.push([due / 1e6, step.frame]);
  }
  return sent;
}

test('of two rounds over three addresses the first frame leaves at once and then each address once', () => {
  const { pacer, sent } = offerAll(empty, [1, 2, 3, 1, 2, 3], 10);
  assert.deepEqual(sent, [1]);
  assert.deepEqual(drain(pacer), [
    [10.5, 1],
    [11, 2],
    [11.5, 3],
  ]);
});

test('frames leave in the order of the configuration, whenever they were asked for', () => {
  const { pacer } = offerAll(empty, [4, 3, 1, 2], 10);
  assert.deepEqual(
    drain(pacer).map(([, frame]) => frame),
    [1, 2, 3],
  );
});

test('the interval also holds between one burst and the next', () => {
  const { pacer } = offerAll(empty, [1], 10);
  assert.deepEqual(offerAll(pacer, [2], 10.4).sent, []);
  assert.deepEqual(offerAll(pacer, [2], 10.5).sent, [2]);
});

test('what is dropped does not leave', () => {
  const { pacer } = offerAll(empty, [1, 2, 3, 4], 10);
  assert.deepEqual(
    drain(dropWaiting(pacer, (frame) => frame !== 3)).map(([, frame]) => frame),
    [2, 4],
  );
});
