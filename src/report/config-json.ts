import type { Config } from '../config/types.ts';

/**
 * The effective configuration as JSON for programs: the names of src/config/types.ts, durations in microseconds,
 * passwords masked.
 */
export function printConfigJson(config: Config): string {
  return JSON.stringify(config, (name, value: unknown) => (name === 'password' ? '********' : value), 2);
}
