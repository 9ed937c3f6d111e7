import { type Command, command } from '../../command.ts';
import { hasDefaultScriptUser } from '../../script-user.ts';
import { leaf, type Statement, type ValueKind } from '../../keyword.ts';

/** The first command of its kind counts; `duplicate` words the complaint about another. */
export const firstCommand =
  (duplicate: (name: string, keyword: string) => string) =>
  (value: Command, statement: Statement): Command | undefined => {
    const { scope, words, report } = statement;
    const keyword = words[0] as string;
    if (scope.values[keyword] === undefined) {
      if (value.user === undefined) hasDefaultScriptUser(statement);
      return value;
    }
    report(
      'general-error',
      `${duplicate(scope.name, keyword)} script already specified - ignoring ${value.written}`,
      0,
    );
    return undefined;
  };

export const firstOfInstance = firstCommand((name, keyword) => `(${name}) ${keyword}`);
const firstOfGroup = firstCommand((name, keyword) => `vrrp group ${name}: ${keyword}`);

/** A command of an instance. */
export const notify = (when: string) => leaf(command, `Command run when ${when}.`, { admit: firstOfInstance });

/** A command of a sync group. */
export const notifyGroup = (when: string) => leaf(command, `Command run when ${when}.`, { admit: firstOfGroup });

export const notifyDeleted: ValueKind<Command | true> = {
  syntax: `nothing, or ${command.syntax}`,
  read: (statement) => (statement.words.length < 2 ? true : command.read(statement)),
  print: (value) => (value === true ? '' : command.print(value)),
};
