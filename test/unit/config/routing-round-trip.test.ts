import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printConf } from '../../../src/config/print-conf.ts';
import { complaints, load } from './loading.ts';
import { routingLines } from './random-routing.ts';

const blocks = ['static_routes', 'static_rules'] as const;
const lines = fc.constantFrom(...blocks).chain((block) => fc.tuple(fc.constant(block), routingLines[block]!));

test('any line of routes and rules that is taken reads back to the same from its print, without a complaint', () => {
  fc.assert(
    fc.property(lines, ([block, line]) => {
      const first = load(`${block} {\n${line}\n}\n`);
      if (!first.config) return;
      const again = load(printConf(first.config));
      assert.deepEqual(again.config?.staticRoutes, first.config.staticRoutes);
      assert.deepEqual(again.config?.staticRules, first.config.staticRules);
      assert.deepEqual(complaints(again), []);
    }),
    { numRuns: 500 },
  );
});

test('the numbers of rules without a preference count down in each family', () => {
  const { config } = load('static_rules {\ntable 1\ninet6 x table 2\ntable 3\ntable 4 preference 9\n}\n');
  assert.deepEqual(
    config?.staticRules.map(({ family, preference }) => [family, preference]),
    [
      [4, 16384],
      [6, 16384],
      [4, 16383],
      [4, 9],
    ],
  );
});

test('names come from the tables of iproute2, those of the machine before those of its packages', () => {
  const files = {
    '/etc/iproute2/rt_tables': '# mine\n42\tours\n0x30 hexadecimal\n',
    '/usr/share/iproute2/rt_tables': '43 ours\n44 theirs\n',
    '/usr/share/iproute2/rt_protos': '99 openr\n',
    '/etc/iproute2/rt_tables.d/more.conf': '45 more\n',
    '/usr/share/iproute2/rt_tables.d/more.conf': '46 more\n',
    '/usr/share/iproute2/rt_tables.d/other.conf': '47 other\n',
  };
  const tables = ['ours', 'hexadecimal', 'more', 'other', 'main'];
  const routes = tables.map((table, i) => `10.${i}.0.0/16 dev eth0 table ${table}`);
  const text = ['static_routes {', ...routes, '10.9.0.0/16 dev eth0 protocol openr no_track', '}', ''].join('\n');
  const { config } = load(text, files);
  assert.deepEqual(
    config?.staticRoutes.map(({ table, protocol }) => table ?? protocol),
    [42, 48, 45, 47, 254, 99],
  );
  const missing = load('static_routes {\n10.1.0.0/16 dev eth0 table theirs\n}\n', files);
  assert.deepEqual(complaints(missing), ['(keepalived.conf: Line 2) Routing table theirs not found for route']);
});

test('a static address without an interface needs one to fall back on', () => {
  const fallen = load('static_ipaddress {\n10.0.0.7/24\n}\n');
  assert.equal(fallen.config?.staticAddresses[0]?.interface, 'eth0');
  const chosen = load('global_defs {\ndefault_interface eth1\n}\nstatic_ipaddress {\n10.0.0.7/24\n}\n');
  assert.equal(chosen.config?.staticAddresses[0]?.interface, 'eth1');
  const lacking = load('global_defs {\ndefault_interface eth9\n}\nstatic_ipaddress {\n10.0.0.7/24\n}\n');
  assert.equal(lacking.testStatus, 4);
});
