import type { FileProblem } from './environment.ts';
import { hasUnicodeBlank, normaliseBlanks, stripComment } from './comments.ts';
import { type Report, reportAt } from './source-line.ts';

/** A physical line holds at most this many bytes; the rest of a longer one is read as a line of its own. */
const maximumLineBytes = 1022;

/** Physical lines of a file, with their line ends, NULs and foreign blanks dealt with. Numbers count from 1. */
export function* physicalLines(text: string, file: string, report: Report): Generator<readonly [string, number]> {
  let remaining = text.startsWith('\ufeff') ? text.slice(1) : text;
  const foreignBlanks = hasUnicodeBlank(remaining);
  if (remaining.endsWith('\n')) remaining = remaining.slice(0, -1);
  let warned = false;
  let number = 0;
  for (let start = 0; start <= remaining.length; ) {
    const newline = remaining.indexOf('\n', start);
    const end = newline === -1 ? remaining.length : newline;
    const raw = remaining.slice(start, end).replace(/\r+$/, '');
    start = end + 1;
    const line = foreignBlanks ? normaliseBlanks(raw) : raw;
    for (const part of cut(line)) {
      number++;
      if (part.includes('\0')) {
        reportAt(report, { file, line: number }, 'general-error', 'Line contains a NUL character - ignoring');
        continue;
      }
      if (part.length < line.length && part !== '' && line.startsWith(part)) {
        reportAt(report, { file, line: number }, 'general-error', `Line is longer than ${maximumLineBytes} bytes`);
      }
      if (!warned && line !== raw && hasMeaningfulForeignBlank(raw)) {
        warned = true;
        const message = 'Unicode blanks (such as no-break spaces) in this file are read as spaces';
        reportAt(report, { file, line: number }, 'warning', message);
      }
      yield [part, number];
    }
  }
}

/** In a comment nobody minds them. */
function hasMeaningfulForeignBlank(raw: string): boolean {
  const { text } = stripComment(raw);
  return text !== normaliseBlanks(text);
}

function cut(line: string): string[] {
  if (line.length <= maximumLineBytes / 3) return [line];
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
