import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeDestination, decodeService } from '../../../src/ipvs/decode.ts';
import type { CommandFailure } from '../../../src/ipvs/failure.ts';
import { isAlreadySo, isMissingDestination } from '../../../src/ipvs/failure.ts';
import { groupChanges } from '../../../src/ipvs/group-changes.ts';
import type { VirtualServer, VirtualServerGroup } from '../../../src/config/types.ts';
import { errno } from '../../../src/lib/errno.ts';
import { ip } from './arbitrary.ts';

const address = Uint8Array.of(10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const service = {
  ...{ family: 2, protocol: 6, address, port: 80, scheduler: 'rr', timeout: 9 },
  ...{ flags: { flags: 2, mask: 0xffff_ffff }, netmask: Uint8Array.of(255, 255, 255, 0) },
};
const destination = { family: 2, address, port: 8080, forwardingMethod: 0, weight: 3, tunnelType: 1, tunnelPort: 5 };

describe('what a kernel may leave out', () => {
  const lacking = <T extends object>(whole: T, ...names: string[]): T =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name))) as T;

  test('a service needs its family, scheduler, flags, netmask and what it is reached by', () => {
    assert.deepEqual(decodeService(service), {
      key: { kind: 'address', address: '10.0.0.1', port: 80, protocol: 'TCP' },
      ...{ scheduler: 'rr', flags: 2, timeout: 9, netmask: '255.255.255.0' },
    });
    for (const name of ['family', 'scheduler', 'flags', 'netmask', 'address', 'port', 'protocol']) {
      assert.equal(decodeService(lacking(service, name)), undefined, name);
    }
    assert.equal(decodeService(lacking(service, 'timeout'))?.timeout, 0);
    const bare = lacking(service, 'address', 'port', 'protocol');
    assert.equal(decodeService({ ...bare, fwmark: 0 }), undefined);
    assert.deepEqual(decodeService({ ...bare, fwmark: 7 })?.key, { kind: 'fwmark', fwmark: 7, family: 4 });
    assert.deepEqual(decodeService({ ...service, fwmark: 0 })?.key.kind, 'address');
  });

  test('a destination needs its address, port and weight', () => {
    const whole = {
      ...{ address: '10.0.0.1', port: 8080, forwardingMethod: 'NAT', weight: 3 },
      ...{ upperThreshold: 0, lowerThreshold: 0 },
    };
    assert.deepEqual(decodeDestination(destination, 4), whole);
    for (const name of ['address', 'port', 'weight']) {
      assert.equal(decodeDestination(lacking(destination, name), 4), undefined, name);
    }
    assert.deepEqual(decodeDestination(lacking(destination, 'family', 'forwardingMethod'), 4), whole);
    assert.equal(decodeDestination(lacking(destination, 'family'), 6)?.address, 'a00:1::');
    assert.equal(decodeDestination({ ...destination, family: 3 }, 4), undefined);
    assert.equal(decodeDestination({ ...destination, forwardingMethod: 7 }, 4), undefined);
    assert.equal(decodeDestination({ ...destination, forwardingMethod: 0x100 }, 4)?.forwardingMethod, 'NAT');
  });

  test('a tunnel that is not said is IP in IP', () => {
    const tunnel = (changes: object) =>
      decodeDestination({ ...destination, forwardingMethod: 2, ...changes }, 4)?.tunnel;
    assert.deepEqual(tunnel({ tunnelFlags: 1 }), { type: 'gue', port: 5, flags: 1 });
    assert.equal(tunnel({ tunnelType: 0 }), undefined);
    assert.equal(tunnel({ tunnelType: 99 }), undefined);
    const { tunnelType: _, tunnelPort: __, ...plain } = destination;
    assert.equal(decodeDestination({ ...plain, forwardingMethod: 2 }, 4)?.tunnel, undefined);
    const gre = decodeDestination({ ...plain, forwardingMethod: 2, tunnelType: 2 }, 4)?.tunnel;
    assert.deepEqual(gre, { type: 'gre', port: 0, flags: 0 });
  });
});

describe('refusals that are none', () => {
  const named = decodeService(service)!;
  const failed = (kind: string, number: number) =>
    ({ command: { kind, service: named }, errno: number }) as unknown as CommandFailure;

  test('what is to be made is there, what is to be removed is not', () => {
    const so = (kind: string, number: number) => isAlreadySo(failed(kind, number));
    assert.deepEqual([so('newService', errno.EEXIST), so('newService', errno.ENOENT)], [true, false]);
    assert.deepEqual([so('newDestination', errno.EEXIST), so('newDestination', errno.ESRCH)], [true, false]);
    for (const kind of ['deleteService', 'deleteDestination']) {
      assert.deepEqual(
        [errno.ESRCH, errno.ENOENT, errno.EEXIST].map((number) => so(kind, number)),
        [true, true, false],
      );
    }
    assert.deepEqual([so('setService', errno.EEXIST), so('flush', errno.ESRCH)], [false, false]);
  });

  test('a destination that is to be changed is not there', () => {
    const missing = (kind: string, number: number) => isMissingDestination(failed(kind, number));
    assert.deepEqual(
      [errno.ENOENT, errno.ESRCH, errno.EINVAL].map((n) => missing('setDestination', n)),
      [true, true, false],
    );
    assert.equal(missing('deleteDestination', errno.ENOENT), false);
  });
});

test('what a reload changes in a group', () => {
  const range = (first: string, last: string, port = 80) =>
    ({ kind: 'range', first: ip(first), last: ip(last), port }) as const;
  const group = (...entries: VirtualServerGroup['entries'][number][]): VirtualServerGroup => ({ name: 'g', entries });
  const server = (protocol?: 'TCP') =>
    ({ key: { kind: 'group', group: 'g', ordinal: 0, ...(protocol && { protocol }) } }) as unknown as VirtualServer;
  const mark = { kind: 'fwmark', fwmark: 7 } as const;
  const before = group(range('10.0.0.1', '10.0.0.1'), range('10.0.0.2', '10.0.0.4'), mark);
  const after = group(range('10.0.0.1', '10.0.0.1', 81), range('10.0.0.2', '10.0.0.4'), { ...mark, family: 6 });
  assert.deepEqual(groupChanges(server('TCP'), server('TCP'), before, after), {
    gone: ['VS [[10.0.0.1]:tcp:80] in group g no longer exists', 'VS [7] in group g no longer exists'],
    added: ['VS [[10.0.0.1]:tcp:81] added into group g', 'VS [FWM 7] added into group g'],
  });
  assert.deepEqual(groupChanges(server(), server(), group(range('10.0.0.2', '10.0.0.4')), group()).gone, [
    'VS [[10.0.0.2]:none:80-10.0.0.4] in group g no longer exists',
  ]);
  assert.deepEqual(groupChanges(server('TCP'), server(), group(range('10.0.0.2', '10.0.0.2')), group(mark)).gone, [
    'VS [[10.0.0.2]:tcp:80] in group g no longer exists',
  ]);
  const nothing = { gone: [], added: [] };
  assert.deepEqual(groupChanges(server(), server(), before, before), nothing);
  assert.deepEqual(groupChanges(server(), server(), undefined, after), nothing, 'it is new');
  assert.deepEqual(groupChanges(server(), server(), before, undefined), nothing, 'it is gone');
});
