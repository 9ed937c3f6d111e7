import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InterfaceEvent, openAddressKernel } from '../../../../src/daemon/vrrp/address-kernel.ts';
import { errno } from '../../../../src/lib/errno.ts';
import type { Message } from '../../../../src/netlink/message.ts';
import { decodeAddress } from '../../../../src/rtnetlink/address.ts';
import { addAddressRequest, deleteAddressRequest } from '../../../../src/rtnetlink/address.ts';
import { routeMessage } from '../../../../src/rtnetlink/numbers.ts';
import { type Answer, FakeNetlinkSocket } from '../../../fakes/netlink-kernel.ts';
import { virtualAddress } from '../../rtnetlink/vectors.ts';

function open(answer: (request: Message) => Answer = () => ({})) {
  const lines: string[] = [];
  const requests: number[] = [];
  const commands = new FakeNetlinkSocket((request) => {
    requests.push(request.type);
    return answer(request);
  });
  const events = new FakeNetlinkSocket();
  const kernel = openAddressKernel(({ message }) => lines.push(message), {
    openSocket: ({ groups }) => (groups ? events : commands),
    interfaceIndex: (name) => (name === 'v0' ? 3 : undefined),
  });
  const seen: InterfaceEvent[] = [];
  kernel.onEvent((event) => seen.push(event));
  return { kernel, lines, requests, commands, events, seen };
}

const four = virtualAddress('10.0.0.1', 24);
const six = virtualAddress('fd00::1', 64);

test('a thousand addresses go in five datagrams', () => {
  const { kernel, commands } = open();
  const many = Array.from({ length: 1000 }, (_, i) => virtualAddress(`10.0.${i >> 8}.${i & 255}`, 32));
  assert.deepEqual(kernel.addAddresses(many), []);
  assert.deepEqual(commands.batches, [200, 200, 200, 200, 200]);
});

test('prepared addresses are what they would be, on the interface as it is then', () => {
  let index = 3;
  const bodies: string[] = [];
  const commands = new FakeNetlinkSocket(({ view, start, end }) => {
    bodies.push(Buffer.from(view.buffer, view.byteOffset + start, end - start).toString('hex'));
    return {};
  });
  const kernel = openAddressKernel(() => {}, {
    openSocket: ({ groups }) => (groups ? new FakeNetlinkSocket() : commands),
    interfaceIndex: () => index,
  });
  const addresses = [four, six];
  kernel.prepare(addresses);
  kernel.addAddresses(addresses);
  kernel.addAddresses([...addresses]);
  assert.deepEqual(bodies.slice(0, 2), bodies.slice(2));
  index = 4;
  kernel.addAddresses(addresses);
  kernel.addAddresses([...addresses]);
  assert.deepEqual(bodies.slice(4, 6), bodies.slice(6));
  assert.notDeepEqual(bodies.slice(0, 2), bodies.slice(4, 6));
});

test('what is there already, or gone already, is no failure', () => {
  const { kernel, lines } = open(({ type }) => ({
    errno: type === routeMessage.newAddress ? errno.EEXIST : errno.EADDRNOTAVAIL,
  }));
  assert.deepEqual(kernel.addAddresses([four]), []);
  assert.deepEqual(kernel.deleteAddresses([four]), []);
  assert.deepEqual(lines, []);
});

test('an address that cannot be added is logged and returned', () => {
  const { kernel, lines } = open(() => ({ errno: errno.EINVAL }));
  const failures = kernel.addAddresses([four]);
  assert.equal(failures[0]?.errno, errno.EINVAL);
  assert.deepEqual(lines, ['Netlink: error: Invalid argument(22), type=RTM_NEWADDR(20), seq=1, pid=0']);
});

test('a purge complains about nothing', () => {
  const { kernel, lines } = open(() => ({ errno: errno.EINVAL }));
  kernel.deleteAddresses([four], { purge: true });
  assert.deepEqual(lines, []);
});

test('an interface that does not exist is said when adding, and is no matter when removing', () => {
  const { kernel, lines, requests } = open();
  const nowhere = virtualAddress('10.0.0.2', 24, { interface: 'gone' });
  assert.deepEqual(kernel.addAddresses([nowhere]), []);
  assert.deepEqual(kernel.deleteAddresses([nowhere]), []);
  assert.deepEqual(lines, ["Not adding address 10.0.0.2 to gone since interface doesn't exist"]);
  assert.deepEqual(requests, []);
});

test('addresses leave an interface that has another name by now', () => {
  let name = 'v0';
  const removed: unknown[] = [];
  const commands = new FakeNetlinkSocket((request) => {
    if (request.type === routeMessage.deleteAddress) removed.push(decodeAddress(request)?.ifindex);
    return {};
  });
  const kernel = openAddressKernel(() => {}, {
    openSocket: ({ groups }) => (groups ? new FakeNetlinkSocket() : commands),
    interfaceIndex: (asked) => (asked === name ? 3 : undefined),
  });
  kernel.addAddresses([four]);
  name = 'lan0';
  kernel.deleteAddresses([four]);
  assert.deepEqual(removed, [3]);
});

test('changes made by this process are told from those of others', () => {
  const { events, seen, commands } = open();
  const event = { type: routeMessage.deleteAddress, body: deleteAddressRequest(3, four).body };
  events.emit(event, commands.portId);
  events.emit(event, 0);
  assert.deepEqual(
    seen.map((item) => item.type === 'address' && [item.change, item.own, item.address.address]),
    [
      ['gone', true, '10.0.0.1'],
      ['gone', false, '10.0.0.1'],
    ],
  );
});

test('of IPv6 removals, which the kernel reports anonymously, each of ours is recognised once', () => {
  const { kernel, events, seen } = open();
  const event = { type: routeMessage.deleteAddress, body: deleteAddressRequest(3, six).body };
  kernel.deleteAddresses([six]);
  events.emit(event);
  events.emit(event);
  assert.deepEqual(
    seen.map((item) => item.type === 'address' && item.own),
    [true, false],
  );
});

test('after an overrun everything is read again', () => {
  const address = { type: routeMessage.newAddress, body: addAddressRequest(3, four).body };
  const { events, seen, lines } = open(({ type }) => ({
    replies: type === routeMessage.getAddress ? [address] : [],
  }));
  events.emitOverrun();
  const [event] = seen;
  assert.ok(event?.type === 'resync');
  assert.deepEqual(event.links, []);
  assert.deepEqual(
    event.addresses.map((item) => item.address),
    [four.address],
  );
  assert.equal(lines.length, 1);
});

test('of a flood of events others get their turn between, but not before an overrun is mended', () => {
  const events = new FakeNetlinkSocket();
  let turn: () => void = () => {};
  events.onReadable = (readable) => {
    turn = readable;
  };
  const kernel = openAddressKernel(() => {}, {
    openSocket: ({ groups }) => (groups ? events : new FakeNetlinkSocket()),
  });
  const seen: string[] = [];
  const event = { type: routeMessage.newAddress, body: addAddressRequest(3, four).body };
  const flood = () => Array.from({ length: 100 }, () => events.emit(event));
  flood();
  kernel.onEvent(({ type }) => seen.push(type));
  assert.equal(seen.splice(0).length, 100);
  flood();
  const turns: number[] = [];
  for (turn(); seen.length > 0; turn()) turns.push(seen.splice(0).length);
  assert.ok(turns.length > 2);
  flood();
  events.emitOverrun();
  turn();
  assert.deepEqual(seen, ['resync']);
});

test('nobody is told after events are ignored', () => {
  const { kernel, events, seen } = open();
  kernel.ignoreEvents();
  events.emit({ type: routeMessage.newAddress, body: addAddressRequest(3, four).body });
  assert.deepEqual(seen, []);
  kernel.close();
  assert.ok(events.closed);
});

test('a request the fake kernel took is a whole address', () => {
  const taken: unknown[] = [];
  const { kernel } = open((request) => {
    taken.push(decodeAddress(request)?.address);
    return {};
  });
  kernel.addAddresses([four, six]);
  assert.deepEqual(taken, [four.address, six.address]);
});
