import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitDelays } from '../../../../src/config/checks/interface-delays.ts';
import type { InterfaceDelay } from '../../../../src/config/types.ts';
import { micros, seconds } from '../../../../src/lib/duration.ts';
import { instance } from '../../vrrp/support.ts';

const limit = (delay: Omit<InterfaceDelay, 'interface'>, downTimerAdverts: number) => {
  const said: string[] = [];
  const [limited] = limitDelays(
    [{ interface: 'eth0', ...delay }],
    [instance({ downTimerAdverts }), instance({ interface: 'eth1', downTimerAdverts: 1 })],
    (message) => said.push(message),
  );
  return { limited, said: said.length };
};

test('delays shorter than what is left of the master-down time stay', () => {
  const delay = { down: seconds(1), up: seconds(9) };
  assert.deepEqual(limit(delay, 3), { limited: { interface: 'eth0', ...delay }, said: 0 });
});

test('a longer down delay is cut, and with it an equal up delay', () => {
  const most = micros(2_000_000 - 3906);
  assert.deepEqual(limit({ down: seconds(5), up: seconds(5) }, 3).limited, {
    interface: 'eth0',
    down: most,
    up: most,
  });
  assert.deepEqual(limit({ down: seconds(5), up: seconds(6) }, 3).limited?.up, seconds(6));
});

test('no delay goes with a single missed advert', () => {
  assert.deepEqual(limit({ down: seconds(1), up: seconds(1) }, 1), {
    limited: { interface: 'eth0', down: 0, up: 0 },
    said: 1,
  });
});
