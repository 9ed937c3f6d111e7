import type { Surroundings } from '../../grammar/keyword.ts';
import { releaseParser } from '../../grammar/parser.ts';
import { type ConfigClass, type ConfigReader, configReaders, type Diagnostic } from '../lib/diagnostic.ts';
import { type BuildOptions, type Built, build, type Part } from './build.ts';
import type { ConfigEnvironment } from './environment.ts';
import { changeIncludeCheck, noIncludeCheck } from './includes.ts';
import { iprouteNames } from './iproute-names.ts';
import type { PlaceIndex } from './places.ts';
import { type PreprocessOptions, preprocess, type ReadingOutcome } from './preprocess.ts';
import type { Report } from './source-line.ts';

export interface ReadingOptions extends PreprocessOptions {
  /** Checking only (`-t`): number readers are strict. */
  readonly test: boolean;
  readonly places?: PlaceIndex;
  /** Where the SNMP agent listens, over the configuration's (`-A`). */
  readonly snmpSocket?: string;
  /** Interfaces that earlier readings of this daemon named and found: at a reload they may have gone. Added to. */
  readonly foundInterfaces?: Set<string>;
}

/** What the words of a configuration say, before anything is made of them. */
export interface Reading {
  readonly built: Built;
  readonly diagnostics: Diagnostic[];
  readonly filesRead: number;
  readonly mainFile?: string;
  /** An include problem that counts. */
  readonly includeFailed: boolean;
}

/** After these, what a process takes for a block depends on which blocks are its own; or it reads no further. */
const dividing: ReadonlySet<ConfigClass> = new Set<ConfigClass>([
  'unexpected-open-brace',
  'missing-open-brace',
  'unexpected-close-brace',
  'missing-close-brace',
  'missing-parameter',
]);

/**
 * Reads a configuration as all of keepalived's processes together do. One reading does for all of them as long as braces
 * pair; otherwise each reads for itself. The parent reads global_defs before its children read anything: where that makes
 * a difference it is read beforehand.
 */
export function readConfiguration(pattern: string, environment: ConfigEnvironment, options: ReadingOptions): Reading {
  const session = openSession(pattern, environment, options);
  const diagnostics: Diagnostic[] = [];
  options.known?.begin();
  const built = readOnce(session, (diagnostic) => void diagnostics.push(diagnostic));
  releaseParser();
  const divided = !options.places && diagnostics.some((diagnostic) => dividing.has(diagnostic.class));
  if (divided) return readInTurn(openSession(pattern, environment, options), configReaders);
  if (built.globalsCameLate) return readGlobalFirst(openSession(pattern, environment, options));
  return { built, diagnostics, ...session.outcome };
}

function readGlobalFirst(session: Session): Reading {
  const { places: _, ...options } = session.options;
  const parent = readOnce({ ...session, options }, () => undefined, { part: { pass: 'parent', earlier: undefined } });
  const diagnostics: Diagnostic[] = [];
  session.options.known?.begin();
  const note = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
  const built = readOnce(session, note, { global: parent.raw.global_defs });
  releaseParser();
  return { built, diagnostics, ...session.outcome };
}

/** Reads only what the parent process reads. */
export function readAsParent(pattern: string, environment: ConfigEnvironment, options: ReadingOptions): Reading {
  return readInTurn(openSession(pattern, environment, options), ['parent']);
}

interface Session {
  readonly pattern: string;
  readonly environment: ConfigEnvironment;
  readonly options: ReadingOptions;
  readonly outcome: ReadingOutcome;
  readonly surroundings: Surroundings;
}

function openSession(pattern: string, environment: ConfigEnvironment, options: ReadingOptions): Session {
  const outcome: ReadingOutcome = { filesRead: 0, includeFailed: false, plainIncludes: noIncludeCheck };
  return { pattern, environment, options, outcome, surroundings: surroundingsOf(environment, outcome, options) };
}

function readOnce(
  { pattern, environment, options, outcome, surroundings }: Session,
  report: Report,
  { part, global }: Pick<BuildOptions, 'part' | 'global'> = {},
): Built {
  const known = part ? undefined : options.known;
  const { known: _, ...others } = options;
  const said = known ? known.watchCalls(report) : report;
  const lines = preprocess(pattern, environment, known ? options : others, said, outcome);
  const around = known ? known.watch(surroundings) : surroundings;
  return build(lines, around, options.test, said, { places: options.places, part, known, global });
}

/** One process after another; a missing word, or an include problem that counts, ends it all. */
function readInTurn(session: Session, [first, ...others]: readonly [ConfigReader, ...ConfigReader[]]): Reading {
  const diagnostics: Diagnostic[] = [];
  const inTurn = (part: Part): Built => {
    const own: Diagnostic[] = [];
    const built = readOnce(session, (diagnostic) => void own.push(diagnostic), { part });
    const earlier = new Map(diagnostics.map((diagnostic, at) => [textOf(diagnostic), at]));
    for (const diagnostic of own) {
      const at = earlier.get(textOf(diagnostic));
      const before = at === undefined ? undefined : diagnostics[at];
      if (at === undefined || !before) diagnostics.push(diagnostic);
      else diagnostics[at] = { ...before, readers: [...(before.readers ?? ['parent']), part.pass] };
    }
    return built;
  };
  let built = inTurn({ pass: first, earlier: undefined });
  for (const pass of others) {
    if (built.aborted || session.outcome.includeFailed) break;
    const next = inTurn({ pass, earlier: built.raw });
    const { hasVrrp, hasCheckers, saysNothing } = built;
    built = { ...next, hasVrrp, hasCheckers, saysNothing, badInterface: built.badInterface || next.badInterface };
  }
  releaseParser();
  return { built, diagnostics, ...session.outcome };
}

function textOf({ file, line, message }: Diagnostic): string {
  return `${file} ${line} ${message}`;
}

function surroundingsOf(
  environment: ConfigEnvironment,
  outcome: ReadingOutcome,
  options: ReadingOptions,
): Surroundings {
  let mayBeMissing = false;
  return {
    interfaceExists(name) {
      const found = environment.interfaceFacts(name) !== undefined;
      if (found) options.foundInterfaces?.add(name);
      return found || mayBeMissing || (options.foundInterfaces?.has(name) ?? false);
    },
    isLoopback: (name) => environment.interfaceFacts(name)?.loopback ?? false,
    resolveHost: (name) => environment.resolveHost(name),
    allowMissingInterfaces: () => {
      mayBeMissing = true;
    },
    knowsUser(user, group) {
      const name = group?.replace(/^:/, '');
      return environment.user(user) !== undefined && (!name || environment.groupId(name) !== undefined);
    },
    iprouteNames: iprouteNames(environment),
    vrfTable: (name) => environment.interfaceFacts(name)?.vrfTable,
    interfaceKind(name) {
      const facts = environment.interfaceFacts(name);
      return facts && (facts.isPrivate === false ? 'another macvlan' : (facts.kind ?? ''));
    },
    readSecret: (path, maximumLength) => environment.readSecret(path, maximumLength),
    trackedFile: (path) => environment.trackedFile(path),
    snmpSocket: options.snmpSocket,
    processorCount: environment.processorCount,
    checkIncludes(change) {
      outcome.plainIncludes = changeIncludeCheck(outcome.plainIncludes, change);
    },
    prepareDirectory: (path) => environment.prepareDirectory(path),
  };
}
