import type { ConfigEnvironment } from '../../../src/config/environment.ts';
import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts';
import type { LoadOptions } from '../../../src/config/load-options.ts';
import { printDiagnostic } from '../../../src/report/diagnostics.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';

const testing: LoadOptions = { configId: 'lb1', test: true, includeCheck: false };

/** Loads keepalived.conf with `text`, beside which the other files stand. */
export function load(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): LoadedConfig {
  return loadConfig('keepalived.conf', fakeConfigEnvironment({ 'keepalived.conf': text, ...files }), {
    ...testing,
    ...options,
  });
}

/** The same on a machine that is not quite the usual one. */
export function loadOn(
  machine: Partial<ConfigEnvironment>,
  text: string,
  options: Partial<LoadOptions> = {},
): LoadedConfig {
  const environment = { ...fakeConfigEnvironment({ 'keepalived.conf': text }), ...machine };
  return loadConfig('keepalived.conf', environment, { ...testing, ...options });
}

/** What a configuration test would print, without columns and expectations. */
export function complaints(loaded: LoadedConfig): string[] {
  return loaded.diagnostics
    .filter((diagnostic) => !diagnostic.logOnly)
    .map(({ column: _, length: __, expected: ___, ...plain }) => printDiagnostic(plain));
}
