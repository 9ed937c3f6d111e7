import { seconds } from '../../../src/lib/duration.ts';
import { type Command, command } from '../../command.ts';
import { type FifoPath, fifoPath, umask } from '../../global-values.ts';
import { leaf } from '../../keyword.ts';
import { hasScriptUser, knownUser, sayWithout, withUser } from '../../script-user.ts';
import { userWords } from '../../user-words.ts';
import { flag, wholeSeconds } from '../../values.ts';
import { globalBoolean, once, onceNamed, plainBoolean } from './shared.ts';

const onceSpoken = once((keyword) => `${keyword.replace('_', ' ')} already specified`);

const lifeScript = (when: string, name: string) =>
  leaf(
    {
      ...command,
      read(statement) {
        if (onceSpoken(true, statement) === undefined) return undefined;
        const script = command.read(statement);
        if (script && hasScriptUser(script, statement)) return script;
        if (script) sayWithout(script, script.argv?.[0] ?? script.written, statement);
        const [position, expected] = script ? [2, 'a user and a group that exist'] : [1, undefined];
        return statement.refuse(`Invalid ${name} script`, position, expected);
      },
    },
    `Command run ${when}.`,
    { missing: `${name} script missing` },
  );

const lifeScriptTimeout = (name: string) =>
  leaf(wholeSeconds(1, 1000), `Longest run time of the ${name} script.`, {
    default: seconds(10),
    missing: `${name}_script_timeout requires value`,
    invalid: `${name}_script_timeout '%s' must be in [1, 1000] - ignoring`,
  });

const fifo = (keyword: string, events: string) =>
  leaf(fifoPath, `FIFO that receives ${events}.`, {
    missing: `No ${keyword} name specified`,
    admit: withUser<FifoPath>(onceNamed),
  });

const fifoScript = (keyword: string) =>
  leaf(command, `Program started to read ${keyword}.`, {
    missing: `No ${keyword}_script specified`,
    admit: withUser<Command>(onceNamed),
  });

/** Whose rights scripts have; it counts for the scripts that follow. */
export const scriptUserRows = {
  use_symlink_paths: leaf(
    plainBoolean('use_symlink_paths'),
    'Run scripts by the path as written, links and all, instead of the file they lead to.',
    { otherwise: 'false' },
  ),
  set_supplementary_groups: leaf(
    globalBoolean('set_supplementary_groups'),
    'Give scripts all the groups of the user they run as.',
    { otherwise: 'false' },
  ),
  script_user: leaf(userWords, 'User and group of scripts that name none.', {
    otherwise:
      "keepalived_script if that user exists, else the daemon's own uid/gid (only if enable_script_security is off)",
    missing: 'No script username specified',
    admit: (value, statement) => {
      if (knownUser(value.user, value.group, statement)) return value;
      statement.report('general-error', 'Error setting global script uid/gid', 1, 'a user and a group that exist');
      return value;
    },
  }),
  enable_script_security: leaf(flag, 'Run no script as root that somebody else could have changed.'),
};

/** Scripts of the whole daemon, and the FIFOs that tell of its state. */
export const scriptRows = {
  startup_script: lifeScript('before the children start', 'startup'),
  startup_script_timeout: lifeScriptTimeout('startup'),
  shutdown_script: lifeScript('after the children have stopped', 'shutdown'),
  shutdown_script_timeout: lifeScriptTimeout('shutdown'),
  notify_fifo: fifo('notify_fifo', 'every state change'),
  notify_fifo_script: fifoScript('notify_fifo'),
  vrrp_notify_fifo: fifo('vrrp_notify_fifo', 'state changes of VRRP'),
  vrrp_notify_fifo_script: fifoScript('vrrp_notify_fifo'),
  lvs_notify_fifo: fifo('lvs_notify_fifo', 'state changes of virtual and real servers'),
  lvs_notify_fifo_script: fifoScript('lvs_notify_fifo'),
  fifo_write_vrrp_states_on_reload: leaf(
    flag,
    'Write the present state of every instance and group to the FIFOs after a reload.',
  ),
  umask: leaf(umask, 'File creation mask.', { default: 0o177 }),
};
