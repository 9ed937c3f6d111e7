import type { Config } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import { secondsFixed, title } from './dump-text.ts';

/** Interfaces that wait for one another, and the least time between announcements on them, 0 without one. */
export interface DelayGroup {
  readonly interfaces: readonly string[];
  readonly garp: Duration;
  readonly gna: Duration;
}

/** The configured groups; with a global interval every other interface on which something is announced has one of its own. */
export function delayGroups(config: Config): readonly DelayGroup[] {
  const { garpInterval: garp, gnaInterval: gna } = config.global;
  const configured = config.garpGroups.map(
    ({ interfaces, garpInterval, gnaInterval }): DelayGroup => ({
      interfaces,
      garp: garpInterval ?? garp,
      gna: gnaInterval ?? gna,
    }),
  );
  if (garp === 0 && gna === 0) return configured;
  const grouped = new Set(configured.flatMap(({ interfaces }) => interfaces));
  const others = new Set(announcing(config).filter((name) => !grouped.has(name)));
  return [...configured, ...[...others].map((name) => ({ interfaces: [name], garp, gna }))];
}

/** Interfaces of instances and of their addresses; in place of a virtual one that which it stands on. */
function announcing({ instances }: Config): string[] {
  return instances.flatMap(({ interface: own, virtualAddresses, excludedAddresses }) => [
    ...(own === '' ? [] : [own]),
    ...[...virtualAddresses, ...excludedAddresses].map((address) => address.base ?? address.interface),
  ]);
}

/** Section "Gratuitous ARP delays". */
export function garpDelays(config: Config): string[] {
  const groups = delayGroups(config);
  return groups.length === 0 ? [] : [title('Gratuitous ARP delays'), ...groups.flatMap(groupLines)];
}

function groupLines({ garp, gna, interfaces }: DelayGroup): string[] {
  const never = '0.000000 (Thu Jan  1 00:00:00.000000)';
  return [
    title('GARP delay group'),
    ...(garp > 0 ? [` GARP interval = ${secondsFixed(garp)}`, ` GARP next time ${never}`] : []),
    ...(gna > 0 ? [` GNA interval = ${secondsFixed(gna)}`, ` GNA next time ${never}`] : []),
    ' Interfaces',
    ...interfaces.map((name) => `  ${name}`),
  ];
}
