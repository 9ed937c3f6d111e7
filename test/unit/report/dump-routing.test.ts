import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeText } from '../../../src/report/dump-route.ts';
import { ruleText } from '../../../src/report/dump-rule.ts';
import { load } from '../config/loading.ts';

function shown(block: 'static_routes' | 'static_rules', line: string): string {
  const { config } = load(`${block} {\n${line}\n}\n`);
  const [route] = config?.staticRoutes ?? [];
  const [rule] = config?.staticRules ?? [];
  return route ? routeText(route) : rule ? ruleText(rule) : '';
}

/** Lines of a configuration, and what Debian's keepalived shows of them. */
const routes: readonly (readonly [string, string])[] = [
  ['10.1.0.0/16 dev eth0', 'prepend 10.1.0.0/16 dev eth0 proto 18'],
  [
    '10.2.0.0/16 via 10.0.0.9 dev eth0 src 10.0.0.1 metric 5 table 100 scope global tos 16 realms 3/4',
    'prepend 10.2.0.0/16 src 10.0.0.1 tos 16 via inet 10.0.0.9 dev eth0 table 100 proto 18 scope 0 metric 5 realms 3/4',
  ],
  [
    '10.3.0.0/16 via 10.0.0.9 or 10.0.0.8',
    'prepend 10.3.0.0/16 proto 18 nexthop via inet 10.0.0.9 nexthop via inet 10.0.0.8',
  ],
  [
    '10.5.0.0/16 dev eth0 mtu lock 1400 hoplimit 5 rtt 1.5 rttvar 1.5s rto_min 300 cwnd lock 5',
    'prepend 10.5.0.0/16 dev eth0 proto 18 rtt 200ms rttvar 1.5s rto_min 300ms mtu lock 1400 cwnd lock 5 hoplimit 5',
  ],
  [
    '10.7.0.0/16 dev eth0 encap ip id 5 dst 10.1.1.1 src 10.1.1.2 tos 16 ttl 5 flags 3',
    'prepend 10.7.0.0/16 encap ip id 5 dst 10.1.1.1 src 10.1.1.2 tos 16 ttl 5 flags 0x3 dev eth0 proto 18',
  ],
  ['unreachable 10.13.0.0/16 metric 0', 'prepend unreachable 10.13.0.0/16 proto 18 metric 0'],
  ['prohibit default table 200', 'prepend prohibit 0.0.0.0/0 table 200 proto 18'],
  ['unicast 10.8.0.0/16 dev eth0 no_track', 'prepend 10.8.0.0/16 dev eth0 no_track'],
  [
    '2001:db8:1::/48 dev eth0 metric 4 expires 3000 pref high',
    'prepend 2001:db8:1::/48 dev eth0 proto 18 metric 4 expires 3000sec pref high',
  ],
  ['default6 dev eth0', 'prepend ::/0 dev eth0 proto 18'],
];

const rules: readonly (readonly [string, string])[] = [
  ['from 10.0.0.0/8 table 100 preference 5', 'from 10.0.0.0/8 priority 5 tos 0x0 protocol 18 lookup 100'],
  [
    'from 10.1.0.0/16 to 10.2.0.0/16 table 300 preference 6 tos 16 fwmark 7/0xff realms 3/4 suppress_prefixlength 5 suppress_ifgroup 6',
    'from 10.1.0.0/16 to 10.2.0.0/16 priority 6 tos 0x10 fwmark 0x7/0xff suppress_prefixlen 5 suppress_ifgroup 6 protocol 18 realms 3/4 lookup 300',
  ],
  ['not from 10.1.1.1 blackhole preference 20', 'not from 10.1.1.1 priority 20 tos 0x0 protocol 18 type blackhole'],
  ['l3mdev preference 21', 'from all priority 21 tos 0x0 l3mdev protocol 18 lookup 0'],
  ['goto 100 preference 22', 'from all priority 22 tos 0x0 protocol 18 goto 100'],
  [
    'prohibit preference 101 ipproto tcp sport 5-6 dport 7-9',
    'from all priority 101 tos 0x0 protocol 18 ipproto 6 sport 5-6 dport 7-9 type prohibit',
  ],
  ['inet6 x unreachable', 'inet6 from all priority 16384 tos 0x0 protocol 18 type unreachable'],
  ['table 5 preference 32 protocol 5 no_track', 'from all priority 32 tos 0x0 protocol 5 lookup 5 no_track'],
];

test('routes as keepalived shows them', () => {
  for (const [line, text] of routes) assert.equal(shown('static_routes', line), text);
});

test('rules as keepalived shows them', () => {
  for (const [line, text] of rules) assert.equal(shown('static_rules', line), text);
});
