import type { ValueKind } from './keyword.ts';
import { quote } from './values.ts';

/** A list of words, each of which is an entry. */
export function listedWord(syntax: string, example: string): ValueKind<string> {
  return { syntax, example, read: ({ words }) => words[0], print: quote };
}

interface NameComplaints {
  /** Said of a block without a name, or with more than one. */
  readonly missing: string;
  /** What the complaint about a name used before calls the block. */
  readonly noun: string;
}

/** The name of a block, which no other block of its keyword may have. */
export function uniqueName(keyword: string, { missing, noun }: NameComplaints): ValueKind<{ readonly name: string }> {
  return {
    syntax: 'one name',
    example: 'name',
    read(statement) {
      const { words, scope } = statement;
      const [, word] = words;
      if (words.length !== 2 || word === undefined) {
        return statement.refuse(missing, 0, this.syntax);
      }
      const siblings = (scope.values[keyword] ?? []) as readonly { readonly name: string }[];
      if (!siblings.some((sibling) => sibling.name === word)) return { name: word };
      return statement.refuse(`${noun} ${word} already defined`, 1, 'a name not used before');
    },
    print: ({ name }) => quote(name),
  };
}
