import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutConnections } from '../../../src/os/ipvs-listing.ts';

test('counts of connections go, all else stays', () => {
  const listing = (connections: string, timeout = 360): string =>
    [
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
      'TCP  0A090001:0050 wlc  ',
      `  -> 0A09000B:0050      Masq    1      ${connections}`,
      `TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 wlc persistent ${timeout} 80000000`,
      `  -> [2001:0db8:0000:0000:0000:0000:0000:0002]:0050      Tunnel  1      ${connections}`,
    ].join('\n');
  assert.equal(
    withoutConnections(listing('0          0         ')),
    withoutConnections(listing('12         345       ')),
  );
  assert.notEqual(withoutConnections(listing('0          0')), withoutConnections(listing('0          0', 300)));
  assert.match(withoutConnections(listing('0          0')), /Masq {4}1$/m);
});
