import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import {
  compareOids,
  findVariable,
  isKnownObject,
  nextVariable,
  scalars,
  type SnmpTable,
  snmpTable,
  sortTables,
} from '../../../../src/report/snmp/tree.ts';
import { gauge, integer, type Oid } from '../../../../src/report/snmp/values.ts';

const index = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 });
const cells = fc.array(fc.option(fc.nat({ max: 9 })), { minLength: 3, maxLength: 3 });
const rows = fc.array(fc.record({ index, row: cells }), { maxLength: 6 });

/** Scalars around two tables, some of whose cells are absent. */
const trees = fc.tuple(rows, rows).map(([first, second]) => {
  const column = (at: number) => (row: readonly (number | null)[]) => {
    const value = row[at];
    return value === null || value === undefined ? undefined : integer(value);
  };
  const columns = { 1: column(0), 2: column(1), 4: column(2) };
  return sortTables([
    snmpTable([1, 3, 1], columns, second),
    snmpTable([1, 2, 2, 1], columns, first),
    ...scalars([1, 2], { 1: integer(1), 3: integer(3) }),
  ]);
});

function everything(tables: readonly SnmpTable[]): Oid[] {
  return tables
    .flatMap(({ entry, columns, rows: indices, cell }) =>
      columns.flatMap((column) => indices.flatMap((row, at) => (cell(column, at) ? [[...entry, column, ...row]] : []))),
    )
    .sort(compareOids);
}

it('a walk meets every variable once, in order', () => {
  fc.assert(
    fc.property(trees, (tables) => {
      const met: Oid[] = [];
      for (let at = nextVariable(tables, [], []); at !== undefined; at = nextVariable(tables, at.oid, [])) {
        met.push(at.oid);
      }
      assert.deepEqual(met, everything(tables));
    }),
  );
});

it('a walk may begin anywhere and ends before its limit, and what it names can be asked for', () => {
  const oid = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(trees, oid, oid, (tables, start, end) => {
      const found = nextVariable(tables, start, end);
      const expected = everything(tables).find((each) => compareOids(each, start) > 0);
      const within = expected && compareOids(expected, end) < 0 ? expected : undefined;
      assert.deepEqual(found?.oid, within);
      if (found) assert.deepEqual(findVariable(tables, found.oid), found);
    }),
  );
});

it('tells a row that is not there from a column that is not there', () => {
  const tables = sortTables([snmpTable([1, 1], { 2: integer }, [{ index: [7], row: 5 }])]);
  assert.equal(findVariable(tables, [1, 1, 2, 8]), undefined);
  assert.equal(isKnownObject(tables, [1, 1, 2, 8]), true);
  assert.equal(isKnownObject(tables, [1, 1, 3, 7]), false);
  assert.equal(findVariable(tables, [1, 1, 2]), undefined);
});

it('a number that its type has no room for is shown as the nearest that has', () => {
  assert.deepEqual(
    [integer(2 ** 32 - 1), integer(-(2 ** 40)), gauge(2 ** 40)],
    [
      ['integer', 2 ** 31 - 1],
      ['integer', -(2 ** 31)],
      ['gauge', 2 ** 32 - 1],
    ],
  );
});
