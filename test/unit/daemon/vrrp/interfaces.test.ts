import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import type { Link } from '../../../../src/rtnetlink/link.ts';

const link = (ifindex: number, name: string): Link => ({ ifindex, name, up: true, running: true }) as unknown as Link;

test('interfaces are found by the names they have now', () => {
  const interfaces = new Interfaces([link(1, 'lo'), link(2, 'a'), link(3, 'b')], []);
  const indexOf = (name: string) => interfaces.named(name)?.ifindex;
  const tell = (change: 'present' | 'gone', ifindex: number, name: string) =>
    interfaces.update({ type: 'link', change, own: false, link: link(ifindex, name) });
  tell('present', 2, 'c');
  assert.deepEqual([indexOf('a'), indexOf('b'), indexOf('c')], [undefined, 3, 2]);
  tell('present', 3, 'a');
  tell('present', 2, 'b');
  assert.deepEqual([indexOf('a'), indexOf('b'), indexOf('c')], [3, 2, undefined]);
  tell('present', 4, 'a');
  tell('gone', 3, 'a');
  assert.deepEqual([indexOf('a'), indexOf('b')], [4, 2]);
  tell('gone', 2, 'b');
  assert.equal(indexOf('b'), undefined);
  interfaces.update({ type: 'resync', links: [link(5, 'b')], addresses: [] });
  assert.deepEqual([indexOf('a'), indexOf('b')], [undefined, 5]);
});
