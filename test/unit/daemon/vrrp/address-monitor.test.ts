import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressMonitor } from '../../../../src/daemon/vrrp/address-monitor.ts';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import type { InterfaceEvent } from '../../../../src/daemon/vrrp/address-kernel.ts';
import type { KernelAddress } from '../../../../src/rtnetlink/address.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';
import { ip } from '../../report/examples.ts';

const link = { ifindex: 3, name: 'eth0' } as Link;
const known = (address: string) => ({ ifindex: 3, address: ip(address), prefixLength: 24, scope: 0 }) as KernelAddress;
const event = (change: 'present' | 'gone', address: string, own = false) =>
  ({ type: 'address', change, own, address: known(address) }) as InterfaceEvent;

describe('address monitoring', () => {
  const said = (enabled: boolean): string[] => {
    const lines: string[] = [];
    const interfaces = new Interfaces([link], [known('10.0.0.1')]);
    const monitor = new AddressMonitor(enabled, interfaces, ({ message }) => void lines.push(message));
    monitor.begin();
    monitor.noticed(event('present', '10.0.0.2'));
    monitor.noticed(event('present', '10.0.0.1'));
    monitor.noticed(event('present', '10.0.0.3', true));
    monitor.noticed(event('gone', '10.0.0.1'));
    return lines;
  };

  it('says what is there, what comes and what goes, but not what we do ourselves', () => {
    assert.deepEqual(said(true), [
      'Netlink reflector reports IP 10.0.0.1 added to eth0',
      'Netlink reflector reports IP 10.0.0.2 added to eth0',
      'Netlink reflector reports IP 10.0.0.1 added to eth0',
      'Netlink reflector reports IP 10.0.0.1 removed from eth0',
    ]);
  });

  it('is silent unless asked for', () => {
    assert.deepEqual(said(false), []);
  });

  it('tells of another name or hardware address of a link', () => {
    const lines: string[] = [];
    const before = { ...link, hardwareAddress: Uint8Array.of(2, 0, 0, 0, 9, 1) };
    const monitor = new AddressMonitor(false, new Interfaces([before], []), ({ message }) => void lines.push(message));
    const tell = (now: Partial<Link>) =>
      monitor.noticed({ type: 'link', change: 'present', own: false, link: { ...before, ...now } });
    tell({});
    tell({ name: 'lan0' });
    tell({ hardwareAddress: Uint8Array.of(2, 0, 0, 0, 9, 0x7f) });
    assert.deepEqual(lines, [
      'Interface name has changed from eth0 to lan0',
      '(eth0) MAC Address changed from 02:00:00:00:09:01 to 02:00:00:00:09:7f',
    ]);
  });
});
