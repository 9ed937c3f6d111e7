import { type ConfigReader, configReaders, type Diagnostic } from '../lib/diagnostic.ts';

/**
 * One complaint as a line of text. keepalived's own text comes first, so that scripts which look for it still find it;
 * column and expectation follow in brackets.
 */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, expected, message, logOnly } = diagnostic;
  // What keepalived only logs, without counting it, has no place.
  if (logOnly && diagnostic.class === 'ok') return message;
  const place = line === undefined ? '' : file === undefined ? `(Line ${line}) ` : `(${file}: Line ${line}) `;
  const more = [column === undefined ? '' : `column ${column}`, expected === undefined ? '' : `expected ${expected}`];
  const detail = more.filter((text) => text !== '').join(', ');
  return `${place}${message}${detail === '' ? '' : ` [${detail}]`}`;
}

/** What a reading of the configuration came upon. */
interface Found {
  readonly diagnostics: readonly Diagnostic[];
  /** The file to begin with, where there is one only: the parent does not name it. */
  readonly mainFile?: string;
}

/** The lines of one process, in the order in which it comes upon them. */
export function toldBy(reader: ConfigReader, { diagnostics, mainFile }: Found): string[] {
  return diagnostics.flatMap((diagnostic) => {
    const { readers = ['parent'], file, ...unnamed } = diagnostic;
    if (!readers.includes(reader)) return [];
    return [printDiagnostic(reader === 'parent' && file === mainFile ? unnamed : diagnostic)];
  });
}

/** The lines of one process after the other, as a configuration test shows them. */
export function toldByAll(found: Found): string[] {
  return configReaders.flatMap((reader) => toldBy(reader, found));
}

/** The lines that no process before `reader` has. */
export function toldFirstBy(reader: ConfigReader, { diagnostics, ...found }: Found): string[] {
  const first = diagnostics.filter(({ readers = ['parent'] }) => readers[0] === reader);
  return toldBy(reader, { ...found, diagnostics: first });
}
