import { cNumber } from '../../grammar/c-numbers.ts';
import type { ConfigEnvironment } from './environment.ts';

/** A reader of iproute2's tables of names. Each table is read when it is first asked for. */
export function iprouteNames(
  environment: ConfigEnvironment,
): (table: string, directories: { readonly usr: string; readonly etc: string }) => ReadonlyMap<string, number> {
  const known = new Map<string, ReadonlyMap<string, number>>();
  return (table, { usr, etc }) => {
    const names = known.get(table) ?? readTable(environment, table, usr, etc);
    known.set(table, names);
    return names;
  };
}

/** The file of the machine or else that of the package, then those beside it; a name given twice means the last. */
function readTable(
  environment: ConfigEnvironment,
  table: string,
  usr: string,
  etc: string,
): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  const add = (path: string): boolean => {
    const text = environment.readFile(path);
    if (text.ok) addNames(names, text.value);
    return text.ok;
  };
  if (!add(`${etc}/${table}`)) add(`${usr}/${table}`);
  const local = environment.glob(`${etc}/${table}.d/*.conf`);
  const shadowed = new Set(local.map(lastName));
  for (const path of environment.glob(`${usr}/${table}.d/*.conf`)) if (!shadowed.has(lastName(path))) add(path);
  for (const path of local) add(path);
  return names;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function addNames(names: Map<string, number>, text: string): void {
  for (const line of text.split('\n')) {
    const [number, name] = line.replace(/#.*/, '').trim().split(/\s+/);
    const value = number === undefined || number === '' ? undefined : cNumber(number);
    if (name !== undefined && value !== undefined) names.set(name, Number(BigInt.asUintN(32, value)));
  }
}
