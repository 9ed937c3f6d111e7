import type { Diagnostic } from '../lib/diagnostic.ts';

/**
 * One complaint as a line of text. keepalived's own text comes first, so that scripts which look for it still find it;
 * column and expectation follow in brackets.
 */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, expected, message } = diagnostic;
  const place = line === undefined ? '' : file === undefined ? `(Line ${line}) ` : `(${file}: Line ${line}) `;
  const more = [column === undefined ? '' : `column ${column}`, expected === undefined ? '' : `expected ${expected}`];
  const detail = more.filter((text) => text !== '').join(', ');
  return `${place}${message}${detail === '' ? '' : ` [${detail}]`}`;
}
