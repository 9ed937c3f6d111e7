// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to macros look like this.
import { err, ok, type Result } from '../lib/result.ts';
import type { Definition, Place } from './source-line.ts';

/** A line of a macro's value and where it stands. */
export interface MacroLine {
  readonly text: string;
  /** Absent for built-in macros and the variables of repetitions, whose value stands nowhere. */
  readonly place?: Place;
}

/** `$NAME=text` definitions; a value of several lines was written with a trailing backslash. */
export type Macros = Map<string, readonly MacroLine[]>;

export interface MacroSurroundings {
  readonly macros: Macros;
  readonly directory: string;
  readonly configId: string;
  variable(name: string): string | undefined;
  random(): number;
}

export interface Expanded {
  /** The line up to its end or, if it ends in a macro of several lines, up to and including that macro's first line. */
  readonly text: string;
  readonly furtherLines: readonly { readonly text: string; readonly definition?: Definition }[];
  readonly complaints: readonly string[];
  /** The first macro that gave the line text of its own. */
  readonly definition?: Definition;
}

const reference = /\$(?:([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$)|\{([A-Za-z_][A-Za-z0-9_]*)((?:[ \t]+[A-Za-z0-9_]+)*)\})/g;

/** Enough for any real use, and the end of a macro that stands for itself. */
const maximumReplacements = 1000;
const maximumLength = 1 << 16;

/**
 * Replaces macro references, starting again at the beginning of each inserted text so that values may use other
 * macros. Unknown names stay as they are. The error is the name of a macro that never stops growing.
 */
export function expandMacros(line: string, surroundings: MacroSurroundings): Result<Expanded, string> {
  const complaints: string[] = [];
  let text = line;
  let from = 0;
  let definition: Definition | undefined;
  for (let replaced = 0; ; ) {
    reference.lastIndex = from;
    const match = reference.exec(text);
    if (!match) return ok({ text, furtherLines: [], complaints, ...named(definition) });
    const name = (match[1] ?? match[2]) as string;
    const lines = macroValue(name, words(match[3]), surroundings, complaints);
    const end = match.index + match[0].length;
    const isLast = text.slice(end).trim() === '';
    if (!lines || (lines.length > 1 && !isLast)) {
      from = match.index + 1;
      continue;
    }
    const [first, ...further] = lines;
    text = text.slice(0, match.index) + (first?.text ?? '') + text.slice(end);
    definition ??= definitionOf(name, first);
    from = match.index;
    if (++replaced > maximumReplacements || text.length > maximumLength) return err(name);
    if (lines.length > 1) {
      const rest = expandMacros(text.slice(from), surroundings);
      if (!rest.ok) return rest;
      const own = further.map((line) => ({ text: line.text, ...named(definitionOf(name, line)) }));
      const furtherLines = [...rest.value.furtherLines, ...own];
      return ok({ text: text.slice(0, from) + rest.value.text, furtherLines, complaints, ...named(definition) });
    }
  }
}

function definitionOf(name: string, line: MacroLine | undefined): Definition | undefined {
  return line?.place && { name, ...line.place };
}

function named(definition: Definition | undefined): { definition?: Definition } {
  return definition ? { definition } : {};
}

function words(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : text.trim().split(/[ \t]+/);
}

function macroValue(
  name: string,
  parameters: readonly string[],
  surroundings: MacroSurroundings,
  complaints: string[],
): readonly MacroLine[] | undefined {
  const defined = surroundings.macros.get(name);
  if (defined) return parameters.length === 0 ? defined : undefined;
  const builtIn = builtIns.get(name);
  if (!builtIn) return undefined;
  const value = builtIn(parameters, surroundings, complaints);
  return value === undefined ? undefined : [{ text: value }];
}

type BuiltIn = (
  parameters: readonly string[],
  surroundings: MacroSurroundings,
  complaints: string[],
) => string | undefined;

const builtIns: ReadonlyMap<string, BuiltIn> = new Map([
  ['_PWD', plain((surroundings) => surroundings.directory)],
  ['_INSTANCE', plain((surroundings) => surroundings.configId)],
  ['_HASH', plain(() => '#')],
  ['_BANG', plain(() => '!')],
  ['_ENV', environmentVariable],
  ['_RANDOM', randomNumber],
]);

function plain(value: (surroundings: MacroSurroundings) => string): BuiltIn {
  return (parameters, surroundings, complaints) => {
    if (parameters.length === 0) return value(surroundings);
    complaints.push('too many parameters for a built-in definition');
    return undefined;
  };
}

function environmentVariable(
  parameters: readonly string[],
  surroundings: MacroSurroundings,
  complaints: string[],
): string | undefined {
  if (parameters.length === 1) return surroundings.variable(parameters[0] as string) ?? '';
  complaints.push('${_ENV} takes exactly one parameter');
  return undefined;
}

function randomNumber(
  parameters: readonly string[],
  surroundings: MacroSurroundings,
  complaints: string[],
): string | undefined {
  if (parameters.length > 2 || parameters.some((parameter) => !/^\d{1,15}$/.test(parameter))) {
    complaints.push('${_RANDOM} takes at most two numbers');
    return undefined;
  }
  const minimum = Number(parameters[0] ?? 0);
  const maximum = Number(parameters[1] ?? 32767);
  if (minimum > maximum) {
    complaints.push(`\${_RANDOM} minimum ${minimum} is greater than maximum ${maximum}`);
    return String(minimum);
  }
  return String(minimum + Math.floor(surroundings.random() * (maximum - minimum + 1)));
}
