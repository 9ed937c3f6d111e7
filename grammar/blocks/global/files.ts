import { includeCheck } from '../../include-check.ts';
import { leaf, type Statement, type ValueKind } from '../../keyword.ts';
import { flag, integer, quote, text } from '../../values.ts';
import { boolean } from '../../values.ts';
import { once } from './shared.ts';

/** Exactly one word. */
const oneWord = (complaint: string): ValueKind<string> => ({
  syntax: 'one word',
  read(statement) {
    const word = statement.words[1];
    if (statement.words.length === 2 && word) return word;
    return statement.refuse(complaint, 0, this.syntax);
  },
  print: quote,
});

const optionalPath = (otherwise: string): ValueKind<string> => ({
  syntax: `a path, or nothing for ${otherwise || 'the usual one'}`,
  read: (statement) => statement.words[1] ?? otherwise,
  print: quote,
});

const dumpFile = (keyword: string, contents: string) =>
  leaf(oneWord(`${keyword} must have one file name - ignoring`), `File that ${contents} written to.`);

const directory = (path: string, statement: Statement): string | undefined => {
  const problem = statement.surroundings.prepareDirectory(path);
  if (problem === undefined) return path;
  const keyword = statement.words[0] as string;
  const message =
    problem === 'not-directory'
      ? `${keyword} ${path} exists and is not a directory`
      : `Unable to create ${keyword} ${path} (error ${problem.errno} - ${problem.text})`;
  return statement.refuse(message, 1, 'a directory, or a path where one can be made');
};

/** When the configuration is read again, and what is written down of it. */
export const fileRows = {
  include_check: leaf(includeCheck, 'Which problems with the includes that follow in this file are errors.', {
    otherwise: 'off (no checks); no argument: all four',
    admit: (value, { surroundings }) => {
      surroundings.checkIncludes(value);
      return undefined;
    },
  }),
  reload_check_config: leaf(
    optionalPath('/dev/null'),
    'Test the configuration before a reload, complaints into this file, and stay with the old one if it is bad.',
    { otherwise: 'off; no argument: /dev/null' },
  ),
  reload_time_file: leaf(oneWord('reload_time_file invalid'), 'File with the time of the next reload.', {
    otherwise: 'none',
  }),
  reload_repeat: leaf(flag, 'Look at that file again after such a reload.'),
  reload_file: leaf(optionalPath(''), 'File that exists while the configuration is being read.', {
    otherwise: 'off; no argument: <pid dir>/keepalived[_instance].reload',
  }),
  config_save_dir: leaf(text, 'Directory in which each process saves the configuration it has read.', {
    otherwise: 'none',
    admit: directory,
  }),
  tmp_config_directory: leaf(text, 'Directory for the configuration while it is being read.', {
    otherwise: 'memory file',
    missing: 'tmp_config_directory missing directory name',
    admit: once(() => 'tmp_config_directory already specified - ignoring'),
  }),
  data_use_instance: leaf(
    boolean("Invalid value '%s' for global date_use_instance specified"),
    'Put the names of instance and namespace into those of dump files.',
    { otherwise: 'false' },
  ),
  json_version: leaf(integer(1, 2), 'Layout of the JSON dump.', {
    default: 1,
    missing: 'json_version missing - ignoring',
    invalid: 'Invalid JSON version',
  }),
  iproute_usr_dir: leaf(
    oneWord('iproute_usr_dir must have one directory - ignoring'),
    'Where the packages keep the names of iproute2.',
    { otherwise: '/etc/iproute2' },
  ),
  iproute_etc_dir: leaf(
    oneWord('iproute_etc_dir must have one directory - ignoring'),
    'Where the machine keeps the names of iproute2.',
    { otherwise: '/etc/iproute2' },
  ),
  state_dump_file: dumpFile('state_dump_file', 'the state is'),
  stats_dump_file: dumpFile('stats_dump_file', 'the VRRP statistics are'),
  json_dump_file: dumpFile('json_dump_file', 'the state in JSON is'),
};
