import type { Config } from '../config/types.ts';

/**
 * The effective configuration as JSON for programs: the names of src/config/types.ts, durations in microseconds,
 * passwords masked, numbers
 * beyond 53 bits as text.
 */
export function printConfigJson(config: Config): string {
  const show = (name: string, value: unknown): unknown => {
    if (name === 'password') return '********';
    return typeof value === 'bigint' ? String(value) : value;
  };
  return JSON.stringify(config, show, 2);
}
