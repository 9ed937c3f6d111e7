import { advise } from '../../config/advice/rules.ts';
import { comparePair, type Election, type PairMember } from '../../config/advice/pair.ts';
import type { ConfigEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { PlaceIndex } from '../../config/places.ts';
import { portableEnvironment } from '../../config/portable-environment.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { writeOutput } from '../../os/program.ts';
import { nodeName } from '../../os/system-facts.ts';
import { type Finding, findingsOf, findingsOfAdvice, findingsOfPair } from '../../report/findings.ts';
import { printFindingsJson, printSarif } from '../../report/findings-sarif.ts';
import { printCount, printFindings } from '../../report/findings-text.ts';
import { openConfigEnvironment } from '../config-environment.ts';
import { type OptionForm, optionValues } from './getopt.ts';
import { EVENKEEL_VERSION } from './version.ts';

const USAGE =
  'Usage: evenkeel check [--portable] [--strict] [-i ID] [--format text|json|sarif] FILE...\n' +
  '  --portable   interfaces, users and scripts of another machine: take them to be there\n' +
  '  --strict     exit with 1 for warnings, too\n' +
  '  -i ID        what lines that begin with @ID are compared with';
const USAGE_ERROR = 2;

interface CheckOptions {
  readonly files: readonly string[];
  readonly portable: boolean;
  readonly strict: boolean;
  readonly configId?: string;
  readonly format: 'text' | 'json' | 'sarif';
}

/**
 * `evenkeel check FILE...`: every mistake of each file with the line it is in, what was expected and what was probably
 * meant, then advice about what is legal but seldom wanted. Several files are checked as nodes of one pair as well.
 * Exit status: 0 without errors, 1 with errors, 2 for a wrong call.
 */
export function check(argv: readonly string[]): number {
  if (argv.includes('--help')) {
    writeOutput('stdout', USAGE);
    return 0;
  }
  const options = parseCheckOptions(argv);
  if (!options.ok) {
    writeOutput('stderr', options.error);
    writeOutput('stderr', USAGE);
    return USAGE_ERROR;
  }
  const { files, portable, strict, format } = options.value;
  const system = openConfigEnvironment();
  const environment = portable ? portableEnvironment(system) : system;
  const configId = options.value.configId ?? nodeName();
  const findings: Finding[] = [];
  const members: PairMember[] = [];
  const places = new Map<string, PlaceIndex>();
  for (const file of files) {
    const index = new PlaceIndex();
    places.set(file, index);
    const loaded = loadConfig(file, environment, { configId, test: true, includeCheck: true, places: index });
    findings.push(...findingsOf(loaded.diagnostics, index));
    if (!loaded.config) continue;
    members.push({ file, config: loaded.config });
    findings.push(...findingsOfAdvice(advise(loaded.config, environment), index));
  }
  const comparable = files.length > 1 && members.length === files.length;
  const pair = comparable ? comparePair(members) : { findings: [], elections: [] };
  findings.push(...findingsOfPair(pair.findings, places));
  writeOutput('stdout', print(findings, pair.elections, format, environment, files));
  const failed = findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'));
  return failed ? 1 : 0;
}

function print(
  findings: readonly Finding[],
  elections: readonly Election[],
  format: CheckOptions['format'],
  environment: ConfigEnvironment,
  files: readonly string[],
): string {
  if (format === 'json') return printFindingsJson(findings, elections);
  if (format === 'sarif') return printSarif(findings, EVENKEEL_VERSION);
  const lines = new Map<string, readonly string[]>();
  const lineOf = (file: string, line: number): string | undefined => {
    const known = lines.get(file) ?? linesOf(environment, file);
    lines.set(file, known);
    return known[line - 1];
  };
  return [
    ...printFindings(findings, lineOf),
    ...elections.map(({ virtualRouter, master, reason }) => `${virtualRouter}: master will be ${master}: ${reason}`),
    `${files.join(', ')}: ${printCount(findings)}`,
  ].join('\n');
}

function linesOf(environment: ConfigEnvironment, file: string): readonly string[] {
  const text = environment.readFile(file);
  return text.ok ? text.value.split(/\r?\n/) : [];
}

const ROWS: readonly OptionForm[] = [
  { long: 'portable', argument: 'none' },
  { long: 'strict', argument: 'none' },
  { short: 'i', long: 'config-id', argument: 'required' },
  { long: 'format', argument: 'required' },
];

export function parseCheckOptions(argv: readonly string[]): Result<CheckOptions, string> {
  const read = optionValues(argv, ROWS);
  if (!read.ok) return read;
  const { values, words: files } = read.value;
  const format = values.get('format') ?? 'text';
  const configId = values.get('config-id');
  if (files.length === 0) return err('Name at least one file to check');
  if (format !== 'text' && format !== 'json' && format !== 'sarif') return err(`Unknown format ${format}`);
  const [portable, strict] = [values.has('portable'), values.has('strict')];
  return ok({ files, portable, strict, format, ...(configId !== undefined && { configId }) });
}
