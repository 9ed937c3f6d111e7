import type { Duration } from '../../../src/lib/duration.ts';
import { block, leaf, type Statement, type ValueKind } from '../../keyword.ts';
import { decimalSeconds, flag, integer, quoteAll } from '../../values.ts';
import { weightValue } from '../../weight.ts';
import { anyName } from './scripts.ts';

interface ProcessPattern {
  readonly path: string;
  readonly parameters: readonly string[];
}

const pattern: ValueKind<ProcessPattern> = {
  syntax: 'a path or name, then any number of parameters',
  example: '/usr/sbin/nginx',
  read(statement) {
    const [, path, ...parameters] = statement.words;
    if (path === undefined) return statement.missing(1);
    const { scope } = statement;
    if (scope.values.process === undefined) return { path, parameters };
    const message = `Process already set for track process ${scope.name} - ignoring ${path}`;
    return statement.refuse(message, 1);
  },
  print: ({ path, parameters }) => quoteAll(path, ...parameters),
};

const parameterMatch: ValueKind<'exact' | 'initial' | 'partial'> = {
  syntax: 'nothing, initial or partial',
  example: 'initial',
  read({ words, refuse }) {
    const word = words[1];
    if (word === undefined) return 'exact';
    if (word === 'initial' || word === 'partial') return word;
    return refuse(`Invalid param_match type ${word} - ignoring`, 1, this.syntax);
  },
  print: (value) => (value === 'exact' ? '' : value),
};

const weight = weightValue({
  maximum: 254,
  invalid: (word, name) =>
    `Weight (${word}) for vrrp_track_process ${name} must be between [-254..254] inclusive. Ignoring...`,
  unknownOption: (option, name) => `vrrp_track_process ${name} unknown weight option ${option}`,
  refuse({ words, scope }) {
    if (words[1] === undefined) return `No weight specified for track process ${scope.name} - ignoring`;
    const before = scope.values.weight as { readonly weight: number } | undefined;
    return before?.weight ? `Weight already set for track process ${scope.name} - ignoring ${words[1]}` : undefined;
  },
});

const time = decimalSeconds(1, 3_600_000_000);
const delay = (keyword: string) =>
  ({
    invalid: `${keyword} (%s) for vrrp_track_process %n must be between [0.000001..3600] inclusive. Ignoring...`,
  }) as const;

function admitQuorum(value: number, { scope, refuse }: Statement): number | undefined {
  const maximum = scope.values.quorum_max as number | undefined;
  if (maximum === undefined || value <= maximum) return value;
  return refuse('Quorum is greater than quorum_max - ignoring', 1);
}

function admitMaximum(value: number, { scope, refuse }: Statement): number | undefined {
  const quorum = (scope.values.quorum ?? 1) as number;
  if (value === 0 && quorum <= 1) {
    scope.values.quorum = 0;
    return value;
  }
  if (value >= quorum) return value;
  return refuse('quorum_max is less than quorum - ignoring', 1);
}

/** Sets both delays; they are printed one by one. */
function admitDelay(value: Duration, { scope }: Statement): undefined {
  scope.values.terminate_delay = value;
  scope.values.fork_delay = value;
  return undefined;
}

/** vrrp_track_process: processes that must run. */
export const vrrpTrackProcess = block(
  anyName,
  'Processes that must run, which instances can track.',
  {
    process: leaf(pattern, 'The processes counted; parameters must match in full unless param_match says otherwise.', {
      otherwise: 'none (required)',
    }),
    param_match: leaf(parameterMatch, 'How parameters are compared; it implies full_command.', {
      otherwise: 'no argument: exact',
    }),
    weight: leaf(weight, 'Change of priority; 0 makes a failure a fault.', { otherwise: '0' }),
    quorum: leaf(integer(1, 65_535), 'How many must run.', {
      default: 1,
      invalid: 'Quorum (%s) for vrrp_track_process %n must be between [1..65535] inclusive. Ignoring...',
      admit: admitQuorum,
    }),
    quorum_max: leaf(integer(0, 65_535), 'How many may run; 0 asks that none does.', {
      otherwise: 'any number',
      invalid: 'quorum_max (%s) for vrrp_track_process %n must be between [0..65535] inclusive. Ignoring...',
      admit: admitMaximum,
    }),
    delay: leaf(time, 'Sets fork_delay and terminate_delay.', { otherwise: '0', ...delay('delay'), admit: admitDelay }),
    terminate_delay: leaf(time, 'How long too few must run before it counts.', delay('terminate_delay')),
    fork_delay: leaf(time, 'How long enough must run before it counts.', delay('fork_delay')),
    full_command: leaf(flag, "Compare the command line, not the kernel's short name of the process."),
  },
  {
    finish({ name, values }, statement) {
      if (values.process !== undefined) return true;
      statement.report('general-error', `track process '${name}' process name not specified`);
      return false;
    },
  },
);
