import type { Config } from '../../src/config/types.ts';

/** A configuration but for what its print cannot tell: that a script which was left out had asked for the default user. */
export function asPrinted(config: Config | undefined): Config | undefined {
  return config && { ...config, global: { ...config.global, scriptUsers: {} } };
}
