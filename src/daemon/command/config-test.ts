import { writeOutput } from '../../os/program.ts';
import { setFileCreationMask } from '../../os/processes/processes.ts';
import { openReport } from '../../os/files/report-file.ts';
import { nodeName } from '../../os/system-facts.ts';
import { toldByAll } from '../../report/diagnostics.ts';
import { loadConfiguration } from '../config-loader.ts';
import { overTheConfiguration } from './command-overrides.ts';
import type { Options } from './options.ts';

/** Reports are not everybody's business. */
const REPORT_MASK = 0o177;
/** The statuses that a refused number on the command line outweighs, and the one that it then gives. */
const LIGHTER_STATUSES: readonly number[] = [0, 4];
const CONFIG_TEST = 5;

/**
 * keepalived -t: reads the configuration, reports every complaint to `file` (standard error when it is empty) and
 * does nothing else. The exit status: 0 for a clean configuration, otherwise keepalived's KEEPALIVED_CHK_EXIT_*.
 */
export async function testConfiguration(options: Options, file: string, invalidNumber: boolean): Promise<number> {
  setFileCreationMask(REPORT_MASK);
  const opened = openReport(file);
  if (!opened.ok) {
    const { errno, text } = opened.error;
    writeOutput('stderr', `Unable to open config-test log file ${file} ${errno} - ${text}`);
    return 1;
  }
  const report = opened.value;
  const loaded = await loadConfiguration(options.configFile, {
    configId: options.configId ?? nodeName(),
    test: true,
    includeCheck: options.allConfig,
    ...overTheConfiguration(options),
  });
  const diagnostics = loaded.diagnostics.filter(({ logOnly }) => logOnly !== true);
  for (const line of toldByAll({ ...loaded, diagnostics })) report.line(line);
  report.close();
  return invalidNumber && LIGHTER_STATUSES.includes(loaded.testStatus) ? CONFIG_TEST : loaded.testStatus;
}
