import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { definedBefore } from '../../scope.ts';
import { describeServer } from '../../server-values.ts';
import { boolean, quote } from '../../values.ts';

function describe(scope: Scope): string {
  return describeServer(scope.parent as Scope);
}

/** A bad name takes the whole check away at once. */
const session: ValueKind<string> = {
  syntax: 'the name of a bfd_instance defined before',
  example: 'BFD_1',
  read(statement) {
    const { scope, words } = statement;
    if (scope.facts.has('removed')) return undefined;
    const refuse = (message: string): undefined => {
      statement.report('general-error', `(${describe(scope)}) BFD_CHECK - ${message}`, 1, this.syntax);
      scope.facts.set('removed', true);
      return undefined;
    };
    const word = words[1];
    if (word === undefined || words.length > 2) return refuse('No or too many names specified - skipping checker');
    if (scope.values.name !== undefined) return refuse(`BFD ${word} already specified as ${scope.values.name}`);
    if (!forCheckers(scope, word)) return refuse(`BFD ${word} not configured`);
    const others = (scope.parent?.values.BFD_CHECK ?? []) as readonly { readonly name?: string }[];
    return others.some((other) => other.name === word) ? refuse(`RS already monitoring ${word}`) : word;
  },
  print: quote,
};

/** One that names only the other process is not seen here. */
function forCheckers(scope: Scope, name: string): boolean {
  const found = definedBefore(scope, 'bfd_instance', name) as
    | { readonly vrrp?: unknown; readonly checker?: unknown }
    | undefined;
  return found !== undefined && (found.checker !== undefined || found.vrrp === undefined);
}

function finish(scope: Scope, statement: Statement): boolean {
  if (scope.facts.has('removed')) return false;
  if (scope.values.name !== undefined) return true;
  const message = `(${describe(scope)}) No name has been specified for BFD_CHECKER - skipping`;
  statement.report('general-error', message);
  return false;
}

export const bfdCheck = block(
  nothing,
  'Health check by a BFD session.',
  {
    name: leaf(session, 'Session to follow.', { otherwise: 'none (required)' }),
    alpha: leaf(boolean('Invalid alpha parameter %s'), 'Count the server as down until the session is up.', {
      otherwise: 'value of the real server',
    }),
  },
  { finish },
);
