import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant, millis, seconds } from '../../../src/lib/duration.ts';
import { limitedDelays, observeLink } from '../../../src/track/link.ts';

const delays = { up: seconds(2), down: seconds(1) };

test('a link is believed once its state has lasted', () => {
  const changing = observeLink(delays, { up: true }, false, instant(10_000_000));
  assert.deepEqual(changing, { up: true, changesAt: 11_000_000 });
  assert.deepEqual(observeLink(delays, changing, false, instant(10_500_000)), changing);
  assert.deepEqual(observeLink(delays, changing, true, instant(10_500_000)), { up: true });
  assert.deepEqual(observeLink(delays, changing, false, instant(11_000_000)), { up: false });
});

test('without a delay at once', () => {
  assert.deepEqual(observeLink(undefined, { up: true }, false, instant(1)), { up: false });
  assert.deepEqual(observeLink({ up: seconds(0), down: seconds(1) }, { up: false }, true, instant(1)), { up: true });
});

test('delays are held to the longest, those of other interfaces stay', () => {
  const all = [
    { interface: 'eth0', up: millis(500), down: seconds(2) },
    { interface: 'eth1', up: seconds(3), down: seconds(3) },
  ];
  assert.deepEqual(limitedDelays(all, 'eth0', seconds(1)), [{ ...all[0]!, down: seconds(1) }, all[1]]);
  assert.deepEqual(limitedDelays(all, 'eth1', seconds(2)), [all[0], { ...all[1]!, up: seconds(2), down: seconds(2) }]);
  const slowUp = { interface: 'eth2', up: seconds(3), down: seconds(1) };
  assert.deepEqual(limitedDelays([slowUp], 'eth2', seconds(2)), [{ ...slowUp, up: seconds(2) }]);
  assert.equal(limitedDelays(all, 'eth0', seconds(2)), undefined);
  assert.equal(limitedDelays(all, 'eth1', seconds(3)), undefined);
  assert.equal(limitedDelays(all, 'eth2', seconds(1)), undefined);
});
