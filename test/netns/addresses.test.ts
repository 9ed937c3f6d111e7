import { until } from './processes.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type InterfaceEvent, openAddressKernel, type AddressKernel } from '../../src/daemon/vrrp/address-kernel.ts';
import { native } from '../../src/os/native.ts';
import { ip as address, virtualAddress as onV0 } from '../unit/rtnetlink/vectors.ts';

const namespace = `nlk-${process.pid}`;

function ip(...words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8' });
}

/** Lets pending socket events be delivered. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

describe('addresses on a real kernel', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
  let kernel: AddressKernel;
  const events: InterfaceEvent[] = [];
  const lines: string[] = [];

  before(() => {
    ip('netns', 'add', namespace);
    native.enterNetworkNamespace(`/run/netns/${namespace}`);
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    for (const name of ['lo', 'v0', 'v1']) ip('link', 'set', name, 'up');
    ip('address', 'add', '10.1.1.1/24', 'dev', 'v0');
    kernel = openAddressKernel(({ message }) => lines.push(message));
    kernel.onEvent((event) => events.push(event));
  });

  after(() => {
    kernel.close();
    ip('netns', 'delete', namespace);
  });

  test('links and addresses are read', () => {
    const link = kernel.links().find(({ name }) => name === 'v0');
    assert.ok(link);
    assert.equal(link.kind, 'veth');
    assert.equal(link.type, 1);
    assert.equal(link.mtu, 1500);
    assert.ok(link.up && link.running && link.multicast && !link.loopback && !link.noArp);
    assert.equal(link.hardwareAddress.length, 6);
    const lo = kernel.links().find(({ name }) => name === 'lo');
    assert.ok(lo?.loopback);
    const own = kernel.addresses().find((item) => item.address === '10.1.1.1');
    assert.equal(own?.ifindex, link.ifindex);
    assert.equal(own?.prefixLength, 24);
  });

  const addresses = [
    onV0('10.1.1.9', 32),
    onV0('10.1.1.10', 24, { broadcast: address('10.1.1.255'), label: 'v0:1' }),
    onV0('10.2.1.10', 32, { peer: { address: address('10.2.1.11'), prefixLength: 32 } }),
    onV0('10.3.1.10', 24, { scope: 253 }),
    onV0('fd00::5', 128, { preferredLifetime: 0 }),
    onV0('fd00::6', 64),
  ];

  test('addresses are added as asked, and once', () => {
    assert.deepEqual(kernel.addAddresses(addresses), []);
    assert.deepEqual(kernel.addAddresses(addresses), []);
    const shown = ip('address', 'show', 'dev', 'v0');
    assert.match(shown, /inet 10\.1\.1\.9\/32 scope global (proto keepalived )?v0/);
    assert.match(shown, /inet 10\.1\.1\.10\/24 brd 10\.1\.1\.255 scope global secondary (proto keepalived )?v0:1/);
    assert.match(shown, /inet 10\.2\.1\.10 peer 10\.2\.1\.11\/32 scope global/);
    assert.match(shown, /inet 10\.3\.1\.10\/24 scope link/);
    assert.match(shown, /inet6 fd00::6\/64 scope global nodad/);
    assert.match(shown, /inet6 fd00::5\/128 scope global nodad deprecated/);
    const held = kernel.addresses().filter(({ protocol }) => protocol === 18);
    assert.equal(held.length, addresses.length);
  });

  test('removals take away all of ours and nothing else, but as with keepalived not one with a peer elsewhere', async () => {
    await turn();
    events.length = 0;
    assert.deepEqual(kernel.deleteAddresses(addresses), []);
    assert.deepEqual(kernel.deleteAddresses(addresses), []);
    const left = kernel.addresses().filter(({ scope }) => scope === 0);
    assert.deepEqual(
      left.map((item) => item.address),
      ['10.1.1.1', '10.2.1.10'],
    );
    const goneNow = () => events.filter((event) => event.type === 'address' && event.change === 'gone');
    await until('all removals are told', 5, () => goneNow().length >= addresses.length - 1);
    const gone = goneNow();
    assert.equal(gone.length, addresses.length - 1);
    ip('address', 'delete', '10.2.1.10', 'peer', '10.2.1.11/32', 'dev', 'v0');
    assert.ok(gone.every((event) => event.type === 'address' && event.own));
    assert.deepEqual(lines, []);
  });

  test('what others do is reported as theirs', async () => {
    kernel.addAddresses(addresses);
    await turn();
    events.length = 0;
    ip('address', 'delete', '10.1.1.9/32', 'dev', 'v0');
    ip('address', 'delete', 'fd00::6/64', 'dev', 'v0');
    ip('link', 'set', 'v1', 'down');
    await until('the link that is down is told', 5, () =>
      events.some((event) => event.type === 'link' && event.link.name === 'v0' && !event.link.running),
    );
    const gone = events.flatMap((event) => (event.type === 'address' && event.change === 'gone' ? [event] : []));
    assert.deepEqual(
      gone.slice(0, 2).map((event) => [event.address.address, event.own]),
      [
        ['10.1.1.9', false],
        ['fd00::6', false],
      ],
    );
    const last = events.findLast((event) => event.type === 'link' && event.link.name === 'v0');
    assert.ok(last?.type === 'link' && last.link.up && !last.link.running);
    ip('link', 'set', 'v1', 'up');
  });

  test('a thousand addresses come and go', () => {
    const many = Array.from({ length: 1000 }, (_, i) => onV0(`10.8.${i >> 8}.${i & 255}`, 32));
    assert.deepEqual(kernel.addAddresses(many), []);
    assert.equal(kernel.addresses().filter((item) => item.address.startsWith('10.8.')).length, 1000);
    assert.deepEqual(kernel.deleteAddresses(many), []);
    assert.equal(kernel.addresses().filter((item) => item.address.startsWith('10.8.')).length, 0);
  });

  test('an interface that goes takes its addresses along, and that is no failure', async () => {
    events.length = 0;
    ip('link', 'delete', 'v0');
    assert.deepEqual(kernel.deleteAddresses(addresses), []);
    await until('the end of the link is told', 5, () =>
      events.some((event) => event.type === 'link' && event.change === 'gone' && event.link.name === 'v0'),
    );
    lines.length = 0;
    kernel.addAddresses(addresses.slice(0, 1));
    assert.deepEqual(lines, ["Not adding address 10.1.1.9 to v0 since interface doesn't exist"]);
  });
});
