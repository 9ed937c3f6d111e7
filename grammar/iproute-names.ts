import { cNumber } from './c-numbers.ts';
import type { Statement } from './keyword.ts';
import { globalSettings } from './scope.ts';

/** The tables of names that iproute2 keeps in files of these names. */
export type NameTable = 'rt_tables' | 'rt_dsfield' | 'rt_realms' | 'rt_protos' | 'group' | 'rt_scopes';

/** What is known without any file: linux/rtnetlink.h. */
const builtInNames: Readonly<Record<NameTable, ReadonlyMap<string, number>>> = {
  rt_tables: new Map([
    ['default', 253],
    ['main', 254],
    ['local', 255],
  ]),
  rt_protos: new Map([
    ['redirect', 1],
    ['kernel', 2],
    ['boot', 3],
    ['static', 4],
    ['gated', 8],
    ['ra', 9],
    ['mrt', 10],
    ['zebra', 11],
    ['bird', 12],
    ['dnrouted', 13],
    ['xorp', 14],
    ['ntk', 15],
    ['dhcp', 16],
    ['babel', 42],
  ]),
  rt_scopes: new Map([
    ['global', 0],
    ['site', 200],
    ['link', 253],
    ['host', 254],
    ['nowhere', 255],
  ]),
  rt_dsfield: new Map(),
  rt_realms: new Map(),
  group: new Map(),
};

const maximum: Readonly<Record<NameTable, bigint>> = {
  rt_tables: 2n ** 64n,
  rt_protos: 255n,
  rt_scopes: 255n,
  rt_dsfield: 255n,
  rt_realms: 255n,
  group: 0x7fff_ffffn,
};

const defaultUsrDirectory = '/usr/share/iproute2';
const defaultEtcDirectory = '/etc/iproute2';

/** The number a word stands for in a table: itself, or by name. Tables of 32 bits wrap around. */
export function iprouteNumber(statement: Statement, table: NameTable, word: string): number | undefined {
  const number = cNumber(word);
  if (number !== undefined) {
    return number <= maximum[table] ? Number(BigInt.asUintN(32, number)) : undefined;
  }
  const named = namesOf(statement, table).get(word) ?? builtInNames[table].get(word);
  return named !== undefined && named <= maximum[table] ? named : undefined;
}

function namesOf(statement: Statement, table: NameTable): ReadonlyMap<string, number> {
  const { iproute_usr_dir: usr, iproute_etc_dir: etc } = globalSettings(statement.scope);
  return statement.surroundings.iprouteNames(table, {
    usr: typeof usr === 'string' ? usr : defaultUsrDirectory,
    etc: typeof etc === 'string' ? etc : defaultEtcDirectory,
  });
}

/** `[FROM/]TO`, each a number to 255 or a name: RTA_FLOW. */
export function readRealms(statement: Statement, word: string): number | undefined {
  const parts = word.split('/');
  if (parts.length > 2 || parts.includes('')) return undefined;
  const numbers = parts.map((part) => iprouteNumber(statement, 'rt_realms', part));
  const [first, second] = numbers;
  if (first === undefined || numbers.includes(undefined)) return undefined;
  return second === undefined ? first : first * 0x10000 + second;
}

export function printRealms(realms: number): string {
  return realms > 0xffff ? `${realms >>> 16}/${realms & 0xffff}` : `${realms}`;
}
