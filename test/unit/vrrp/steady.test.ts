import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { after, type Instant } from '../../../src/lib/duration.ts';
import type { Examination } from '../../../src/vrrp/examine.ts';
import { transition } from '../../../src/vrrp/machine.ts';
import { advertSent } from '../../../src/vrrp/master.ts';
import { initialMemory } from '../../../src/vrrp/memory.ts';
import type { Backup, Master, State } from '../../../src/vrrp/state.ts';
import { count } from '../../../src/vrrp/statistics.ts';
import { heardMeanwhile, isSteadyMaster, onlyPutOff, sentMeanwhile } from '../../../src/vrrp/steady.ts';
import { initialWireState } from '../../../src/vrrp/wire-state.ts';
import { at, ip, parameters } from './support.ts';

const versions = fc.constantFrom(2 as const, 3 as const);

test('a master that catches up is as if its timer had come every time', () => {
  fc.assert(
    fc.property(versions, fc.integer({ min: 1, max: 20 }), fc.nat(5000), (version, times, lateness) => {
      const own = parameters({ version });
      const first = transition(own, backup(own), { type: 'timer' }, at(10)).state as Master;
      let stepped: State = first;
      let now = at(10);
      for (let i = 0; i < times; i++) {
        now = after((stepped as Master).advertAt, lateness);
        stepped = advertSent(own, transition(own, stepped, { type: 'timer' }, now).state, now);
      }
      assert.deepEqual(sentMeanwhile(first, times, now, (stepped as Master).advertAt), stepped);
    }),
  );
});

test('a backup that catches up is as if it had heard every advert', () => {
  fc.assert(
    fc.property(versions, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 254 }), (version, times, own) => {
      const ours = parameters({ version, priority: own, preempt: own < 150 });
      const first = heard(ours, backup(ours), 150, at(20));
      const second = heard(ours, first, 150, at(21));
      if (!onlyPutOff(examination(), first, second)) return;
      let stepped: State = second;
      for (let i = 0; i < times; i++) stepped = heard(ours, stepped, 150, at(22 + i));
      assert.deepEqual(heardMeanwhile(ours, second as Backup, times, at(21 + times)), stepped);
    }),
  );
});

test('what does more than putting the deadline off is heard every time', () => {
  const ours = parameters({ priority: 100 });
  const obeying = heard(ours, backup(ours), 150, at(20));
  const again = heard(ours, obeying, 150, at(21));
  assert.equal(onlyPutOff(examination(), obeying, again), true);
  assert.equal(onlyPutOff(examination(), backup(ours), obeying), false);
  assert.equal(
    onlyPutOff(examination({ counters: ['advertReceived', 'priorityZeroReceived'] }), obeying, again),
    false,
  );
  assert.equal(onlyPutOff(examination({ oldChecksumDetected: true }), obeying, again), false);
  const refused: Examination = { counters: ['versionError'], complaints: [], wire, oldChecksumDetected: false };
  assert.equal(onlyPutOff(refused, obeying, again), false);
  const lower = heard(ours, obeying, 50, at(22));
  assert.equal(onlyPutOff(examination(), lower, heard(ours, lower, 50, at(23))), false);
  const patient = parameters({ priority: 200, preemptDelay: 5e6 as never });
  const waiting = heard(patient, heard(patient, backup(patient), 150, at(20)), 150, at(21));
  assert.equal(onlyPutOff(examination(), waiting, heard(patient, waiting, 150, at(22))), false);
});

test('each thing that the backup would remember otherwise counts', () => {
  const ours = parameters({ priority: 100 });
  const before = heard(ours, backup(ours), 150, at(20)) as Backup;
  const again = heard(ours, before, 150, at(21)) as Backup;
  const { advert: _, ...refused } = examination();
  const late = at(22);
  const complaint = { event: 'packetForOwner', from: ip('10.20.0.2') } as const;
  const remembering = (memory: Partial<Backup['memory']>): Backup => ({
    ...again,
    memory: { ...again.memory, ...memory },
  });
  const others: readonly (readonly [string, Examination, State, State])[] = [
    ['refused', refused, before, again],
    ['complained of', examination({ complaints: [complaint] }), before, again],
    ['not put off', examination(), before, { ...again, masterDownAt: before.masterDownAt }],
    ['before preempting', examination(), { ...before, preemptAt: late }, again],
    ['about to preempt', examination(), before, { ...again, preemptAt: late }],
    ['wanting its group to be master', examination(), { ...before, wantsMaster: true }, again],
    ['another interval', examination(), before, remembering({ masterAdverInterval: 7 as never })],
    ['another master', examination(), before, remembering({ masterAddress: ip('10.20.0.3') })],
    ['another priority', examination(), before, remembering({ masterPriority: 151 })],
    ['a rival', examination(), before, remembering({ highestOtherPriority: 1 })],
    ['an owner that stepped down', examination(), before, remembering({ ownerDemoted: true })],
    ['another cause', examination(), before, remembering({ masterCause: 'priority' })],
    ['a complaint made', examination(), before, remembering({ complained: [complaint.event] })],
    ['from another state', examination(), { name: 'fault', memory: before.memory }, again],
    ['to another state', examination(), before, { name: 'fault', memory: again.memory }],
  ];
  assert.equal(onlyPutOff(examination(), before, again), true);
  for (const [what, seen, from, to] of others) assert.equal(onlyPutOff(seen, from, to), false, what);
});

test('nothing meanwhile changes nothing', () => {
  const ours = parameters({ priority: 100 });
  const obeying = heard(ours, backup(ours), 150, at(20)) as Backup;
  assert.equal(heardMeanwhile(ours, obeying, 0, at(30)), obeying);
  const master = transition(ours, backup(ours), { type: 'timer' }, at(10)).state as Master;
  assert.equal(sentMeanwhile(master, 0, at(30), at(31)), master);
});

test('a master that may have to step down is none to be left alone', () => {
  const own = parameters({ priority: 255 });
  const master = transition(own, backup(own), { type: 'timer' }, at(10)).state;
  assert.equal(isSteadyMaster(master), true);
  const advert = { source: ip('10.20.0.9'), priority: 255 };
  assert.equal(isSteadyMaster(transition(own, master, { type: 'advert', advert }, at(11)).state), false);
  assert.equal(isSteadyMaster({ ...master, memory: { ...master.memory, highestOtherPriority: 1 } }), false);
  const rogue = { phase: 'advertising', interval: 1, takenAt: at(1) } as unknown as NonNullable<Master['rogue']>;
  assert.equal(isSteadyMaster({ ...(master as Master), rogue }), false);
  assert.equal(isSteadyMaster(backup(own)), false);
});

const wire = initialWireState;

function examination(changes: Partial<Examination> = {}): Examination {
  const advert = { source: ip('10.20.0.2'), priority: 150 };
  return { advert, counters: ['advertReceived'], complaints: [], wire, oldChecksumDetected: false, ...changes };
}

function backup({ instance }: ReturnType<typeof parameters>): Backup {
  return { name: 'backup', memory: initialMemory(instance.advertisementInterval), masterDownAt: 1 as Instant };
}

function heard(own: ReturnType<typeof parameters>, state: State, priority: number, now: Instant): State {
  const memory = { ...state.memory, statistics: count(state.memory.statistics, 'advertReceived') };
  const interval = own.instance.version === 3 ? { intervalCentiseconds: 100 } : {};
  const advert = { source: ip('10.20.0.2'), priority, ...interval };
  return transition(own, { ...state, memory }, { type: 'advert', advert }, now).state;
}
