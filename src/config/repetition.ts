import { err, ok, type Result } from '../lib/result.ts';

/** A `~SEQ` or `~LST` line: the text once for each binding of its variables. */
export interface Repetition {
  readonly bindings: Iterable<readonly (readonly [string, string])[]>;
  readonly text: string;
}

/** Why a line is not a repetition. The second complaint, if any, explains the first. */
export interface BadRepetition {
  readonly complaints: readonly string[];
}

const maximumNumberText = 62;

/** Lines that repetitions and macros may make in one reading: no honest configuration needs more. */
export const maximumGeneratedLines = 250_000;

const blanks = '[ \\t]*';

/** Reads `~SEQ(name, start, step, end) text`, `~SEQx(...)` or `~LST(...)`. `line` starts with `~SEQ` or `~LST`. */
export function parseRepetition(line: string): Result<Repetition, BadRepetition> {
  return line.startsWith('~SEQ') ? parseSequence(line) : parseList(line);
}

const sequence = new RegExp(`^~SEQ(x?)${blanks}\\(${blanks}([A-Za-z_][A-Za-z0-9_]*)${blanks},([^)]*)\\)[ \\t]*(.*)$`);

const opened = new RegExp(`^~SEQx?${blanks}\\(`);
const unreadable = 'Invalid ~SEQ definition';
const tooLong = '~SEQ parameter strings too long';

/** Without its end the list goes on and on. */
function misread(line: string): string {
  return line.includes(')') ? unreadable : tooLong;
}

function parseSequence(line: string): Result<Repetition, BadRepetition> {
  const invalid = `Invalid ~SEQ specification '${line}'`;
  const refuse = (why: string): Result<Repetition, BadRepetition> => err({ complaints: [`${why} '${line}'`, invalid] });
  const match = sequence.exec(line);
  if (!match) return opened.test(line) ? refuse(misread(line)) : err({ complaints: [invalid] });
  const [, hexadecimal, name, list, text] = match as unknown as [string, string, string, string, string];
  if (list.length > maximumNumberText) return refuse(tooLong);
  const numbers = list.split(',').map((word) => readLong(word.trim()));
  const known = numbers.filter((number) => number !== undefined);
  if (known.length !== numbers.length || known.length < 1 || known.length > 3) return refuse(unreadable);
  const { start, step, end } = bounds(known);
  if (hexadecimal === 'x' && (start < 0 || end < 0)) return refuse('~SEQx is only valid for positive numbers');
  if (step === 0 || (step > 0 ? start > end : start < end)) return refuse('Invalid ~SEQ values');
  if (Math.floor((end - start) / step) >= maximumGeneratedLines) {
    return refuse(`~SEQ of more than ${maximumGeneratedLines} values`);
  }
  return ok({ bindings: count(name, start, step, end, hexadecimal === 'x' ? 16 : 10), text });
}

function bounds(numbers: readonly number[]): { start: number; step: number; end: number } {
  if (numbers.length === 3) return { start: numbers[0] ?? 0, step: numbers[1] ?? 0, end: numbers[2] ?? 0 };
  if (numbers.length === 2) {
    const [start, end] = numbers as [number, number];
    return { start, step: end < start ? -1 : 1, end };
  }
  const end = numbers[0] as number;
  return { start: end < 0 ? -1 : 1, step: end < 1 ? -1 : 1, end };
}

function* count(
  name: string,
  start: number,
  step: number,
  end: number,
  base: number,
): Generator<readonly (readonly [string, string])[]> {
  for (let value = start; step > 0 ? value <= end : value >= end; value += step) yield [[name, value.toString(base)]];
}

/** strtol(3) with base 0. */
function readLong(word: string): number | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(word);
  if (!match) return undefined;
  const digits = match[2] as string;
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isSafeInteger(value) ? (match[1] === '-' ? -value : value) : undefined;
}

const listValue = '[^ \\t,)}]*';
const braceGroup = `\\{[^{}]*\\}`;
const betweenValues = /,(?![^{]*\})/;
const list = new RegExp(
  `^~LST${blanks}\\(${blanks}(${braceGroup}|[A-Za-z_][A-Za-z0-9_]*)${blanks}((?:,${blanks}(?:${braceGroup}|${listValue})${blanks})+)\\)[ \\t]*(.*)$`,
);

function parseList(line: string): Result<Repetition, BadRepetition> {
  const invalid = `Invalid ~LST specification '${line}'`;
  const match = list.exec(line);
  if (!match) return err({ complaints: [invalid] });
  const [, head, tail, text] = match as unknown as [string, string, string, string];
  const names = members(head);
  if (names.some((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) return err({ complaints: [invalid] });
  const values = tail
    .slice(1)
    .split(betweenValues)
    .map((value) => members(value.trim()));
  if (values.some((row) => row.length > names.length)) {
    return err({ complaints: [`~LST specification has too many values '${line}'`, invalid] });
  }
  return ok({ bindings: values.map((row) => names.map((name, i) => [name, row[i] ?? ''] as const)), text });
}

function members(group: string): string[] {
  return group.startsWith('{')
    ? group
        .slice(1, -1)
        .split(',')
        .map((word) => word.trim())
    : [group];
}
