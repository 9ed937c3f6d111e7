import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bfdChanged } from '../../../src/checkers/bfd.ts';
import { fileChanged, fileVerdict } from '../../../src/checkers/file.ts';
import { firstVerdict } from '../../../src/checkers/first-verdict.ts';
import { realServerMail } from '../../../src/checkers/service-action.ts';
import { effectiveWeight } from '../../../src/checkers/service.ts';
import type { VerdictAction, VerdictState } from '../../../src/checkers/verdict.ts';
import type { BfdChecker, FileChecker } from '../../../src/config/types.ts';
import { realServer, schedule, virtualServer } from './examples.ts';

const names = { realServer: 'RS', virtualServer: 'VS', defaultHost: '' };

function file(weight: number, reverse = false): FileChecker {
  return { kind: 'FILE_CHECK', schedule: schedule(), trackFile: 'tf', weight, reverse };
}

function said(actions: readonly VerdictAction[]): string[] {
  return actions.map((action) => {
    if (action.type === 'log') return action.line.message;
    return action.type === 'weight' ? `weight${action.quiet ? ' quietly' : ''}` : action.type;
  });
}

/** The weight of a real server of weight 3 that this is the only checker of. */
function weightOf(verdict: VerdictState): number {
  return effectiveWeight(realServer('10.0.0.1', { weight: 3 }), [{ verdict }]);
}

test('FILE_CHECK: value times weight is added, weight 0 makes a value a failure', () => {
  const standing = (checker: FileChecker, value: number): number | 'down' => {
    const verdict = fileVerdict(checker, value);
    return verdict.up ? weightOf(verdict) : 'down';
  };
  assert.equal(standing(file(1), 0), 3);
  assert.equal(standing(file(1), 2), 5);
  assert.equal(standing(file(-2, true), 2), 7);
  assert.equal(standing(file(-2), 2), -1);
  assert.equal(standing(file(0), 0), 3);
  assert.equal(standing(file(0), 2), 'down');
  assert.equal(standing(file(0, true), 0), 'down');
  assert.equal(standing(file(0, true), 1), 3);
  assert.equal(standing(file(1), -2147483648), 'down');
  assert.equal(standing(file(1), -2147483647), -2147483644);
  assert.equal(standing(file(2147483647), 2), 4294967297);
});

test('FILE_CHECK: changes in the words of keepalived', () => {
  const follow = (checker: FileChecker, values: readonly number[]): string[][] => {
    let state = fileVerdict(checker, 0);
    return values.map((value) => {
      const step = fileChanged({ checker, ...names }, state, value);
      state = step.state;
      return said(step.actions);
    });
  };
  assert.deepEqual(follow(file(1), [2, -2147483648, -2147483648, -1]), [
    ['weight'],
    ['(RS): tracked file tf now FAULT state', 'down', 'weight quietly'],
    [],
    ['(RS): tracked file tf leaving FAULT state', 'weight quietly', 'up'],
  ]);
  assert.deepEqual(follow(file(0), [1, 2, 0]), [
    ['(RS): tracked file tf now FAULT state', 'down', 'weight quietly'],
    [],
    ['(RS): tracked file tf leaving FAULT state', 'weight quietly', 'up'],
  ]);
});

test('BFD_CHECK: up until told, alpha down; the first word is always said', () => {
  const follow = (alpha: boolean, states: readonly boolean[]): string[][] => {
    const checker: BfdChecker = { kind: 'BFD_CHECK', schedule: schedule({ alpha }), bfd: 'b1' };
    let state = firstVerdict(checker, new Map());
    assert.equal(state.up, !alpha);
    return states.map((up) => {
      const step = bfdChanged({ checker, ...names }, state, up);
      state = step.state;
      return said(step.actions);
    });
  };
  const [up, down] = ['BFD check of [b1] RS(RS) is UP', 'BFD check of [b1] RS(RS) is DOWN'];
  assert.deepEqual(follow(false, [false, false, true]), [[down, 'down'], [], [up, 'up']]);
  assert.deepEqual(follow(true, [false, true, false]), [
    [down, 'confirmed'],
    [up, 'up'],
    [down, 'down'],
  ]);
});

test('ups and downs alternate, whatever the file holds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3, max: 3 }),
      fc.boolean(),
      fc.array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constant(-2147483648))),
      (weight, reverse, values) => {
        const checker = file(weight, reverse);
        let state = fileVerdict(checker, 0);
        for (const value of values) {
          const { up } = state;
          const step = fileChanged({ checker, ...names }, state, value);
          state = step.state;
          assert.deepEqual({ ...state }, fileVerdict(checker, value));
          const turns = step.actions.filter(({ type }) => type === 'up' || type === 'down').map(({ type }) => type);
          assert.deepEqual(turns, up === state.up ? [] : [state.up ? 'up' : 'down']);
        }
      },
    ),
  );
});

test('FILE_CHECK sends no mail', () => {
  const step = fileChanged({ checker: file(0), ...names }, fileVerdict(file(0), 0), 1);
  const down = step.actions.find(({ type }) => type === 'down');
  assert.ok(down && 'mail' in down);
  const real = realServer('10.0.0.1', { smtpAlert: true });
  const server = virtualServer([real]);
  assert.deepEqual(realServerMail(server, real, false, down.mail), []);
  assert.equal(realServerMail(server, real, false, 'told').length, 1);
});
