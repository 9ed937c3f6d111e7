import { type Duration, inSeconds } from '../lib/duration.ts';
import type { ScriptCommand } from '../lib/script.ts';

/** Lines of a dump; what is undefined or false does not apply and is left out. */
export type DumpLines = readonly (string | undefined | false)[];

export function present(lines: DumpLines): string[] {
  return lines.filter((line): line is string => typeof line === 'string');
}

/** `label = value`, or nothing without a value. */
export function optional(label: string, value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${label} = ${value}`;
}

export function title(text: string): string {
  return `------< ${text} >------`;
}

/** Lines under their title, which is left out without any. */
export function section(name: string, lines: DumpLines): string[] {
  return lines.length === 0 ? [] : [title(name), ...present(lines)];
}

export function trueFalse(value: boolean): string {
  return value ? 'true' : 'false';
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** The words that there are, on one line. */
export function joined(words: DumpLines): string {
  return present(words).join(' ');
}

export function labelled(label: string, value: string | number | bigint | undefined): string | undefined {
  return value === undefined ? undefined : `${label} ${value}`;
}

export function onOff(value: boolean): string {
  return value ? 'ON' : 'OFF';
}

export function enabled(value: boolean): string {
  return value ? 'enabled' : 'disabled';
}

/** Whole seconds, as `%u` shows what was read as such. */
export function wholeSeconds(span: Duration): number {
  return Math.trunc(inSeconds(span));
}

/** Seconds as `%f` prints them. */
export function secondsFixed(span: Duration): string {
  return inSeconds(span).toFixed(6);
}

/** Seconds as `%g` prints them: six digits, and an exponent below 0.0001 and from 1000000 on. */
export function secondsShort(span: Duration): string {
  const value = inSeconds(span);
  const [digits, exponent] = value.toExponential(5).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)));
  return `${Number(digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/**
 * `LABEL script = 'word' 'word', uid:gid 0:0`, and the groups of its user if it has them; the file stands apart where the
 * program goes by another name.
 */
export function scriptLines(label: string, command: ScriptCommand | undefined): DumpLines {
  if (!command) return [];
  const other = fileOfOtherName(command);
  return [
    `${label} script = ${other === undefined ? '' : `${other}, params = `}${scriptText(command)}`,
    ...groupLines(command, 5),
  ];
}

/** The groups that a script or user has, `indent` blanks in. */
export function groupLines(
  { supplementaryGroups = [] }: Pick<ScriptCommand, 'supplementaryGroups'>,
  indent: number,
): DumpLines {
  const blanks = ' '.repeat(indent);
  return [
    supplementaryGroups.length > 0 && `${blanks}Supplementary groups:`,
    ...supplementaryGroups.map((group) => `${blanks}  ${group}`),
  ];
}

/** The words of a command in single quotes, the first with its links resolved, and whose rights it has. */
export function scriptText(command: ScriptCommand): string {
  return `${scriptWords(command)}, uid:gid ${command.uid}:${command.gid}`;
}

/** The words alone. */
export function scriptWords(command: ScriptCommand): string {
  const { argv, path } = command;
  const words = path === undefined || fileOfOtherName(command) !== undefined ? argv : [path, ...argv.slice(1)];
  return words.map((word) => `'${word}'`).join(' ');
}

/** The file of a command whose own name is a symbolic link to it. */
export function fileOfOtherName({ argv, path }: ScriptCommand): string | undefined {
  const lastName = (text: string) => text.slice(text.lastIndexOf('/') + 1);
  return path !== undefined && lastName(path) !== lastName(argv[0] ?? '') ? path : undefined;
}
