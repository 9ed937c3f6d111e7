import { printConf } from '../../config/print-conf.ts';
import type { Config } from '../../config/types.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { writeOutput } from '../../os/program.ts';
import { nodeName } from '../../os/system-facts.ts';
import { printConfigJson } from '../../report/config-json.ts';
import { printDiagnostic } from '../../report/diagnostics.ts';
import { dumpCheckers, dumpGlobal, dumpVrrp } from '../../report/dump.ts';
import { loadConfiguration } from '../config-loader.ts';
import { type OptionForm, optionValues } from './getopt.ts';
import { DEFAULT_CONFIG_FILE } from './options.ts';

const USAGE = 'Usage: evenkeel dump-conf [-f FILE] [-i ID] [--format text|json|conf]';
const USAGE_ERROR = 1;

const formats: ReadonlyMap<string, (config: Config) => string> = new Map([
  ['text', printDump],
  ['json', printConfigJson],
  ['conf', printConf],
]);

/** In the layout of keepalived's data files. */
function printDump(config: Config): string {
  return [...dumpGlobal(config, 'parent'), ...dumpVrrp(config), ...dumpCheckers(config)].join('\n');
}

interface DumpOptions {
  readonly file: string;
  /** What `@ID` conditions are compared with, where it is not the host's name. */
  readonly configId?: string;
  readonly format: (config: Config) => string;
}

/**
 * `evenkeel dump-conf`: prints the effective configuration on standard output, complaints about it on standard error.
 * Exit status: 0, 1 for a wrong call, otherwise that of a daemon that cannot start with this configuration.
 */
export async function dumpConf(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    writeOutput('stdout', USAGE);
    return 0;
  }
  const options = parseDumpOptions(argv);
  if (!options.ok) {
    writeOutput('stderr', options.error);
    writeOutput('stderr', USAGE);
    return USAGE_ERROR;
  }
  const { file, configId = nodeName(), format } = options.value;
  const { config, diagnostics, startStatus } = await loadConfiguration(file, {
    configId,
    test: false,
    includeCheck: false,
  });
  for (const diagnostic of diagnostics) writeOutput('stderr', printDiagnostic(diagnostic));
  if (config) writeOutput('stdout', format(config).trimEnd());
  return startStatus;
}

const ROWS: readonly OptionForm[] = [
  { short: 'f', long: 'use-file', argument: 'required' },
  { short: 'i', long: 'config-id', argument: 'required' },
  { long: 'format', argument: 'required' },
];

export function parseDumpOptions(argv: readonly string[]): Result<DumpOptions, string> {
  const read = optionValues(argv, ROWS);
  if (!read.ok) return read;
  const {
    values,
    words: [surplus],
  } = read.value;
  if (surplus !== undefined) return err(`Unknown option ${surplus}`);
  const format = values.get('format') ?? 'text';
  const printer = formats.get(format);
  if (!printer) return err(`Unknown format ${format}`);
  const configId = values.get('config-id');
  return ok({
    file: values.get('use-file') ?? DEFAULT_CONFIG_FILE,
    format: printer,
    ...(configId !== undefined && { configId }),
  });
}
