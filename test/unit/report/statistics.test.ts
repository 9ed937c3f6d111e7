import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printStatistics } from '../../../src/report/statistics.ts';
import { noStatistics } from '../../../src/vrrp/statistics.ts';

// The layout of a file that keepalived 2.4.3 wrote.
const expected = `VRRP Instance: VI_A
  Advertisements:
    Received: 0
    Sent: 3
  Became master: 1
  Released master: 0
  Packet Errors:
    Length: 0
    TTL: 2
    Invalid Type: 0
    Advertisement Interval: 0
    Address List: 0
  Authentication Errors:
    Invalid Type: 0
    Type Mismatch: 0
    Failure: 0
  Authentication Extension Errors:
    Missing: 0
    Malformed: 0
    Unknown Key: 0
    Invalid HMAC: 0
    Stale: 0
    Replay: 0
  Priority Zero:
    Received: 0
    Sent: 0
`;

test('statistics are printed in the layout that exporters parse', () => {
  const statistics = { ...noStatistics, advertSent: 3, becomeMaster: 1, ipTtlError: 2 };
  assert.equal(printStatistics([{ name: 'VI_A', statistics }]), expected);
  assert.equal(printStatistics([]), '');
});
