import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { effectOfFile, effectOfStatus, totalWeight } from '../../../src/track/effect.ts';

const item = (weight: number, reverse = false) => ({ name: 'x', weight, reverse });
const weighs = (weight: number) => ({ kind: 'weight' as const, weight });
const fault = { kind: 'fault' as const };

describe('effects of tracked objects', () => {
  test('a positive weight counts while up, a negative one while down', () => {
    assert.deepEqual(effectOfStatus(item(20), 'up'), weighs(20));
    assert.deepEqual(effectOfStatus(item(20), 'down'), weighs(0));
    assert.deepEqual(effectOfStatus(item(1), 'up'), weighs(1));
    assert.deepEqual(effectOfStatus(item(-30), 'up'), weighs(0));
    assert.deepEqual(effectOfStatus(item(-30), 'down'), weighs(-30));
  });

  test('reversed, the weight changes its sign', () => {
    assert.deepEqual(effectOfStatus(item(30, true), 'up'), weighs(-30));
    assert.deepEqual(effectOfStatus(item(-10, true), 'down'), weighs(10));
  });

  test('an unknown script weighs nothing, and without a weight it is awaited', () => {
    assert.deepEqual(effectOfStatus(item(20), 'unknown'), weighs(0));
    assert.deepEqual(effectOfStatus(item(-20), 'unknown'), weighs(0));
    assert.deepEqual(effectOfStatus(item(0), 'unknown'), { kind: 'waiting' });
  });

  test('without a weight being down is a fault, reversed being up', () => {
    assert.deepEqual(effectOfStatus(item(0), 'down'), fault);
    assert.deepEqual(effectOfStatus(item(0), 'up'), weighs(0));
    assert.deepEqual(effectOfStatus(item(0, true), 'up'), fault);
  });

  test('a file weighs its number, within 254; 254 below is a fault', () => {
    assert.deepEqual(effectOfFile(item(2), 10), weighs(20));
    assert.deepEqual(effectOfFile(item(2), 200), weighs(254));
    assert.deepEqual(effectOfFile(item(2), -127), { kind: 'fault', status: -254 });
    assert.deepEqual(effectOfFile(item(2), -1000), { kind: 'fault', status: -2000 });
    assert.deepEqual(effectOfFile(item(-3, true), 16), weighs(48));
  });

  test('without a weight any number but 0 is a fault, reversed 0', () => {
    assert.deepEqual(effectOfFile(item(0), 5), { kind: 'fault', status: -254 });
    assert.deepEqual(effectOfFile(item(0), 0), weighs(0));
    assert.deepEqual(effectOfFile(item(0, true), 0), { kind: 'fault', status: -254 });
  });

  test('faults weigh nothing', () => {
    assert.equal(totalWeight([weighs(5), fault, weighs(-2)]), 3);
  });
});
