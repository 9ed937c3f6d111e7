import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VirtualServerGroup } from '../../../src/config/types.ts';
import { markGroups } from '../../../src/ipvs/group-marks.ts';
import { groupsByName, memberKeys, serviceKeys } from '../../../src/ipvs/service-keys.ts';
import { serviceId } from '../../../src/ipvs/types.ts';
import { virtualServer } from '../checkers/examples.ts';
import { ip } from './arbitrary.ts';

const range = (first: string, last = first) => ({ kind: 'range', first: ip(first), last: ip(last), port: 80 }) as const;
const web: VirtualServerGroup = { name: 'web', entries: [range('10.0.0.1', '10.0.0.4')] };
const both: VirtualServerGroup = { name: 'both', entries: [range('10.0.0.9'), range('2001:db8::9')] };
const marked: VirtualServerGroup = { name: 'marked', entries: [range('10.0.0.5'), { kind: 'fwmark', fwmark: 7 }] };

function of(group: string, ordinal = 0, protocol: 'TCP' | 'UDP' = 'TCP') {
  return virtualServer([], { key: { kind: 'group', group, ordinal, protocol } });
}

test('a group has one mark for each protocol, in the order of the virtual servers', () => {
  const servers = [of('web'), of('web', 1, 'UDP'), of('web', 2), of('marked'), of('both')];
  const { groups, marks } = markGroups(servers, [web, both, marked], 1000, new Map());
  assert.deepEqual(
    [...marks],
    [
      ['web TCP', 1000],
      ['web UDP', 1001],
      ['both TCP', 1002],
    ],
  );
  const byName = groupsByName(groups);
  const ids = (server: ReturnType<typeof of>) => serviceKeys(server, byName).map(serviceId);
  assert.deepEqual(ids(of('web', 2)), ['fwmark|4|1000']);
  assert.deepEqual(ids(of('web', 1, 'UDP')), ['fwmark|4|1001']);
  assert.deepEqual(ids(of('both')), ['fwmark|4|1002', 'fwmark|6|1002']);
  assert.deepEqual(ids(of('marked')), ['tcp|10.0.0.5|80', 'fwmark|4|7']);
  assert.equal(memberKeys(of('web'), byName).length, 4);
});

test('marks stay with their groups', () => {
  const first = markGroups([of('web'), of('both')], [web, both], 1000, new Map());
  const second = markGroups([of('both'), of('web', 0, 'UDP')], [web, both], 1000, first.marks);
  assert.deepEqual(
    [...second.marks],
    [
      ['both TCP', 1001],
      ['web UDP', 1002],
    ],
  );
});
