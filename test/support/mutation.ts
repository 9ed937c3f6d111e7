// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to macros look like this.
import { Random } from '../fakes/random.ts';

/** Numbers from 0 up to but not including `bound`. */
export type Pick = (bound: number) => number;

/** The same numbers for the same seed, so that whatever a seed finds can be played again. */
export function pickFrom(seed: number): Pick {
  const random = new Random(seed);
  return (bound) => Math.floor(random.fraction() * bound);
}

/** Words that upset parsers of words, numbers, addresses, names and commands. */
const words = [
  ...['', 'x', '0', '-1', '+5', '1.5', '0x10', '256', '65536', '4294967296', '99999999999999999999', '1e9', '.'],
  ...['on', 'off', 'True', 'MASTER', 'weight', 'reverse', 'dev', 'eth0', 'eth9', 'lo', 'a-name-of-more-than-sixteen'],
  ...['192.0.2.300', '192.0.2.1/33', '192.0.2.1-9', 'fe80::1', '::1/129', '0.0.0.0', 'ff02::12', '-', '/', '+'],
  ...[
    '{',
    '}',
    '"',
    '""',
    '"a',
    "'",
    '\\',
    '#',
    '!x',
    '\u00a0',
    '\u3000',
    '\u201cx\u201d',
    '\0',
    '\ufeff',
    '\u{1f600}',
  ],
  ...['$A', '${A}', '$A=$A', '${_PWD}', '${_RANDOM 5 1}', '${_ENV X Y}', '~SEQ(a, 3)', '@lb1', '@^lb1', '_HASH'],
];

/** Lines with a meaning of their own wherever they stand. */
const lines = [
  ...['{', '}', '} }', '{ {', '"', '@lb1', '@^lb1 }', '@lb1 {', 'include', 'include other.conf', 'includea /nosuch/*'],
  ...['include keepalived.conf', '$A=1', '$A=$B', '$B=x$A', '$A=\\', '$A \\', '$A', '${A}', '$A=$A', 'x = y'],
  ...['~SEQ(n, 0, 1000000000000) $n', '~SEQ(n, 5, -1, 0) priority $n', '~SEQ(n, 1, 0, 5) x', '~SEQx(n, 16) 10.0.0.$n'],
  ...['~LST(a, 1, 2) $a', '~LST({a,b}, {1,2}, {3}) $a $b', '~LST(a', '~SEQ(', '~X', 'vrrp_instance', 'real_server'],
  ...['vrrp_instance V {', 'virtual_server 192.0.2.1 80 {', 'global_defs {', 'TCP_CHECK {', 'url {', 'net_namespace x'],
  ...['dynamic_interfaces', 'script_user nobody', 'state', 'quorum_up', 'notify "', 'notify_master "/bin/x \\', '\\'],
];

type Change = (lines: string[], at: number, pick: Pick) => void;

function changeWords(change: (words: string[], at: number, pick: Pick) => void): Change {
  return (all, at, pick) => {
    const parts = (all[at] ?? '').split(' ');
    change(parts, pick(parts.length), pick);
    all[at] = parts.join(' ');
  };
}

const oneOf = (choices: readonly string[], pick: Pick): string => choices[pick(choices.length)] as string;

const changes: readonly Change[] = [
  (all, at) => void all.splice(at, 1),
  (all, at) => void all.splice(at, 0, all[at] as string),
  (all, at, pick) => void all.splice(at, 1 + pick(5)),
  (all, at, pick) => void all.splice(at, 0, oneOf(lines, pick)),
  (all, at, pick) => void all.splice(at, 0, ...all.slice(pick(all.length)).slice(0, pick(12))),
  (all, at, pick) => {
    const other = pick(all.length);
    [all[at], all[other]] = [all[other] as string, all[at] as string];
  },
  (all, at) => {
    all[at] = (all[at] as string).replace(/[{}]/, '');
  },
  (all, at) => void all.splice(at, 2, `${all[at]} ${all[at + 1] ?? ''}`),
  changeWords((parts, at) => void parts.splice(at, 1)),
  changeWords((parts, at, pick) => void parts.splice(at, 0, oneOf(words, pick))),
  changeWords((parts, at, pick) => void parts.splice(at, 1, oneOf(words, pick))),
  changeWords((parts, at, pick) => {
    const word = parts[at] as string;
    const cut = pick(word.length);
    parts[at] = word.slice(0, cut) + word.slice(cut + 1);
  }),
  changeWords((parts, at, pick) => {
    const word = parts[at] as string;
    const cut = pick(word.length + 1);
    parts[at] = word.slice(0, cut) + oneOf(words, pick) + word.slice(cut);
  }),
];

/** `text` with one to five changes that operators, editors and the devil make. */
export function mutate(text: string, pick: Pick): string {
  const all = text.split('\n');
  for (let count = 1 + pick(5); count > 0; count--) {
    if (all.length === 0) all.push('');
    (changes[pick(changes.length)] as Change)(all, pick(all.length), pick);
  }
  return all.join('\n');
}
