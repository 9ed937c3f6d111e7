import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeoutsRequest, timeoutsFrom, timeoutsRequest } from '../../../src/ipvs/family.ts';
import { startSyncRequest, stopSyncRequest, syncFailureText } from '../../../src/ipvs/sync-daemon.ts';
import { errno } from '../../../src/lib/errno.ts';
import { bodyOf, messageOf } from '../rtnetlink/vectors.ts';
import { ip } from './arbitrary.ts';

const family = { id: 0x1d, version: 1 };
const joined = (...parts: string[]): string => parts.join('').replaceAll(' ', '');

test('a half is started with what the configuration says; the rest is left to the kernel', () => {
  const bare = startSyncRequest(family, 'backup', { interface: 'eth0' }, 0);
  assert.equal(bare.type, family.id);
  assert.equal(
    bodyOf(bare),
    joined('09010000 20000380', '08000100 02000000 09000200 65746830 00000000 08000300 00000000'),
  );
  const settings = { interface: 'eth0', maximumLength: 1500, port: 8848, ttl: 3 };
  const start = '08000100 01000000 09000200 65746830 00000000 08000300 07000000 06000400 dc050000';
  const end = '06000700 90220000 05000800 03000000';
  assert.equal(
    bodyOf(startSyncRequest(family, 'master', { ...settings, group: ip('239.1.2.3') }, 7)),
    joined('09010000 40000380', start, '08000500 ef010203', end),
  );
  assert.equal(
    bodyOf(startSyncRequest(family, 'master', { ...settings, group: ip('ff02::9') }, 7)),
    joined('09010000 4c000380', start, '14000600 ff020000 00000000 00000000 00000009', end),
  );
});

test('a half is stopped by its kind and identifier', () => {
  assert.equal(
    bodyOf(stopSyncRequest(family, 'backup', 7)),
    joined('0a010000 14000380 08000100 02000000 08000300 07000000'),
  );
});

test('refusals are logged in the words of keepalived', () => {
  assert.equal(
    syncFailureText('start', { errno: errno.EEXIST }),
    'IPVS cmd IP_VS_SO_SET_STARTDAEMON(1163) error: File exists(17)',
  );
  assert.equal(
    syncFailureText('stop', { errno: errno.ESRCH }),
    'IPVS cmd IP_VS_SO_SET_STOPDAEMON(1164) error: No such process(3)',
  );
});

test('timeouts are written and read in seconds; those that are missing are 0', () => {
  const request = setTimeoutsRequest(family, { tcp: 900, tcpFin: 120, udp: 300 });
  assert.equal(bodyOf(request), joined('0c010000 08000400 84030000 08000500 78000000 08000600 2c010000'));
  assert.deepEqual(timeoutsFrom(messageOf(request)), { tcp: 900, tcpFin: 120, udp: 300 });
  assert.equal(bodyOf(timeoutsRequest(family)), '0d010000');
  assert.deepEqual(timeoutsFrom(messageOf(timeoutsRequest(family))), { tcp: 0, tcpFin: 0, udp: 0 });
});
