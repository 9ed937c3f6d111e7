import { block, leaf, type ValueKind } from '../keyword.ts';
import { quote } from '../values.ts';
import { weightValue } from '../weight.ts';
import { anyName } from './vrrp/scripts.ts';

const path: ValueKind<string> = {
  syntax: 'a path',
  example: '/run/keepalived/load',
  read({ words, scope, refuse }) {
    const word = words[1];
    if (word === undefined) return refuse('track file file name missing', 0, this.syntax);
    if (scope.values.file === undefined) return word;
    return refuse(`File already set for track file ${scope.name} - ignoring ${word}`, 1);
  },
  print: quote,
};

const weight = weightValue({
  maximum: 254,
  invalid: (word, name) => `Weight (${word}) for track_file ${name} must be between [-254..254] inclusive. Ignoring...`,
  unknownOption: (option, name) => `track_file ${name} unknown weight option ${option}`,
  readOn: true,
  refuse({ words, scope }) {
    if (words[1] === undefined) return `No weight specified for track file ${scope.name} - ignoring`;
    const before = scope.values.weight as { readonly weight: number } | undefined;
    if (before === undefined || before.weight === 1) return undefined;
    return `Weight already set for track file ${scope.name} - ignoring ${words[1]}`;
  },
});

/** What a tracked file holds at the start. */
export interface InitialContents {
  readonly value: number;
  readonly overwrite: boolean;
}

const sensible = 254;

const initial: ValueKind<InitialContents> = {
  syntax: 'optionally a number from -254 to 254, then optionally overwrite',
  example: '0 overwrite',
  words: { overwrite: 'a file that is there is written too' },
  read({ words, scope, report }) {
    let [value, overwrite] = [0, false];
    for (let at = 1; at < words.length; at++) {
      const word = words[at] as string;
      if (word === 'overwrite') overwrite = true;
      else if (!/^-?\d/.test(word)) report('general-error', `Unknown track file init option ${word}`, at, this.syntax);
      else if (/^-?\d{1,10}$/.test(word)) value = Number(word);
      else {
        report('invalid-number', `invalid number '${word}'`, at, this.syntax);
        report('general-error', `Track file ${scope.name} init value ${word} is invalid`, at, this.syntax);
      }
    }
    if (Math.abs(value) > sensible) {
      const range = `[-${sensible}, ${sensible}]`;
      report('general-error', `Track file ${scope.name} init value ${value} is outside sensible range ${range}`, 1);
    }
    return { value, overwrite };
  },
  print: ({ value, overwrite }) => `${value}${overwrite ? ' overwrite' : ''}`,
};

const header: typeof anyName = {
  ...anyName,
  read(statement) {
    if (statement.words[0] === 'vrrp_track_file')
      statement.log('"vrrp_track_file" is deprecated, please use "track_file"');
    return anyName.read(statement);
  },
};

/** track_file: a file whose number instances and servers track. */
export const trackFile = block(
  header,
  'A file whose number instances and real servers can track.',
  {
    file: leaf(path, 'Path of the file.', { otherwise: 'none (required)' }),
    weight: leaf(weight, 'What the number in the file is multiplied by; 0 makes any number but 0 a fault.', {
      default: { weight: 1 },
      fallback: { weight: 1 },
    }),
    init_file: leaf(initial, 'Number written at the start to a file that is missing.', {
      otherwise: 'no initialisation; value 0',
    }),
  },
  {
    finish({ name, values }, statement) {
      const complain = (message: string): false => {
        statement.report('general-error', message);
        return false;
      };
      const file = values.file as string | undefined;
      if (file === undefined) return complain(`No file set for track_file ${name} - ignoring`);
      const { problem, special } = statement.surroundings.trackedFile(file);
      if (problem !== undefined) return complain(`${problem} for ${name}`);
      const { overwrite } = (values.init_file ?? {}) as Partial<InitialContents>;
      if (overwrite && special) return complain(`Cannot initialise track file ${name} - it is not a regular file`);
      return true;
    },
  },
);
