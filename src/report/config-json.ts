import type { Config } from '../config/types.ts';
import { hexText } from '../lib/hex.ts';

/**
 * The effective configuration as JSON for programs, in the form of docs/config.schema.json: the names of
 * src/config/types.ts, durations in microseconds, passwords and keys masked, bytes as hexadecimal digits, numbers beyond
 * 53 bits as text.
 */
export function printConfigJson(config: Config): string {
  const show = (name: string, value: unknown): unknown => {
    if (name === 'password') return MASK;
    if (value instanceof Uint8Array) return name === 'key' ? MASK : hexText(value);
    return typeof value === 'bigint' ? String(value) : value;
  };
  return JSON.stringify(config, show, 2);
}

const MASK = '********';
