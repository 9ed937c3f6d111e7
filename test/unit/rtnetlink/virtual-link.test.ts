import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from '../../../src/netlink/message.ts';
import {
  changeLinkRequest,
  createLinkRequest,
  deleteLinkRequest,
  linkByNameRequest,
  noGeneratedAddressRequest,
  setLinkUpRequest,
  type VirtualLink,
} from '../../../src/rtnetlink/virtual-link.ts';
import { bodyOf, messageOf } from './vectors.ts';

const joined = (...parts: string[]): string => parts.join('').replaceAll(' ', '');

/** Type and flags of a request, and what follows its header. */
function written(request: Request): [type: number, flags: number, body: string] {
  const { type, flags } = messageOf(request);
  return [type, flags, bodyOf(request)];
}

const NEW_LINK = 16;
const EMPTY_HEADER = '00000000 00000000 00000000 00000000';
/** IFLA_LINKINFO of a private macvlan. */
const PRIVATE_MACVLAN = '1c001280 0c000100 6d616376 6c616e00 0c000280 08000100 01000000';

test('a macvlan is private and has its parent, name, group, MAC address and VRF', () => {
  const link: VirtualLink = {
    ...{ name: 'vrrp.51', kind: 'macvlan', parent: 2, group: 5, master: 9 },
    hardwareAddress: Uint8Array.of(0, 0, 0x5e, 0, 1, 51),
  };
  const attributes = [
    '08000500 02000000 0c000300 76727270 2e353100 08001b00 05000000',
    '0a000100 00005e00 01330000 08000a00 09000000',
  ];
  const body = joined(EMPTY_HEADER, PRIVATE_MACVLAN, ...attributes);
  assert.deepEqual(written(createLinkRequest(link)), [NEW_LINK, 0x601, body]);
  assert.deepEqual(written(changeLinkRequest(link)), [NEW_LINK, 0x001, body], 'a change makes nothing new');
});

test('what is not asked for is left to the kernel', () => {
  const body = joined(EMPTY_HEADER, PRIVATE_MACVLAN, '08000500 02000000 07000300 76300000');
  assert.equal(bodyOf(createLinkRequest({ name: 'v0', kind: 'macvlan', parent: 2 })), body);
});

test('an ipvlan is of mode L2, bridged unless told otherwise', () => {
  const of = (ipvlanFlags?: 'private' | 'vepa') =>
    bodyOf(createLinkRequest({ name: 'v0', kind: 'ipvlan', parent: 2, ...(ipvlanFlags && { ipvlanFlags }) }));
  const body = (flags: string) =>
    joined(
      ...[EMPTY_HEADER, '08000500 02000000 07000300 76300000', '24001280 0b000100 6970766c 616e0000'],
      ...['14000280 06000100 00000000 06000200', flags],
    );
  assert.equal(of(), body('00000000'));
  assert.equal(of('private'), body('01000000'));
  assert.equal(of('vepa'), body('02000000'));
});

test('a link is set up, kept from making addresses, removed and looked for', () => {
  const header = '00000000 07000000';
  assert.deepEqual(written(setLinkUpRequest(7)), [NEW_LINK, 0x001, joined(header, '01000000 01000000')]);
  assert.deepEqual(written(noGeneratedAddressRequest(7)), [
    NEW_LINK,
    0x001,
    joined(header, '00000000 00000000 10001a80 0c000a80 05000800 01000000'),
  ]);
  assert.deepEqual(written(deleteLinkRequest(7)), [17, 0x001, joined(header, '00000000 00000000')]);
  assert.deepEqual(written(linkByNameRequest('v0')), [18, 0x001, joined(EMPTY_HEADER, '07000300 76300000')]);
});
