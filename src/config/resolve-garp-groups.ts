import type { RawConfig } from './build.ts';
import type { GarpGroup } from './types.ts';

/** garp_group, with the interfaces of single lines before those of the list. */
export function resolveGarpGroups(raw: RawConfig): readonly GarpGroup[] {
  return (raw.garp_group ?? []).map(
    ({ garp_interval: garpInterval, gna_interval: gnaInterval, interface: single = [], interfaces = [] }) => ({
      ...(garpInterval !== undefined && { garpInterval }),
      ...(gnaInterval !== undefined && { gnaInterval }),
      interfaces: [...single, ...interfaces],
    }),
  );
}
