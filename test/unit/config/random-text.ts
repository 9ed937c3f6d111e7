import fc from 'fast-check';
import { root } from '../../../grammar/blocks/root.ts';
import type { Block, Leaf, Rows } from '../../../grammar/keyword.ts';
import { routingLines } from './random-routing.ts';

/*
 * Configurations made from the keyword tables: every keyword, with words that its value kind takes, now and then with
 * words that it does not.
 */

type AnyBlock = Block<object, Rows>;

const ipv4 = fc.constantFrom('192.0.2.7', '10.0.0.1', '198.51.100.200');
const ipv6 = fc.constantFrom('2001:db8::7', 'fe80::1', 'fd00::a:0:1');
const address = fc.oneof({ weight: 4, arbitrary: ipv4 }, ipv6);
const port = fc.constantFrom('80', '443', '0');
const name = fc.constantFrom('alpha', 'beta', '"a b"', 'c#d', '"e#f"', 'www.example.com', '""');
const script = fc.constantFrom(
  '/bin/true',
  '"/bin/echo one two"',
  `"/bin/echo 'one two' a\\ b \\x41\\"" root`,
  '/nosuch/x',
  '"/bin/x $HOME {" nobody root',
);

const addressLine = fc
  .tuple(
    address,
    fc.constantFrom('', '/24', '/32', '/64', '/128'),
    fc.subarray([
      'dev eth1',
      'scope link',
      'scope 17',
      'brd +',
      'brd 192.0.2.255',
      'label eth0:x',
      'peer 192.0.2.99',
      'home',
      '-nodad',
      'noprefixroute',
      'no_track',
      'preferred_lft 30',
      'preferred_lft forever',
    ]),
  )
  .map(([start, prefix, words]) => [start + prefix, ...words].join(' '));

/** Words for keywords whose value kind has a syntax of its own. */
const byKeyword: Readonly<Record<string, fc.Arbitrary<string>>> = {
  interface: fc.constantFrom('eth0', 'eth1'),
  smtp_server: fc.constantFrom('192.0.2.25', '192.0.2.25 2525', 'mail.example.com'),
  lvs_timeouts: fc.constantFrom('tcp 5', 'tcp 5 udp 7', 'tcpfin 9 tcp 1'),
  umask: fc.constantFrom('022', '0x1f', 'IRGRP|IWOTH'),
  script_user: fc.constantFrom('root', 'nobody root'),
  persistence_granularity: fc.constantFrom('255.255.255.0', '64'),
  sorry_server: fc.tuple(address, port).map((words) => words.join(' ')),
  status_code: fc.constantFrom('200', '200-299 404'),
  digest: fc.constant('9b3a0c85a887a256d6939da88aabd8cd'),
  vrrp_mcast_group4: fc.constantFrom('224.0.0.18', '239.1.1.1'),
  vrrp_mcast_group6: fc.constantFrom('ff02::12', 'ff02::99'),
};

function wordsOf(keyword: string, row: Leaf<unknown>): fc.Arbitrary<string> {
  const { syntax } = row.value;
  const known = byKeyword[keyword];
  if (known) return known;
  const range = /^(?:a whole number|whole seconds|seconds) from (-?[\d.]+) to ([\d.]+)/.exec(syntax);
  if (range) return numbers(Number(range[1]), Number(range[2]), syntax.startsWith('seconds'));
  if (syntax.startsWith('no words')) return fc.constant('');
  if (syntax.startsWith('on, true')) return fc.constantFrom('', 'on', 'off', 'true', 'no');
  if (syntax.includes('a command in double quotes')) return script;
  if (/^[\w.]+(, [\w.]+)* or [\w.]+$/.test(syntax)) {
    return fc.constantFrom(...syntax.split(/, | or /).map((word) => (word === 'nothing' ? '' : word)));
  }
  return syntax.includes('address') ? address : name;
}

function numbers(minimum: number, maximum: number, decimal: boolean): fc.Arbitrary<string> {
  const near = fc.integer({ min: Math.ceil(minimum), max: Math.min(maximum, Math.ceil(minimum) + 300) }).map(String);
  const edges = fc.constantFrom(String(minimum), String(Math.floor(maximum)));
  const fractions = fc.constantFrom('1.5', '0.03', '2.123456', '12.0');
  return decimal ? fc.oneof(near, edges, fractions) : fc.oneof(near, edges);
}

const headers: Readonly<Record<string, fc.Arbitrary<string>>> = {
  vrrp_instance: fc.constantFrom('VI_1', 'VI_2', 'VI_3', '"V I"'),
  virtual_server: fc.oneof(
    fc.tuple(address, port).map((words) => words.join(' ')),
    fc.integer({ min: 1, max: 9 }).map((mark) => `fwmark ${mark}`),
  ),
  real_server: fc.tuple(address, port).map((words) => words.join(' ')),
};

/** What makes a block likely to survive its checks. */
const foundations: Readonly<Record<string, fc.Arbitrary<string>>> = {
  vrrp_instance: fc
    .tuple(fc.integer({ min: 1, max: 255 }), ipv4)
    .map(([id, vip]) => `interface eth0\nvirtual_router_id ${id}\nvirtual_ipaddress {\n${vip}\n}\n`),
  virtual_server: fc.constant('lb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 192.0.2.50 80 {\n}\n'),
  url: fc.constant('path /\n'),
};

function statements(keyword: string, table: AnyBlock): fc.Arbitrary<string> {
  const choices = Object.entries(table.rows).map(([word, row]): fc.Arbitrary<string> => {
    if (row.kind === 'alias') return fc.constant('');
    if (row.kind === 'leaf') return wordsOf(word, row).map((words) => `${word} ${words}\n`);
    if (row.kind === 'list') {
      const entry = word === 'notification_email' ? name : (routingLines[word] ?? addressLine);
      return fc.array(entry, { minLength: 1, maxLength: 3 }).map((lines) => `${word} {\n${lines.join('\n')}\n}\n`);
    }
    return blockText(word, row as AnyBlock);
  });
  const start = foundations[keyword] ?? fc.constant('');
  return fc
    .tuple(start, fc.array(fc.oneof(...choices), { maxLength: 12 }))
    .map(([first, lines]) => first + lines.join(''));
}

function blockText(keyword: string, table: AnyBlock): fc.Arbitrary<string> {
  const header = headers[keyword] ?? fc.constant('');
  return fc
    .tuple(header, statements(keyword, table))
    .map(([words, contents]) => `${keyword} ${words} {\n${contents}}\n`);
}

/** A configuration that may hold any keyword of any table. */
export const configurationText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: blockText('vrrp_instance', root.rows.vrrp_instance as unknown as AnyBlock) },
      { weight: 2, arbitrary: blockText('virtual_server', root.rows.virtual_server as unknown as AnyBlock) },
      { weight: 2, arbitrary: blockText('global_defs', root.rows.global_defs as unknown as AnyBlock) },
      statements('', root as unknown as AnyBlock),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

/** The same with pieces cut out, doubled or replaced by what upsets parsers. */
export const damagedText: fc.Arbitrary<string> = fc
  .tuple(
    configurationText,
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 20 }),
        fc.constantFrom(
          '',
          '{',
          '}',
          '"',
          "'",
          '\\',
          '\n',
          '$A=$A\n$A ',
          '~SEQ(X, 1, 9) ',
          '@lb1 ',
          'include *\n',
          '\0',
          '#',
          '${',
          '\u3000',
        ),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([text, damages]) =>
    damages.reduce((damaged, [where, length, insertion]) => {
      const at = Math.floor(where * damaged.length);
      return damaged.slice(0, at) + insertion + damaged.slice(at + length);
    }, text),
  );
