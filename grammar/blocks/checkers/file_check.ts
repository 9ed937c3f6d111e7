import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { readIntegerText } from '../../numbers.ts';
import { definedBefore } from '../../scope.ts';
import { quote } from '../../values.ts';

const maximumWeight = 0x7fffffff;

const trackFile: ValueKind<string> = {
  syntax: 'the name of a track_file defined before',
  example: 'load',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    if (definedBefore(statement.scope, 'track_file', word)) return word;
    return statement.refuse(`track_file ${word} not found`, 1, this.syntax);
  },
  print: quote,
};

export interface FileWeight {
  readonly weight: number;
  readonly reverse: boolean;
}

const weight: ValueKind<FileWeight> = {
  syntax: 'a whole number from -2147483647 to 2147483647, then optionally reverse or noreverse',
  example: '10',
  read(statement) {
    const [, word, option] = statement.words;
    if (word === undefined) {
      return statement.refuse('track file weight missing', 0, this.syntax);
    }
    const value = readIntegerText(word, statement, 1, -maximumWeight, maximumWeight);
    if (value === undefined) {
      const message = 'weight for track file must be in [-2147483647..2147483647] inclusive. Ignoring...';
      return statement.refuse(message, 1, this.syntax);
    }
    if (option === undefined || option === 'reverse' || option === 'noreverse') {
      return { weight: value, reverse: option === 'reverse' };
    }
    return statement.refuse(`unknown track file weight option ${option} - ignoring`, 2, this.syntax);
  },
  print: (value) => `${value.weight}${value.reverse ? ' reverse' : ''}`,
};

function finish(scope: Scope, statement: Statement): boolean {
  if (scope.values.track_file !== undefined) return true;
  statement.report('general-error', 'FILE_CHECK has no track_file specified - ignoring');
  return false;
}

export const fileCheck = block(
  nothing,
  'Health check by the number in a file.',
  {
    track_file: leaf(trackFile, 'File to follow.', { otherwise: 'none (required)' }),
    weight: leaf(weight, 'Factor of the number; unless set that of the track_file.', {
      otherwise: 'weight of the track_file',
    }),
  },
  { finish },
);
