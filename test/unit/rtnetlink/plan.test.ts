import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredAddresses } from '../../../src/rtnetlink/desired.ts';
import { addressFailureText } from '../../../src/rtnetlink/plan.ts';
import { virtualAddress } from './vectors.ts';

test('an address on an interface that does not exist is named', () => {
  const here = virtualAddress('10.0.0.1', 24);
  const nowhere = virtualAddress('10.0.0.2', 24, { interface: 'gone' });
  const found = desiredAddresses([here, nowhere], (name) => (name === 'v0' ? 3 : undefined));
  assert.deepEqual(found, { desired: [{ ifindex: 3, address: here }], missing: [nowhere] });
});

test('a failure is logged in the words of keepalived', () => {
  const command = { kind: 'addAddress', ifindex: 3, address: virtualAddress('10.0.0.1', 24) } as const;
  assert.equal(
    addressFailureText({ command, errno: 22, sequence: 7 }),
    'Netlink: error: Invalid argument(22), type=RTM_NEWADDR(20), seq=7, pid=0',
  );
});
