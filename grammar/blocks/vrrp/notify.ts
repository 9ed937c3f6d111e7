import { type Command, command, firstCommand } from '../../command.ts';
import { hasScriptUser, withUser } from '../../script-user.ts';
import { leaf, type Statement, type ValueKind } from '../../keyword.ts';

const firstOfInstance = withUser(firstCommand(({ name }, keyword) => `(${name}) ${keyword}`));
const firstOfGroup = withUser(firstCommand(({ name }, keyword) => `vrrp group ${name}: ${keyword}`));

/** A command of an instance. */
export const notify = (when: string) => leaf(command, `Command run when ${when}.`, { admit: firstOfInstance });

/** A command of a sync group. */
export const notifyGroup = (when: string) => leaf(command, `Command run when ${when}.`, { admit: firstOfGroup });

export const notifyDeleted: ValueKind<Command | true> = {
  syntax: `nothing, or ${command.syntax}`,
  read: (statement) => (statement.words.length < 2 ? true : command.read(statement)),
  print: (value) => (value === true ? '' : command.print(value)),
};

/** The first notify_deleted counts, with a command or without. */
export function firstDeleted(value: Command | true, statement: Statement): Command | true | undefined {
  const { scope, refuse } = statement;
  if (scope.values.notify_deleted === undefined) {
    // The event is wanted all the same where nobody can run the command.
    return value === true || hasScriptUser(value, statement) ? value : true;
  }
  const ignored = value === true ? '' : value.written;
  return refuse(`(${scope.name}) notify_deleted already specified - ignoring ${ignored}`, 0);
}
