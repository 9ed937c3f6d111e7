import type { Config } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import { secondsFixed, title } from './dump-text.ts';

/** The least time between announcements on an interface, 0 without one. */
export interface Spacing {
  readonly garp: Duration;
  readonly gna: Duration;
}

/** A group's own spacing counts before the global one. */
export function spacingOf({ global, garpGroups }: Config, name: string): Spacing {
  const group = garpGroups.find(({ interfaces }) => interfaces.includes(name));
  return { garp: group?.garpInterval ?? global.garpInterval, gna: group?.gnaInterval ?? global.gnaInterval };
}

/** Section "Gratuitous ARP delays": with a global interval every interface outside the groups has one of its own. */
export function garpDelays(config: Config): string[] {
  const { global, instances, garpGroups } = config;
  const grouped = new Set(garpGroups.flatMap(({ interfaces }) => interfaces));
  const spaced = global.garpInterval !== 0 || global.gnaInterval !== 0;
  const others = new Set(instances.map((instance) => instance.interface).filter((name) => !grouped.has(name)));
  const groups = [
    ...garpGroups.map(({ interfaces }) => interfaces),
    ...(spaced ? [...others].map((name) => [name]) : []),
  ];
  if (groups.length === 0) return [];
  return [
    title('Gratuitous ARP delays'),
    ...groups.flatMap((interfaces) => groupLines(spacingOf(config, interfaces[0] ?? ''), interfaces)),
  ];
}

function groupLines({ garp, gna }: Spacing, interfaces: readonly string[]): string[] {
  const never = '0.000000 (Thu Jan  1 00:00:00.000000)';
  return [
    title('GARP delay group'),
    ...(garp > 0 ? [` GARP interval = ${secondsFixed(garp)}`, ` GARP next time ${never}`] : []),
    ...(gna > 0 ? [` GNA interval = ${secondsFixed(gna)}`, ` GNA next time ${never}`] : []),
    ' Interfaces',
    ...interfaces.map((name) => `  ${name}`),
  ];
}
