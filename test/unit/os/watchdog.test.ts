import assert from 'node:assert/strict';
import { it } from 'node:test';
import { watchdogInterval } from '../../../src/os/watchdog.ts';

it('gives a sign of life twice in the span that the service manager allows', () => {
  assert.equal(watchdogInterval({ WATCHDOG_USEC: '30000000' }, 7), 15_000);
  assert.equal(watchdogInterval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 7), 15_000);
});

it('gives none when it is not asked, or another process is', () => {
  assert.equal(watchdogInterval({}, 7), undefined);
  assert.equal(watchdogInterval({ WATCHDOG_USEC: '0' }, 7), undefined);
  assert.equal(watchdogInterval({ WATCHDOG_USEC: 'soon' }, 7), undefined);
  assert.equal(watchdogInterval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, 7), undefined);
});
