import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removalLines } from '../../../src/report/routing-log.ts';
import { routeTo, ruleAt } from '../rtnetlink/routing-examples.ts';
import { ip } from '../rtnetlink/vectors.ts';

const net = (address: string) => ({ address: ip(address), prefixLength: 16 });
const { destination: _, ...defaultRoute } = routeTo('0.0.0.0/0');

test('what a reload takes away is told line by line, rules first', () => {
  const gone = {
    routes: [routeTo('10.51.0.0/16'), defaultRoute],
    rules: [ruleAt(300, { source: net('10.50.0.0') }), ruleAt(301, { destination: net('10.51.0.0') })],
  };
  const left = { routes: [routeTo('10.60.0.0/16')], rules: [ruleAt(302)] };
  assert.deepEqual(removalLines(gone, left), [
    'ip rule from 10.50.0.0/16 removed',
    'ip rule from all to 10.51.0.0/16 removed',
    'Removing route 10.51.0.0/16',
    'Removing route 0.0.0.0/0',
  ]);
  assert.deepEqual(removalLines({ routes: [], rules: [] }, left), []);
});

test('a block of which nothing is left is told in one line', () => {
  const gone = { routes: [routeTo('10.51.0.0/16'), routeTo('10.52.0.0/16')], rules: [ruleAt(300)] };
  const left = { routes: [routeTo('10.60.0.0/16')], rules: [] };
  assert.deepEqual(removalLines(gone, { routes: [], rules: [] }), [
    'Removing a VirtualRule block',
    'Removing a VirtualRoute block',
  ]);
  assert.deepEqual(removalLines(gone, left), [
    'Removing a VirtualRule block',
    'Removing route 10.51.0.0/16',
    'Removing route 10.52.0.0/16',
  ]);
});
