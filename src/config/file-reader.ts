import { hasUnicodeBlank, normaliseBlanks, stripComment } from './comments.ts';
import type { FileProblem } from './environment.ts';
import { type Report, reportAt } from './source-line.ts';

/** A physical line holds at most this many bytes; the rest of a longer one is read as a line of its own. */
const maximumLineBytes = 1022;

/** Physical lines of a file one by one; `number` is that of the line last given, from 1. */
export interface LineReader {
  next(): string | undefined;
  readonly number: number;
}

/** Reads physical lines, with their line ends, NULs and foreign blanks dealt with. */
export function lineReader(content: string, file: string, report: Report): LineReader {
  const text = content.startsWith('\ufeff') ? content.slice(1) : content;
  const foreignBlanks = hasUnicodeBlank(text);
  let warned = false;
  let start = 0;
  let number = 0;
  let rest: string[] = [];

  const nextRaw = (): string | undefined => {
    if (start >= text.length) return undefined;
    const newline = text.indexOf('\n', start);
    let end = newline === -1 ? text.length : newline;
    const after = end + 1;
    while (end > start && text.charCodeAt(end - 1) === carriageReturn) end--;
    const raw = text.slice(start, end);
    start = after;
    return raw;
  };

  const warnOnce = (raw: string): void => {
    if (warned || !hasMeaningfulForeignBlank(raw)) return;
    warned = true;
    const message = 'Unicode blanks (such as no-break spaces) in this file are read as spaces';
    reportAt(report, { file, line: number }, 'warning', message);
  };

  const take = (): string | undefined => {
    if (rest.length > 0) return rest.shift();
    const raw = nextRaw();
    if (raw === undefined || raw.length <= maximumLineBytes / 3) return raw;
    const [first, ...others] = cut(raw);
    rest = others;
    if (others.length > 0) {
      const message = `Line is longer than ${maximumLineBytes} bytes`;
      reportAt(report, { file, line: number + 1 }, 'general-error', message);
    }
    return first;
  };

  return {
    get number() {
      return number;
    },
    next() {
      for (let raw = take(); raw !== undefined; raw = take()) {
        number++;
        if (raw.includes('\0')) {
          reportAt(report, { file, line: number }, 'general-error', 'Line contains a NUL character - ignoring');
          continue;
        }
        if (!foreignBlanks) return raw;
        warnOnce(raw);
        return normaliseBlanks(raw);
      }
      return undefined;
    },
  };
}

const carriageReturn = 13;

/** In a comment nobody minds them. */
function hasMeaningfulForeignBlank(raw: string): boolean {
  const { text } = stripComment(raw);
  return text !== normaliseBlanks(text);
}

function cut(line: string): string[] {
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= maximumLineBytes) return [line];
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += maximumLineBytes) {
    parts.push(new TextDecoder().decode(bytes.subarray(i, i + maximumLineBytes)));
  }
  return parts;
}

/** keepalived's words for a file it will not read. */
export function fileProblemMessage(problem: FileProblem, path: string): string {
  switch (problem) {
    case 'missing':
      return `Config files missing '${path}'.`;
    case 'directory':
      return `Configuration file '${path}/' is a directory - skipping`;
    case 'not-regular':
      return `Configuration file '${path}' is not a regular non-executable file - skipping`;
    case 'unreadable':
      return `Unable to read configuration file ${path}`;
  }
}
