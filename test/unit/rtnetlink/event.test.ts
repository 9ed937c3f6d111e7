import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvent } from '../../../src/rtnetlink/event.ts';
import { routeMessage } from '../../../src/rtnetlink/numbers.ts';
import { received } from './vectors.ts';

const PORT = 77;
const link = '00000100 07000000 43100100 00000000 09000300 65746830 00000000';
const address = '02180000 07000000 08000100 0a140005 08000200 0a140005';

function seen(type: number, hex: string, portId = PORT) {
  const event = decodeEvent({ ...received(type, hex), portId }, PORT);
  return event && [event.type, event.change, event.own];
}

test('links and addresses come and go', () => {
  assert.deepEqual(seen(routeMessage.newLink, link), ['link', 'present', true]);
  assert.deepEqual(seen(routeMessage.deleteLink, link), ['link', 'gone', true]);
  assert.deepEqual(seen(routeMessage.newAddress, address), ['address', 'present', true]);
  assert.deepEqual(seen(routeMessage.deleteAddress, address), ['address', 'gone', true]);
});

test('what another process did is not our own', () => {
  assert.deepEqual(seen(routeMessage.newLink, link, 78), ['link', 'present', false]);
  assert.deepEqual(seen(routeMessage.newAddress, address, 0), ['address', 'present', false]);
});

test('what is damaged, and other messages, say nothing', () => {
  assert.equal(seen(routeMessage.newLink, link.slice(0, 20)), undefined);
  assert.equal(seen(routeMessage.newAddress, address.slice(0, 12)), undefined);
  assert.equal(seen(routeMessage.newRoute, link), undefined);
});
