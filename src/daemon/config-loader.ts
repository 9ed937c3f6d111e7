import type { LoadedConfig } from '../config/load.ts';
import type { LoadOptions } from '../config/load-options.ts';

/** Reads the configuration as this system sees it. The parser is loaded only here, when it is needed. */
export async function loadConfiguration(pattern: string, options: LoadOptions): Promise<LoadedConfig> {
  const [{ loadConfig }, { openConfigEnvironment }] = await Promise.all([
    import('../config/load.ts'),
    import('./config-environment.ts'),
  ]);
  return loadConfig(pattern, openConfigEnvironment(), options);
}
