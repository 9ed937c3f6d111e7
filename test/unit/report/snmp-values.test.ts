import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compareOids, findVariable, nextVariable, sortVariables } from '../../../src/report/snmp-values.ts';

const oid = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 });
const variables = fc
  .uniqueArray(oid, { selector: String })
  .map((oids) => sortVariables(oids.map((each) => ({ oid: each, type: 'integer', value: 1 }) as const)));

it('a walk meets every variable once, in order', () => {
  fc.assert(
    fc.property(variables, (all) => {
      const met = [];
      for (let at = nextVariable(all, [], []); at !== undefined; at = nextVariable(all, at.oid, [])) met.push(at);
      assert.deepEqual(met, all);
    }),
  );
});

it('a walk ends before its limit, and what it names can be asked for', () => {
  fc.assert(
    fc.property(variables, oid, oid, (all, start, end) => {
      const found = nextVariable(all, start, end);
      assert.equal(
        found,
        all.find((each) => compareOids(each.oid, start) > 0 && compareOids(each.oid, end) < 0),
      );
      if (found) assert.equal(findVariable(all, found.oid), found);
    }),
  );
});
