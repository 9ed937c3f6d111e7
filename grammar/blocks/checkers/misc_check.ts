import { type Command, command } from '../../command.ts';
import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { flag, quote, wholeSeconds } from '../../values.ts';
import { scheduleRows } from './connection.ts';

interface User {
  readonly user: string;
  readonly group?: string;
}

/** Whose rights the command has; one that does not exist takes the whole check away. */
const user: ValueKind<User> = {
  syntax: 'a user, then optionally a group; a colon before the group, or alone, asks for supplementary groups',
  example: 'nobody',
  read(statement) {
    const [, name, group] = statement.words;
    const path = statement.scope.values.misc_path as Command | undefined;
    const script = path ? `'${path.written}'` : '';
    if (name === undefined) {
      statement.report('general-error', `No user specified for misc checker script ${script}`, 0, this.syntax);
      return undefined;
    }
    if (statement.surroundings.knowsUser(name, group)) return { user: name, ...(group !== undefined && { group }) };
    const message = `Failed to set uid/gid for misc checker script ${script} - removing`;
    statement.report('general-error', message, 1, this.syntax);
    statement.scope.facts.set('removed', true);
    return undefined;
  },
  print: ({ user: name, group }) => [name, ...(group === undefined ? [] : [group])].map(quote).join(' '),
};

function finish(scope: Scope, statement: Statement): boolean {
  if (scope.facts.has('removed')) return false;
  const script = scope.values.misc_path as Command | undefined;
  if (script?.argv) return true;
  statement.report('general-error', 'No script path has been specified for MISC_CHECKER - skipping');
  return false;
}

export const miscCheck = block(
  nothing,
  'Health check by a command.',
  {
    ...scheduleRows,
    misc_path: leaf(command, 'What to run; `</path` asks whether the file can be opened.', {
      otherwise: 'none (required)',
      missing: '',
    }),
    misc_timeout: leaf(wholeSeconds(0, 4294), 'Longest run; 0 is the delay_loop of the service.', {
      otherwise: '0 (delay_loop of the service)',
      invalid: "Invalid misc_timeout value '%s'",
    }),
    misc_dynamic: leaf(flag, 'Exit statuses from 2 to 255 set the weight to two less.'),
    user: leaf(user, 'User and group of the command.', { otherwise: 'script_user default' }),
  },
  { finish },
);
