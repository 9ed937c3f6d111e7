import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seconds } from '../../../src/lib/duration.ts';
import {
  announceAfterLowerPriority,
  announceAfterReload,
  announceDeadline,
  announceDue,
  extraDue,
  noAnnouncements,
  refreshDue,
  startAnnouncing,
  stopRefreshing,
} from '../../../src/vrrp/announce.ts';
import { at, instance } from './support.ts';

const settings = { ...instance().garp, refresh: seconds(3), lowerPriorityDelay: seconds(2), lowerPriorityRepeat: 4 };

const whole = { garp: settings, garpExtraInterval: seconds(0) };

describe('second bursts', () => {
  test('one comes after the delay', () => {
    const begun = startAnnouncing(whole, noAnnouncements, at(10));
    assert.equal(begun.rounds, 5);
    assert.equal(announceDeadline(begun.schedule), at(15));
    assert.equal(announceDue(settings, begun.schedule, at(14.9)).rounds, 0);
    const due = announceDue(settings, begun.schedule, at(15));
    assert.equal(due.rounds, 5);
    assert.equal(announceDeadline(due.schedule), undefined);
  });

  test('a delay of 0 means none', () => {
    const { schedule } = startAnnouncing(
      { ...whole, garp: { ...settings, delay: seconds(0) } },
      noAnnouncements,
      at(10),
    );
    assert.equal(announceDeadline(schedule), undefined);
  });

  test('each lower priority advert brings one of its own', () => {
    const first = announceAfterLowerPriority(settings, noAnnouncements, at(1));
    const second = announceAfterLowerPriority(settings, first.schedule, at(1.5));
    assert.equal(second.rounds, 4);
    const due = announceDue(settings, second.schedule, at(3));
    assert.equal(due.rounds, 4);
    assert.equal(announceDeadline(due.schedule), at(3.5));
  });

  test('they outlive a spell as backup, which refreshes do not', () => {
    const { schedule } = startAnnouncing(whole, noAnnouncements, at(10));
    const idle = stopRefreshing(schedule);
    assert.equal(refreshDue(settings, idle, at(100)).rounds, 0);
    const again = startAnnouncing(whole, idle, at(12));
    assert.equal(announceDue(settings, again.schedule, at(15)).rounds, 5);
    assert.equal(announceDue(settings, again.schedule, at(17)).rounds, 10);
  });
});

describe('refreshes', () => {
  test('the first comes after delay and interval, the next an interval after the last', () => {
    const { schedule } = startAnnouncing(whole, noAnnouncements, at(10));
    assert.equal(refreshDue(settings, schedule, at(17.9)).rounds, 0);
    const first = refreshDue(settings, schedule, at(18.2));
    assert.equal(first.rounds, 1);
    assert.equal(refreshDue(settings, first.schedule, at(21.1)).rounds, 0);
    assert.equal(refreshDue(settings, first.schedule, at(21.2)).rounds, 1);
  });

  test('a reload forgets second bursts, and refreshes at once', () => {
    const step = announceAfterReload(whole, true, at(11));
    assert.equal(step.rounds, 1);
    assert.equal(announceDeadline(step.schedule), undefined);
    assert.equal(refreshDue(settings, step.schedule, at(14)).rounds, 1);
    assert.deepEqual(announceAfterReload(whole, false, at(11)), { schedule: noAnnouncements, rounds: 0 });
  });
});

describe('announcements on further interfaces', () => {
  const extra = { ...whole, garpExtraInterval: seconds(2) };

  test('a single round after the advert at the end of each interval, while master', () => {
    const { schedule } = startAnnouncing(extra, noAnnouncements, at(10));
    assert.equal(extraDue(extra, schedule, at(11.9)).rounds, 0);
    const first = extraDue(extra, schedule, at(12.1));
    assert.equal(first.rounds, 1);
    assert.equal(extraDue(extra, first.schedule, at(14)).rounds, 0);
    assert.equal(extraDue(extra, first.schedule, at(14.1)).rounds, 1);
    assert.equal(extraDue(extra, stopRefreshing(schedule), at(20)).rounds, 0);
  });

  test('a reload begins the interval anew', () => {
    const { schedule, rounds } = announceAfterReload(
      { ...extra, garp: { ...settings, refresh: seconds(0) } },
      true,
      at(11),
    );
    assert.equal(rounds, 0);
    assert.equal(extraDue(extra, schedule, at(13)).rounds, 1);
  });
});
