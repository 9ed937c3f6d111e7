import fc from 'fast-check';

/*
 * Lines of routes and routing rules: every word, with values it takes, now and then with values it does not.
 */

const word = (name: string, ...values: string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...values).map((value) => `${name} ${value}`.trim());

const destination = fc.constantFrom(
  'default',
  '10.1.0.0/16',
  'to 10.2.3.4',
  'blackhole 10.3.0.0/16',
  '7 any',
  '2001:db8:1::/48',
  'default6',
  '0.0.0.0/0',
  '10.0.0.0/',
  'nonsense',
);

const encapsulation = fc.constantFrom(
  'encap ip id 5 dst 192.0.2.9 src 192.0.2.8 tos 16 ttl 5 flags 3',
  'encap ip6 id 7 dst 2001:db8::9 hoplimit 9 tc 0x20',
  'encap mpls 100/0x200',
  'encap ila 1:0:ffff:4',
  'encap ip ttl 5',
);

const nextHop = fc
  .tuple(
    fc.constantFrom('', 'via 192.0.2.1', 'via inet 192.0.2.2', 'via fe80::1'),
    fc.constantFrom('', 'dev eth1', 'weight 4', 'onlink realms 3/4 dev eth0'),
    fc.oneof({ weight: 3, arbitrary: fc.constant('') }, encapsulation),
  )
  .map((parts) => ['nexthop', ...parts].join(' '));

const routeWord = fc.oneof(
  word('dev', 'eth0', 'eth1'),
  word('via', '192.0.2.1', 'inet6 fe80::1', 'fe80::2'),
  word('src', '192.0.2.7', '2001:db8::7'),
  word('from', '2001:db8::/32', '10.0.0.0/8'),
  word('tos', '16', '0x20', 'x'),
  word('table', '100', 'local', '1000', '-1'),
  word('protocol', 'static', '18', '77'),
  word('scope', 'link', '17'),
  word('metric', '0', '1024', '4294967295'),
  word('expires', '300'),
  word('mtu', '1400', 'lock 1500'),
  word('rtt', '1.5s', 'lock 3000', '10ms', '961s'),
  word('rttvar', '300', '2sec'),
  word('rto_min', '60s', 'lock 250ms'),
  word('hoplimit', '64'),
  word('initcwnd', '10'),
  word('cwnd', 'lock 5'),
  word('features', 'ecn'),
  word('quickack', '1', '2'),
  word('congctl', 'cubic', 'lock reno', '"a b"'),
  word('realms', '3', '3/4', '0/5'),
  word('pref', 'low', '9'),
  word('ttl-propagate', 'enabled', 'disabled'),
  word('fastopen_no_cookie', '1'),
  word('', 'onlink', 'no_track', 'add', 'append', 'prepend', 'inet x', 'inet6 x', 'or 192.0.2.3', 'as to 192.0.2.4'),
  encapsulation,
);

const routeLine = fc
  .tuple(destination, fc.array(routeWord, { maxLength: 5 }), fc.array(nextHop, { maxLength: 2 }))
  .map(([start, words, hops]) => [start, ...words, ...hops].join(' '));

const action = fc.constantFrom(
  'table 100',
  'lookup main',
  'blackhole',
  'type unreachable',
  '8',
  'l3mdev',
  'goto 70000',
  'nop',
  '',
);

const ruleWord = fc.oneof(
  word('from', '10.0.0.0/8', 'any', '2001:db8::/32'),
  word('to', '10.1.0.0/16', 'default', 'default6'),
  word('preference', '5', '0x10', '4294967295'),
  word('tos', '16'),
  word('fwmark', '7', '0x7/0xff', '0/0', 'x'),
  word('realms', '3/4', '5'),
  word('suppress_prefixlength', '0', '24'),
  word('suppress_ifgroup', '3'),
  word('iif', 'eth0'),
  word('oif', 'eth1'),
  word('tunnel-id', '5', '18446744073709551615'),
  word('uidrange', '5-6', '5'),
  word('protocol', '18', '5'),
  word('ipproto', 'tcp', '47', 'x'),
  word('sport', '5-6', '7'),
  word('dport', '80-90'),
  word('', 'not', 'no_track', 'inet x', 'inet6 x'),
);

const ruleLine = fc
  .tuple(action, fc.array(ruleWord, { maxLength: 5 }))
  .map(([start, words]) => [start, ...words].filter((part) => part !== '').join(' ') || 'nop');

/** By the keyword of their block. */
export const routingLines: Readonly<Record<string, fc.Arbitrary<string>>> = {
  virtual_routes: routeLine,
  static_routes: routeLine,
  virtual_rules: ruleLine,
  static_rules: ruleLine,
};
