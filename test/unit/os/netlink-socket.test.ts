import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '../../../src/os/native.ts';
import { openNetlinkSocket } from '../../../src/os/sockets/netlink-socket.ts';

test('a receive buffer that was too small is doubled as the kernel counts it', () => {
  const { NETLINK_ROUTE } = native.constants;
  const socket = openNetlinkSocket({ protocol: NETLINK_ROUTE, bufferBytes: 1000, force: false });
  // SOCK_MIN_RCVBUF is 2304; the kernel sets twice of what it is asked for.
  assert.deepEqual([socket.widen(), socket.widen(), socket.widen()], [4608, 18_432, 73_728]);
  socket.close();
});
