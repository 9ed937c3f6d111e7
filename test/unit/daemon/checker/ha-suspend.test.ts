import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceKey } from '../../../../src/config/types.ts';
import { HaSuspend, type Suspendable } from '../../../../src/daemon/checker/ha-suspend.ts';
import type { HealthCheck } from '../../../../src/daemon/checker/health-checks.ts';
import type { InterfaceEvent } from '../../../../src/daemon/vrrp/address-kernel.ts';
import type { IpAddress } from '../../../../src/lib/ip.ts';
import type { KernelAddress } from '../../../../src/rtnetlink/address.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';

function at(ifindex: number, address: string): KernelAddress {
  return { ifindex, address: address as IpAddress, prefixLength: 24, scope: 0, flags: 0 };
}

function served(...addresses: string[]): Suspendable & { readonly checks: readonly (readonly HealthCheck[])[] } {
  const keys: ServiceKey[] = addresses.map((address) => ({
    kind: 'address',
    address: address as IpAddress,
    port: 80,
    protocol: 'TCP',
  }));
  return { server: { haSuspend: true }, keys, checks: [[{ enabled: true } as HealthCheck]] };
}

function watching(...addresses: KernelAddress[]) {
  let linkDumps = 0;
  const log: string[] = [];
  const reported: string[] = [];
  const links: Link[] = [];
  let tell: (event: InterfaceEvent) => void = () => {};
  const kernel = {
    addresses: () => addresses,
    links: () => {
      linkDumps += 1;
      return links;
    },
    onEvent: (listener: typeof tell) => {
      tell = listener;
    },
    close: () => void log.push('closed'),
  };
  const suspend = new HaSuspend(
    () => kernel,
    (checks, enabled) => {
      for (const check of checks) check.enabled = enabled;
      log.push(enabled ? 'resumed' : 'suspended');
    },
    ({ message }) => void reported.push(message),
  );
  const event = (change: 'present' | 'gone') => (address: KernelAddress) =>
    tell({ type: 'address', change, address, own: false });
  const linkTells = (change: 'present' | 'gone', ifindex: number, name: string): void =>
    tell({ type: 'link', change, link: { ifindex, name } as Link, own: false });
  const dumped = (): number => linkDumps;
  const resync = (...now: KernelAddress[]) => tell({ type: 'resync', links: [], addresses: now });
  return { suspend, log, reported, links, linkTells, dumped, arrives: event('present'), goes: event('gone'), resync };
}

const enabled = (service: Suspendable): boolean | undefined => service.checks[0]?.[0]?.enabled;

test('checks are silently off where the address is elsewhere at the start', () => {
  const { suspend, log } = watching(at(1, '127.0.0.1'));
  const service = served('10.0.0.1');
  suspend.configure([service]);
  assert.equal(enabled(service), false);
  assert.deepEqual(log, []);
});

test('an address that comes and goes resumes and suspends; a change of it does nothing', () => {
  const { suspend, log, reported, arrives, goes } = watching();
  const service = served('10.0.0.1');
  suspend.configure([service]);
  arrives(at(2, '10.0.0.1'));
  arrives(at(2, '10.0.0.1'));
  arrives(at(2, '10.0.0.9'));
  assert.deepEqual(log, ['resumed']);
  goes(at(2, '10.0.0.1'));
  goes(at(2, '10.0.0.1'));
  assert.deepEqual(log, ['resumed', 'suspended']);
  assert.deepEqual(reported.slice(2), [
    'Netlink reflector reports IP 10.0.0.1 added to 2',
    'Netlink reflector reports IP 10.0.0.1 removed from 2',
  ]);
});

test('one address on two interfaces, or two of a group, must all go', () => {
  const { suspend, log, goes, arrives } = watching(at(2, '10.0.0.1'), at(3, '10.0.0.1'));
  suspend.configure([served('10.0.0.1', '10.0.0.2')]);
  arrives(at(2, '10.0.0.2'));
  goes(at(2, '10.0.0.1'));
  goes(at(3, '10.0.0.1'));
  assert.deepEqual(log, []);
  goes(at(2, '10.0.0.2'));
  assert.deepEqual(log, ['suspended']);
});

test('after lost events things are as they are now', () => {
  const { suspend, log, resync } = watching(at(2, '10.0.0.1'));
  suspend.configure([served('10.0.0.1'), served('10.0.0.2')]);
  resync(at(2, '10.0.0.2'));
  assert.deepEqual(log, ['resumed', 'suspended']);
});

test('a reload looks anew; without ha_suspend nothing is watched', () => {
  const { suspend, log } = watching(at(2, '10.0.0.2'));
  const service = served('10.0.0.2');
  suspend.configure([served('10.0.0.1')]);
  suspend.configure([service]);
  assert.equal(enabled(service), true);
  suspend.configure([]);
  assert.deepEqual(log, ['closed']);
});

test('each time the socket is opened it is spoken of, with what is here already', () => {
  const { suspend, reported } = watching(at(2, '10.0.0.1'), at(2, '10.0.0.9'));
  const expected = [
    'Registering Kernel netlink reflector',
    'Registering Kernel netlink command channel',
    'Netlink reflector reports IP 10.0.0.1 added to 2',
  ];
  suspend.configure([served('10.0.0.1')]);
  suspend.configure([served('10.0.0.1')]);
  assert.deepEqual(reported, expected);
  suspend.configure([]);
  suspend.configure([served('10.0.0.1')]);
  assert.deepEqual(reported, [...expected, ...expected]);
});

test('an address that goes with its interface is reported by the name of that', () => {
  const { suspend, reported, links, linkTells, goes } = watching(at(2, '10.0.0.1'));
  links.push({ ifindex: 2, name: 'eth9' } as Link);
  suspend.configure([served('10.0.0.1')]);
  linkTells('gone', 2, 'eth9');
  goes(at(2, '10.0.0.1'));
  assert.equal(reported.at(-1), 'Netlink reflector reports IP 10.0.0.1 removed from eth9');
});

test('interfaces are asked for once, however many addresses there are; later ones are heard of', () => {
  const { suspend, reported, dumped, linkTells, arrives } = watching(at(1, '127.0.0.1'), at(2, '10.0.0.2'));
  suspend.configure([served('10.0.0.1')]);
  linkTells('present', 3, 'eth3');
  arrives(at(3, '10.0.0.1'));
  arrives(at(3, '10.0.0.7'));
  assert.equal(reported.at(-1), 'Netlink reflector reports IP 10.0.0.1 added to eth3');
  assert.equal(dumped(), 1);
});
