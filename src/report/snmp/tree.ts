import { type Cell, type Oid, type SnmpVariable, variable } from './values.ts';

/** A table, or a scalar as a table of one row. Values are made when they are asked for. */
export interface SnmpTable {
  /** Identifier of its entry; column and index of the row follow it. */
  readonly entry: Oid;
  /** In ascending order. */
  readonly columns: readonly number[];
  /** Indices of the rows, in ascending order. */
  readonly rows: readonly Oid[];
  /** `row`: its place in `rows`. Undefined where this row has no such column. */
  cell(column: number, row: number): Cell | undefined;
}

/** How each column of a row is made. */
export type Columns<Row> = Readonly<Record<number, (row: Row) => Cell | undefined>>;

export interface Indexed<Row> {
  readonly index: Oid;
  readonly row: Row;
}

/** Rows may come in any order; of several with the same index the first counts. */
export function snmpTable<Row>(entry: Oid, columns: Columns<Row>, rows: readonly Indexed<Row>[]): SnmpTable {
  const sorted = [...rows].sort((a, b) => compareOids(a.index, b.index));
  const distinct = sorted.filter(({ index }, at) => at === 0 || compareOids(index, sorted[at - 1]!.index) !== 0);
  return {
    entry,
    columns: Object.keys(columns).map(Number),
    rows: distinct.map(({ index }) => index),
    cell: (column, row) => columns[column]?.(distinct[row]!.row),
  };
}

/** Rows numbered from 1, below `prefix`. */
export function numbered<Row>(rows: readonly Row[], prefix: Oid = []): Indexed<Row>[] {
  return rows.map((row, at) => ({ index: [...prefix, at + 1], row }));
}

/** Scalars below `group`, by number. */
export function scalars(group: Oid, cells: Readonly<Record<number, Cell | undefined>>): SnmpTable[] {
  return Object.entries(cells).flatMap(([column, cell]) =>
    cell === undefined ? [] : [{ entry: group, columns: [Number(column)], rows: [[0]], cell: () => cell }],
  );
}

/** RFC 2741, section 5.2: element by element, the shorter of two first. */
export function compareOids(a: Oid, b: Oid): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

/** In the order in which they are walked. No table lies within the columns of another. */
export function sortTables(tables: readonly SnmpTable[]): readonly SnmpTable[] {
  const start = ({ entry, columns }: SnmpTable): Oid => [...entry, columns[0] ?? 0];
  return tables.filter(({ rows }) => rows.length > 0).sort((a, b) => compareOids(start(a), start(b)));
}

/** The variable named `oid`. `tables` as {@link sortTables} leaves them. */
export function findVariable(tables: readonly SnmpTable[], oid: Oid): SnmpVariable | undefined {
  for (const table of tables) {
    if (!hasPrefix(oid, table.entry)) continue;
    const column = oid[table.entry.length];
    if (column === undefined || !table.columns.includes(column)) continue;
    const index = oid.slice(table.entry.length + 1);
    const row = firstNotBefore(table.rows, index);
    if (row === table.rows.length || compareOids(table.rows[row]!, index) !== 0) return undefined;
    const cell = table.cell(column, row);
    return cell && variable(oid, cell);
  }
  return undefined;
}

/** Whether `oid` names a column or scalar that there is, of whatever row. */
export function isKnownObject(tables: readonly SnmpTable[], oid: Oid): boolean {
  return tables.some(
    ({ entry, columns }) => hasPrefix(oid, entry) && columns.some((column) => column === oid[entry.length]),
  );
}

/** The first variable after `oid` and before `end`; an empty `end` is no limit. */
export function nextVariable(tables: readonly SnmpTable[], oid: Oid, end: Oid): SnmpVariable | undefined {
  for (const table of tables) {
    const found = nextIn(table, oid);
    if (found) return end.length > 0 && compareOids(found.oid, end) >= 0 ? undefined : found;
  }
  return undefined;
}

function nextIn(table: SnmpTable, oid: Oid): SnmpVariable | undefined {
  const { entry, columns, rows } = table;
  const within = hasPrefix(oid, entry);
  if (!within && compareOids(oid, entry) > 0) return undefined;
  const from = within ? (oid[entry.length] ?? 0) : 0;
  const after = oid.slice(entry.length + 1);
  for (const column of columns) {
    if (column < from) continue;
    const first = within && column === from && oid.length > entry.length ? firstAfter(rows, after) : 0;
    for (let row = first; row < rows.length; row++) {
      const cell = table.cell(column, row);
      if (cell) return variable([...entry, column, ...rows[row]!], cell);
    }
  }
  return undefined;
}

function hasPrefix(oid: Oid, prefix: Oid): boolean {
  return oid.length >= prefix.length && prefix.every((part, at) => oid[at] === part);
}

function firstAfter(rows: readonly Oid[], index: Oid): number {
  const row = firstNotBefore(rows, index);
  return row < rows.length && compareOids(rows[row]!, index) === 0 ? row + 1 : row;
}

function firstNotBefore(rows: readonly Oid[], index: Oid): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOids(rows[middle]!, index) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
