import { hasUnicodeBlank, normaliseBlanks, stripComment } from './comments.ts';
import type { FileProblem } from './environment.ts';
import { type Report, reportAt } from './source-line.ts';

/** A physical line holds at most this many bytes. */
const maximumLineBytes = 1022;
/** What keepalived reads at a time: a part of a line without its end is dropped, and only the last one remains. */
const readAtOnce = 1023;

/** Physical lines of a file one by one; `number` is that of the line last given, from 1. */
export interface LineReader {
  next(): string | undefined;
  readonly number: number;
  /** The line last given. */
  readonly line: string;
  /** Where it begins in the file, in characters. */
  readonly start: number;
  /** The text from there up to the end of the line last given, or so many characters of it. */
  textFrom(start: number, length?: number): string;
  /** Whether `text`, from the beginning of the line last given, is what the file goes on with. */
  continuesWith(text: string): boolean;
  /** Passes over the line last given and what follows, which is `text` of so many lines. */
  skip(text: string, lines: number): void;
}

/** Reads physical lines, with their line ends, NULs and foreign blanks dealt with. */
export function lineReader(content: string, file: string, report: Report): LineReader {
  const text = content.startsWith('\ufeff') ? content.slice(1) : content;
  const foreignBlanks = hasUnicodeBlank(text);
  let warned = false;
  const quotes = typographicQuote.test(text);
  let hinted = false;
  let start = 0;
  let number = 0;
  let given = '';
  let givenStart = 0;

  const nextRaw = (): string | undefined => {
    if (start >= text.length) return undefined;
    const newline = text.indexOf('\n', start);
    let end = newline === -1 ? text.length : newline;
    const after = end + 1;
    while (end > start && text.charCodeAt(end - 1) === carriageReturn) end--;
    const raw = text.slice(start, end);
    givenStart = start;
    start = after;
    return raw;
  };

  const warnOnce = (raw: string): void => {
    if (warned || !hasMeaningfulForeignBlank(raw)) return;
    warned = true;
    const message = 'Unicode blanks (such as no-break spaces) in this file are read as spaces';
    reportAt(report, { file, line: number }, 'warning', message);
  };

  const hintOnce = (raw: string): void => {
    const place = hinted ? -1 : stripComment(raw).text.search(typographicQuote);
    if (place === -1) return;
    hinted = true;
    const message = `Typographic quotes such as ${raw[place]} are letters like any other - write " instead`;
    report({ class: 'ok', logOnly: true, message, file, line: number, column: place + 1, length: 1 });
  };

  const take = (): string | undefined => {
    const raw = nextRaw();
    if (raw === undefined || raw.length <= maximumLineBytes / 3) return raw;
    const { dropped, rest } = cut(raw);
    for (let part = 0; part < dropped; part++) {
      const message = `Line is longer than ${maximumLineBytes} bytes - ignoring its beginning`;
      reportAt(report, { file, line: ++number }, 'general-error', message);
    }
    return rest;
  };

  return {
    get number() {
      return number;
    },
    get line() {
      return given;
    },
    get start() {
      return givenStart;
    },
    textFrom: (from, length) => text.slice(from, length === undefined ? start : from + length),
    continuesWith: (expected) => text.startsWith(expected, givenStart),
    skip(passed, lines) {
      start = givenStart + passed.length;
      number += lines - 1;
    },
    next() {
      for (let raw = take(); raw !== undefined; raw = take()) {
        number++;
        given = raw;
        if (raw.includes('\0')) {
          reportAt(report, { file, line: number }, 'general-error', 'Line contains a NUL character - ignoring');
          continue;
        }
        if (quotes) hintOnce(raw);
        if (!foreignBlanks) return raw;
        warnOnce(raw);
        return normaliseBlanks(raw);
      }
      return undefined;
    },
  };
}

const carriageReturn = 13;
const typographicQuote = /[\u2018-\u201f\u00ab\u00bb]/;

/** In a comment nobody minds them. */
function hasMeaningfulForeignBlank(raw: string): boolean {
  const { text } = stripComment(raw);
  return text !== normaliseBlanks(text);
}

/** The part of a line that is read, and how many are dropped before it; each counts as a line. */
function cut(line: string): { dropped: number; rest: string } {
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= maximumLineBytes) return { dropped: 0, rest: line };
  const dropped = Math.floor(bytes.length / readAtOnce);
  return { dropped, rest: new TextDecoder().decode(bytes.subarray(dropped * readAtOnce)) };
}

/** keepalived's words for a file it will not read. */
export function fileProblemMessage(problem: FileProblem, path: string): string {
  switch (problem) {
    case 'directory':
      return `Configuration file '${path}/' is a directory - skipping`;
    // The name was found: it is a link to nothing.
    case 'missing':
    case 'not-regular':
      return `Configuration file '${path}' is not a regular non-executable file - skipping`;
    case 'unreadable':
      return `Unable to read configuration file ${path}`;
  }
}
