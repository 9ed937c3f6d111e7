import { block, list, type ValueKind } from '../keyword.ts';
import { quote } from '../values.ts';

const name: ValueKind<{ readonly name: string }> = {
  syntax: 'one name',
  example: 'name',
  read(statement) {
    const { words, scope } = statement;
    const [, word] = words;
    if (words.length !== 2 || word === undefined) {
      statement.report('general-error', 'track_group must have a name - skipping', 0, this.syntax);
      return undefined;
    }
    const siblings = (scope.values.track_group ?? []) as readonly { readonly name: string }[];
    if (!siblings.some((sibling) => sibling.name === word)) return { name: word };
    statement.report('general-error', `track_group ${word} already defined`, 1, 'a name not used before');
    return undefined;
  },
  print: (value) => quote(value.name),
};

const member: ValueKind<string> = {
  syntax: 'names of instances',
  example: 'VI_1 VI_2',
  read: ({ words }) => words[0],
  print: quote,
};

/** track_group: stands before the static blocks whose lines name it. */
export const trackGroup = block(name, 'Instances that follow what becomes of static addresses, routes and rules.', {
  group: list(member, 'Names of the instances.', {
    wordwise: true,
    empty: 'Warning - track group %n has empty group block',
    once: (owner) => `Group list already specified for sync group ${owner}`,
  }),
});
