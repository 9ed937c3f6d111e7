import type { Statement, ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';

/** A change of priority, and whether its sense is inverted. */
export interface Weight {
  readonly weight: number;
  readonly reverse?: true;
}

interface Wording {
  readonly maximum: number;
  /** The complaint about a bad number. */
  invalid(word: string, name: string): string;
  unknownOption(option: string, name: string): string;
  /** The words after a bad number are looked at too. */
  readonly readOn?: true;
  /** Set when a number out of range counts all the same. */
  readonly keepOutOfRange?: true;
  /** Looked at before the number; a complaint refuses the line. */
  refuse?(statement: Statement): string | undefined;
}

/** `weight` of an item that instances track. */
export function weightValue({
  maximum,
  invalid,
  unknownOption,
  readOn,
  keepOutOfRange,
  refuse,
}: Wording): ValueKind<Weight> {
  const syntax = `a whole number from -${maximum} to ${maximum}, then optionally reverse`;
  return {
    syntax,
    words: { reverse: 'the sense is inverted' },
    example: '-20',
    read(statement) {
      const { words, scope } = statement;
      const refusal = refuse?.(statement);
      if (refusal !== undefined) {
        return statement.refuse(refusal, 0, syntax);
      }
      const [, word, option] = words;
      if (word === undefined) return statement.missing(1);
      let weight = readIntegerText(word, statement, 1, -maximum, maximum, 'lenient', syntax);
      if (weight === undefined) {
        statement.report('general-error', invalid(word, scope.name), 1, syntax);
        if (keepOutOfRange && /^[+-]?\d+$/.test(word)) weight = Number(word);
        else if (!readOn) return undefined;
      }
      if (option !== undefined && option !== 'reverse') {
        statement.report('general-error', unknownOption(option, scope.name), 2, syntax);
      }
      return weight === undefined ? undefined : { weight, ...(option === 'reverse' && { reverse: true as const }) };
    },
    print: ({ weight, reverse }) => `${weight}${reverse ? ' reverse' : ''}`,
  };
}
