import type { Election } from '../config/advice/pair.ts';
import type { WordPlace } from '../config/places.ts';
import type { Finding, RelatedPlace } from './findings.ts';

const levels = { error: 'error', warning: 'warning', advice: 'note' } as const;

/** Findings and elections as one JSON document. */
export function printFindingsJson(findings: readonly Finding[], elections: readonly Election[]): string {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const counts = { errors: count('error'), warnings: count('warning'), advice: count('advice') };
  return JSON.stringify({ ...counts, findings, elections }, undefined, 2);
}

/** Findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), as code hosts read it. */
export function printSarif(findings: readonly Finding[], version: string): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].map((id) => ({ id }));
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    level: levels[finding.severity],
    message: {
      text: [finding.message, finding.expected && `expected ${finding.expected}`, finding.hint]
        .filter(Boolean)
        .join('; '),
    },
    ...(finding.file !== undefined && { locations: [{ physicalLocation: locationOf(finding) }] }),
    ...(finding.related && { relatedLocations: finding.related.map(relatedLocation) }),
  }));
  const driver = { name: 'evenkeel', version, rules };
  const $schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return JSON.stringify({ $schema, version: '2.1.0', runs: [{ tool: { driver }, results }] }, undefined, 2);
}

function relatedLocation({ message, ...place }: RelatedPlace): object {
  return { message: { text: message }, physicalLocation: locationOf(place) };
}

function locationOf({ file, line, column, length }: Partial<WordPlace>): object {
  const artifactLocation = { uri: file === undefined ? file : encodeURI(file) };
  if (line === undefined) return { artifactLocation };
  const columns = column === undefined ? {} : { startColumn: column, endColumn: column + (length ?? 1) };
  return { artifactLocation, region: { startLine: line, ...columns } };
}
