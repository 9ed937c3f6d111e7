import type { LoadedConfig } from '../config/load.ts';
import type { LoadOptions } from '../config/load-options.ts';
import { optimise } from '../os/optimiser.ts';

/** A configuration of so many characters, that of three thousand virtual servers, is read sooner by optimised code. */
const LARGE = 1024 * 1024;

/** The parser is a part of the program that is loaded only when it is needed. */
export function loadParser() {
  return Promise.all([import('../config/load.ts'), import('./config-environment.ts')]);
}

/** Reads the configuration as this system sees it. */
export async function loadConfiguration(pattern: string, options: LoadOptions): Promise<LoadedConfig> {
  const [{ loadConfig }, { openConfigEnvironment }] = await loadParser();
  let characters = 0;
  const fileRead = (length: number): void => {
    characters += length;
    if (characters > LARGE) optimise();
  };
  return loadConfig(pattern, openConfigEnvironment(), { ...options, fileRead });
}
