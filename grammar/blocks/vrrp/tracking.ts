import { list, type List, type Statement, type ValueKind } from '../../keyword.ts';
import { readIntegerText } from '../../numbers.ts';
import { definedBefore } from '../../scope.ts';
import { maximumInterfaceName, quote } from '../../values.ts';

/** A line of a track_* block; what is absent is as the item itself says. */
export interface TrackEntry {
  readonly name: string;
  readonly weight?: number;
  readonly reverse?: boolean;
}

/** What may be tracked, as keepalived words its complaints about it. */
interface Kind {
  /** The block of entries. */
  readonly keyword: string;
  /** `track script`, in messages. */
  readonly noun: string;
  /** Top-level block in which such items are defined. */
  readonly defined?: string;
  readonly maximum: number;
  /** An unknown word after the weight costs the entry. */
  readonly strictOption: boolean;
}

const syntax = 'a name, then optionally weight with a number, then optionally reverse or noreverse';
const words = {
  weight: 'change of priority; 0 makes a failure a fault',
  reverse: 'the sense is inverted',
  noreverse: 'the sense is not inverted, although the definition says so',
};

function entry(kind: Kind): ValueKind<TrackEntry> {
  return {
    syntax,
    example: 'check_nginx weight -20',
    words,
    read(statement) {
      const name = statement.words[0] as string;
      const complain = (message: string, at: number): undefined =>
        statement.refuse(`(${statement.scope.name}) ${message}`, at, syntax);
      if (!isKnown(kind, name, statement)) return undefined;
      const [, weightWord, number, option] = statement.words;
      const others = (statement.scope.values[kind.keyword] ?? []) as readonly TrackEntry[];
      if (others.some((other) => other.name === name)) {
        return complain(`duplicate ${kind.keyword} ${name} - ignoring`, 0);
      }
      if (weightWord === undefined) return { name };
      if (weightWord !== 'weight') {
        return complain(`unknown ${kind.noun} ${name} option ${weightWord} - ignoring`, 1);
      }
      if (number === undefined)
        return complain(`weight without value specified for ${kind.noun} ${name} - ignoring`, 1);
      const weight = readWeight(kind, name, number, statement);
      const known =
        option === undefined || option === 'reverse' || (option === 'noreverse' && kind.defined !== undefined);
      if (!known) {
        complain(`unknown ${kind.noun} ${name} weight option ${option} - ignoring`, 3);
        if (kind.strictOption) return undefined;
      }
      return {
        name,
        ...(weight !== undefined && { weight }),
        ...(known && option !== undefined && { reverse: option === 'reverse' }),
      };
    },
    print({ name, weight, reverse }) {
      const option = reverse === undefined ? '' : reverse ? ' reverse' : kind.defined ? ' noreverse' : '';
      return `${quote(name)}${weight === undefined ? '' : ` weight ${weight}${option}`}`;
    },
  };
}

function isKnown({ noun, defined }: Kind, name: string, statement: Statement): boolean {
  const { scope, surroundings, report } = statement;
  if (defined === undefined) {
    if (name.length <= maximumInterfaceName && surroundings.interfaceExists(name)) return true;
    report('general-error', `(${scope.name}) tracked interface ${name} doesn't exist`, 0, 'an interface that exists');
    statement.badInterface();
    return false;
  }
  if (definedBefore(scope, defined, name)) return true;
  report('general-error', `(${scope.name}) ${noun} ${name} not found, ignoring...`, 0, `a ${defined} defined before`);
  return false;
}

/** keepalived has words of its own for each kind. */
function outsideRange({ noun, defined, maximum }: Kind, name: string, word: string): string {
  const range = `[-${maximum}..${maximum}] inclusive`;
  if (defined === undefined) return `weight ${word} for ${name} must be between ${range}. Ignoring...`;
  if (defined === 'vrrp_script') return `${noun} ${name}: weight must be between ${range}, ignoring...`;
  return `weight for ${noun} ${name} must be in ${range}. Ignoring...`;
}

function readWeight(kind: Kind, name: string, word: string, statement: Statement): number | undefined {
  // An interface or script may say 254 and is held to 253.
  const read = readIntegerText(
    word,
    statement,
    2,
    -254,
    254,
    'lenient',
    `a number from -${kind.maximum} to ${kind.maximum}`,
  );
  const complain = (message: string) => statement.report('general-error', `(${statement.scope.name}) ${message}`, 2);
  if (read === undefined) {
    complain(outsideRange(kind, name, word));
    return undefined;
  }
  if (Math.abs(read) <= kind.maximum) return read;
  complain(`weight for ${name} cannot be +/-254. Setting to +/-253`);
  return Math.sign(read) * kind.maximum;
}

const tracked = (kind: Kind, documentation: string): List<TrackEntry> => list(entry(kind), documentation);

/** The track_* blocks of an instance or a sync group. */
export const trackBlocks = {
  track_interface: tracked(
    { keyword: 'track_interface', noun: 'track_interface', maximum: 253, strictOption: false },
    'Further interfaces that must be up.',
  ),
  track_script: tracked(
    { keyword: 'track_script', noun: 'track script', defined: 'vrrp_script', maximum: 253, strictOption: false },
    'Scripts whose success is looked at; each a vrrp_script before this place.',
  ),
  track_file: tracked(
    { keyword: 'track_file', noun: 'track file', defined: 'track_file', maximum: 254, strictOption: true },
    'Files whose number is looked at; each a track_file before this place.',
  ),
  track_process: tracked(
    {
      keyword: 'track_process',
      noun: 'track process',
      defined: 'vrrp_track_process',
      maximum: 254,
      strictOption: false,
    },
    'Processes that must run; each a vrrp_track_process before this place.',
  ),
  track_bfd: tracked(
    { keyword: 'track_bfd', noun: 'track bfd', defined: 'bfd_instance', maximum: 253, strictOption: true },
    'BFD sessions that must be up; each a bfd_instance before this place.',
  ),
} as const;
