import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttrStream, rt } from 'netlink';
import { addAddressRequest, decodeAddress } from '../../../src/rtnetlink/address.ts';
import { decodeLink } from '../../../src/rtnetlink/link.ts';
import { bodyOf, ip, received, virtualAddress } from './vectors.ts';

/** The tables of the npm package `netlink`, generated from the same kernel headers by other hands. */

test('an address of ours reads the same to the netlink package', () => {
  const address = virtualAddress('fd00::5', 128, {
    preferredLifetime: 60,
    scope: 253,
    label: 'v0:1',
    peer: { address: ip('fd00::6'), prefixLength: 64 },
  });
  const { data, attrs } = rt.parseAddressMessage(Buffer.from(bodyOf(addAddressRequest(9, address)), 'hex'));
  assert.equal(data.family, 10);
  assert.equal(data.prefixlen, 64);
  assert.equal(data.scope, 253);
  assert.equal(data.index, 9);
  assert.equal(attrs.local?.toString('hex'), 'fd000000000000000000000000000005');
  assert.equal(attrs.address?.toString('hex'), 'fd000000000000000000000000000006');
  assert.equal(attrs.label, 'v0:1');
  assert.deepEqual(attrs.flags, { nodad: true });
  assert.equal(attrs.cacheInfo?.ifaPrefered, 60);
  assert.equal(attrs.cacheInfo?.ifaValid, 0xffff_ffff);
});

test('an address of the netlink package reads the same to us', () => {
  const hex = streamed((out) =>
    rt.formatAddressMessage(
      {
        kind: 'address',
        data: { family: 2, prefixlen: 24, scope: 0, index: 4 },
        attrs: {
          address: Buffer.from([10, 0, 0, 9]),
          local: Buffer.from([10, 0, 0, 1]),
          broadcast: Buffer.from([10, 0, 0, 255]),
          label: 'eth0',
          flags: { permanent: true, noprefixroute: true },
        },
      },
      out,
    ),
  );
  assert.deepEqual(decodeAddress(received(20, hex)), {
    ifindex: 4,
    address: '10.0.0.1',
    prefixLength: 24,
    scope: 0,
    flags: 0x280,
    label: 'eth0',
    broadcast: '10.0.0.255',
    peer: '10.0.0.9',
  });
});

test('a link of the netlink package reads the same to us', () => {
  const hex = streamed((out) =>
    rt.formatLinkMessage(
      {
        kind: 'link',
        data: { type: 1, index: 6, flags: { up: true, running: true, multicast: true } },
        attrs: {
          ifname: 'eth1',
          mtu: 9000,
          link: Buffer.from(new Uint32Array([3]).buffer),
          master: 2,
          group: 5,
          address: Buffer.from([2, 0, 0, 0, 0, 1]),
        },
      },
      out,
    ),
  );
  const link = decodeLink(received(16, hex));
  assert.ok(link);
  const { ifindex, name, type, up, running, multicast, loopback, noArp, mtu, parent, master, group } = link;
  assert.deepEqual(
    { ifindex, name, type, up, running, multicast, loopback, noArp, mtu, parent, master, group },
    {
      ifindex: 6,
      name: 'eth1',
      type: 1,
      up: true,
      running: true,
      multicast: true,
      loopback: false,
      noArp: false,
      mtu: 9000,
      parent: 3,
      master: 2,
      group: 5,
    },
  );
  assert.deepEqual([...link.hardwareAddress], [2, 0, 0, 0, 0, 1]);
});

/** What one of the package's formatters emits, as hexadecimal. */
function streamed(format: (out: AttrStream) => void): string {
  const out = new AttrStream();
  format(out);
  return Buffer.concat(out.bufs).toString('hex');
}
