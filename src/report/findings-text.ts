import type { Finding, Severity } from './findings.ts';

const WIDTH = 100;

/**
 * Findings for people: place, severity and message; the line as it stands, with a caret under the word; what was
 * expected, what was probably meant, and what the keyword is for. `lineOf` gives a line of a file, counted from 1.
 */
export function printFindings(
  findings: readonly Finding[],
  lineOf: (file: string, line: number) => string | undefined,
): readonly string[] {
  return findings.flatMap((finding) => [...printFinding(finding, lineOf), '']);
}

function printFinding(finding: Finding, lineOf: (file: string, line: number) => string | undefined): string[] {
  const { file, line, column, severity, message, expected, hint, documentation } = finding;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const lines = [`${place === '' ? '' : `${place}: `}${severity}: ${message}`];
  const text = file !== undefined && line !== undefined ? lineOf(file, line) : undefined;
  const margin = ' '.repeat(String(line ?? '').length);
  if (text !== undefined) lines.push(...excerpt(text, line as number, margin, column, finding.length));
  for (const { message: what, file: name, line: number } of finding.related ?? []) {
    lines.push(` ${margin} = ${what} at ${name}:${number}`);
  }
  if (expected !== undefined) lines.push(` ${margin} = expected ${expected}`);
  if (hint !== undefined) lines.push(` ${margin} = ${hint}`);
  if (documentation !== undefined) lines.push(` ${margin} = ${documentation}`);
  return lines;
}

/** The line, cut to the screen around the word. */
function excerpt(text: string, line: number, margin: string, column: number | undefined, length = 1): string[] {
  const flat = text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\u00b7');
  const start = column !== undefined && column > WIDTH - 20 ? column - 20 : 0;
  const shown = flat.slice(start, start + WIDTH).trimEnd();
  const lines = [` ${line} | ${shown}`];
  if (column !== undefined) {
    const before = column - 1 - start;
    lines.push(` ${margin} | ${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(length, WIDTH - before)))}`);
  }
  return lines;
}

/** `2 errors, 1 warning and 3 pieces of advice` */
export function printCount(findings: readonly Finding[]): string {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const say = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
  const errors = say(count('error'), 'error', 'errors');
  const warnings = say(count('warning'), 'warning', 'warnings');
  return `${errors}, ${warnings} and ${say(count('advice'), 'piece of advice', 'pieces of advice')}`;
}
