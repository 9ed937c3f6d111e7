import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { State } from '../../../src/vrrp/state.ts';
import {
  adoptedGroupState,
  followMember,
  initialGroupState,
  mayBecomeMaster,
  mayBeginAsMaster,
  mayWork,
  type Member,
} from '../../../src/vrrp/sync-group.ts';

type Options = Partial<Omit<Member, 'name' | 'state'>> & { readonly wantsMaster?: true };

function member(name: string, state: State['name'], { wantsMaster, ...options }: Options = {}): Member {
  const plain = { name: state, ...(wantsMaster && { wantsMaster }) } as unknown as State;
  return { name, state: plain, faulty: false, waiting: false, masterAtOnce: false, ...options };
}

const owner = { masterAtOnce: true };

describe('how a group begins', () => {
  const begins = (...options: Options[]) =>
    initialGroupState(options.map((one, i) => member(`m${i}`, 'initialize', one)));

  test('as master where all its members are owners', () => {
    assert.equal(begins(owner, owner), 'master');
    assert.equal(begins(owner, {}), 'backup');
  });

  test('not before all first results, and not with a fault', () => {
    assert.equal(begins(owner, { ...owner, waiting: true }), 'initialize');
    assert.equal(begins({ waiting: true }, { faulty: true }), 'fault');
  });

  test('owners are masters with the last of the first results', () => {
    assert.equal(mayBeginAsMaster('master', [member('a', 'backup')]), true);
    assert.equal(
      mayBeginAsMaster('initialize', [member('a', 'initialize', owner), member('b', 'initialize', owner)]),
      true,
    );
    assert.equal(mayBeginAsMaster('initialize', [member('a', 'initialize', owner), member('b', 'initialize')]), false);
    assert.equal(mayBeginAsMaster('backup', [member('a', 'initialize', owner)]), false);
  });
});

test('after a reload a group is what its members make of it', () => {
  const of = (...members: Member[]) => adoptedGroupState(members);
  assert.equal(of(member('a', 'master'), member('b', 'master')), 'master');
  assert.equal(of(member('a', 'master'), member('b', 'backup')), 'backup');
  assert.equal(of(member('a', 'master'), member('b', 'initialize', owner)), 'master');
  assert.equal(of(member('a', 'master'), member('b', 'initialize')), 'backup');
  assert.equal(of(member('a', 'master'), member('b', 'backup', owner)), 'backup');
  assert.equal(of(member('a', 'master'), member('b', 'initialize', { waiting: true })), 'initialize');
  assert.equal(of(member('a', 'master'), member('b', 'master', { waiting: true })), 'master');
  assert.equal(of(member('a', 'initialize', { waiting: true }), member('b', 'master', { faulty: true })), 'fault');
});

test('a member becomes master with the others, or after them', () => {
  const may = (...others: Member[]) => mayBecomeMaster('backup', [member('a', 'backup'), ...others], 'a');
  assert.equal(may(), true);
  assert.equal(may(member('b', 'backup')), false);
  assert.equal(may(member('b', 'backup', { wantsMaster: true })), true);
  assert.equal(may(member('b', 'master')), true);
  assert.equal(may(member('b', 'master', { faulty: true })), false);
  assert.equal(may(member('b', 'master', { waiting: true })), false);
  assert.equal(may(member('b', 'fault', { wantsMaster: true })), false);
  assert.equal(mayBecomeMaster('master', [member('a', 'backup'), member('b', 'backup')], 'a'), true);
});

test('nobody works while a member cannot', () => {
  assert.equal(mayWork([member('a', 'backup'), member('b', 'backup')]), true);
  assert.equal(mayWork([member('a', 'backup'), member('b', 'backup', { faulty: true })]), false);
  assert.equal(mayWork([member('a', 'backup'), member('b', 'backup', { waiting: true })]), false);
});

describe('the others follow a member', () => {
  const others = (['initialize', 'backup', 'master', 'fault'] as const).map((state) => member(state, state));
  const moves = (group: 'initialize' | 'backup' | 'master' | 'fault', to: State['name'], released = false) => {
    const step = followMember(group, [member('a', to), ...others], 'a', { released });
    return [step.state, step.moves.map((move) => `${move.name}:${move.to}`).join(' '), step.notify];
  };

  test('to master those that are none and can be', () => {
    assert.deepEqual(moves('backup', 'master'), ['master', 'initialize:master backup:master', true]);
  });

  test('into a fault', () => {
    assert.deepEqual(moves('master', 'fault'), ['fault', 'backup:fault master:fault', true]);
  });

  test('to backup', () => {
    assert.deepEqual(moves('master', 'backup'), ['backup', 'initialize:backup master:backup fault:backup', true]);
  });

  test('where an address was taken away, masters only, which release theirs', () => {
    assert.deepEqual(moves('master', 'backup', true), ['backup', 'master:release', false]);
  });

  test('nowhere if the group is there already, or the member has yet to begin', () => {
    assert.deepEqual(moves('master', 'master'), ['master', '', false]);
    assert.deepEqual(moves('backup', 'initialize'), ['backup', '', false]);
    assert.deepEqual(followMember('backup', others, 'nobody'), { state: 'backup', moves: [], notify: false });
  });
});
