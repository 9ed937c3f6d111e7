import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { quote } from '../../values.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

const heloName: ValueKind<string> = {
  syntax: 'a name',
  example: 'name',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) {
      return statement.refuse('SMTP_CHECK helo name missing', 0, this.syntax);
    }
    if (statement.scope.values.helo_name !== undefined) {
      statement.report('general-error', 'SMTP_CHECK helo name already specified', 1);
    }
    return word;
  },
  print: quote,
};

/** What stands inside acts on the check around it; the block itself only asks for one more check of the server. */
function spill(scope: Scope, statement: Statement): boolean {
  const { parent } = scope;
  if (!parent) return false;
  const { sequence, ...words } = scope.values;
  Object.assign(parent.values, words);
  if (!parent.facts.has('host')) {
    statement.log('The SMTP_CHECK host block is deprecated. Please define additional checkers.');
  }
  parent.facts.set('host', true);
  if (hasReachableTarget(parent, statement)) return true;
  parent.facts.set('unreachable', true);
  return false;
}

export const smtpCheck = block(
  nothing,
  'Health check by the opening of an SMTP dialogue.',
  {
    ...connectionRows,
    ...scheduleRows,
    helo_name: leaf(heloName, 'Name sent in HELO.', { default: 'smtpchecker.keepalived.org' }),
    host: block(
      nothing,
      'Old form, to be avoided: its keywords act on the check around it, and it adds a check that never connects in time.',
      { ...connectionRows, ...scheduleRows },
      { finish: spill },
    ),
  },
  { finish: (scope, statement) => !scope.facts.has('unreachable') && hasReachableTarget(scope, statement) },
);
