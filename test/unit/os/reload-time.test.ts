import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseReloadTime } from '../../../src/os/reload-time.ts';

const now = new Date(2026, 10, 21, 5, 30, 0);

describe('time of a reload', () => {
  const at = (text: string): string => {
    const time = parseReloadTime(text, now);
    return typeof time === 'string' ? time : `${new Date(time.at).toISOString()} ${time.daily}`;
  };
  const local = (...words: [number, number, number, number, number, number]) => new Date(...words).toISOString();

  it('is today’s, or tomorrow’s when it has passed', () => {
    assert.equal(at('06:00:00'), `${local(2026, 10, 21, 6, 0, 0)} true`);
    assert.equal(at('05:00:00'), `${local(2026, 10, 22, 5, 0, 0)} true`);
  });

  it('may have a date, which is never postponed', () => {
    assert.equal(at('26-12-01 00:00:00'), `${local(2026, 11, 1, 0, 0, 0)} false`);
    assert.equal(at('2027-01-02 03:04:05'), `${local(2027, 0, 2, 3, 4, 5)} false`);
    assert.equal(at('2025-01-02 03:04:05'), 'past');
  });

  it('may be universal time', () => {
    assert.equal(at('2027-01-02 03:04:05Z'), '2027-01-02T03:04:05.000Z false');
  });

  it('is nothing else', () => {
    for (const text of ['', '6:00', '06:00:00 ', '2027-01-02', 'soon']) assert.equal(at(text), 'format', text);
    for (const text of ['25:00:00', 'xx:00:00', '2027-13-01 00:00:00', '2027/01/01 00:00:00']) {
      assert.equal(at(text), 'fields', text);
    }
    for (const text of ['06:00:60', '2027-02-30 00:00:00Z']) assert.equal(at(text), 'no-such-time', text);
  });
});
