/** Values of SNMP, and the order they are walked in. */

/** The types of RFC 2578 that we use, by the numbers that AgentX has for them (RFC 2741, section 5.4). */
export const SNMP_TYPES = {
  integer: 2,
  octets: 4,
  oid: 6,
  ipAddress: 64,
  counter: 65,
  gauge: 66,
  ticks: 67,
  counter64: 70,
} as const;

export type SnmpType = keyof typeof SNMP_TYPES;

export interface SnmpVariable {
  readonly oid: readonly number[];
  readonly type: SnmpType;
  /** Octets as bytes or text, IPv4 addresses and object identifiers as text with dots. */
  readonly value: number | string | Uint8Array;
}

/** The columns of a table's row, by number. */
export type Columns = Readonly<Record<number, Cell | undefined>>;
export type Cell = readonly [SnmpType, SnmpVariable['value']];

/** The variables of one row; `table` is the identifier of its entry. */
export function tableRow(table: readonly number[], index: readonly number[], columns: Columns): SnmpVariable[] {
  return Object.entries(columns).flatMap(([column, cell]) =>
    cell === undefined ? [] : [{ oid: [...table, Number(column), ...index], type: cell[0], value: cell[1] }],
  );
}

export function scalar(object: readonly number[], type: SnmpType, value: SnmpVariable['value']): SnmpVariable {
  return { oid: [...object, 0], type, value };
}

/** RFC 2741, section 5.2: element by element, the shorter of two first. */
export function compareOids(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

export function sortVariables(variables: readonly SnmpVariable[]): readonly SnmpVariable[] {
  return [...variables].sort((a, b) => compareOids(a.oid, b.oid));
}

export function findVariable(sorted: readonly SnmpVariable[], oid: readonly number[]): SnmpVariable | undefined {
  const found = sorted[firstNotBefore(sorted, oid)];
  return found !== undefined && compareOids(found.oid, oid) === 0 ? found : undefined;
}

/** The first variable after `oid` and before `end`; an empty `end` is no limit. */
export function nextVariable(
  sorted: readonly SnmpVariable[],
  oid: readonly number[],
  end: readonly number[],
): SnmpVariable | undefined {
  let at = firstNotBefore(sorted, oid);
  if (sorted[at] !== undefined && compareOids(sorted[at]!.oid, oid) === 0) at++;
  const found = sorted[at];
  if (found === undefined || (end.length > 0 && compareOids(found.oid, end) >= 0)) return undefined;
  return found;
}

function firstNotBefore(sorted: readonly SnmpVariable[], oid: readonly number[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOids(sorted[middle]!.oid, oid) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
