import type { AgentRequest, Varbind } from '../../os/agentx.ts';
import { findVariable, isKnownObject, nextVariable, type SnmpTable } from '../../report/snmp/tree.ts';
import { parseOid, varbind } from './varbind.ts';

const NO_SUCH_OBJECT = 128;
const NO_SUCH_INSTANCE = 129;
const END_OF_VIEW = 130;

type Range = AgentRequest['ranges'][number];

/** RFC 2741, sections 7.2.3.1 to 7.2.3.3. */
export function answers(
  tables: readonly SnmpTable[],
  { kind, ranges, nonRepeaters, maximumRepetitions }: AgentRequest,
): Varbind[] {
  if (kind === 'get') return ranges.map(({ start }) => got(tables, start));
  if (kind === 'next') return ranges.map((range) => following(tables, range));
  const found = ranges.slice(0, nonRepeaters).map((range) => following(tables, range));
  let rest = ranges.slice(nonRepeaters);
  for (let round = 0; round < maximumRepetitions && rest.length > 0; round++) {
    const row = rest.map((range) => following(tables, range));
    found.push(...row);
    if (row.every(({ type }) => type === END_OF_VIEW)) break;
    rest = rest.map(({ end }, at) => ({ start: row[at]!.oid, end }));
  }
  return found;
}

function got(tables: readonly SnmpTable[], start: string | null): Varbind {
  const oid = parseOid(start);
  const variable = findVariable(tables, oid);
  if (variable) return varbind(variable);
  return { oid: start ?? '', type: isKnownObject(tables, oid) ? NO_SUCH_INSTANCE : NO_SUCH_OBJECT, value: null };
}

function following(tables: readonly SnmpTable[], { start, end }: Range): Varbind {
  const variable = nextVariable(tables, parseOid(start), parseOid(end));
  return variable ? varbind(variable) : { oid: start ?? '', type: END_OF_VIEW, value: null };
}
