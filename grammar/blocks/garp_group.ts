import type { Duration } from '../../src/lib/duration.ts';
import { block, leaf, list, nothing, type Scope, type Statement, type ValueKind } from '../keyword.ts';
import { listedWord } from '../names.ts';
import { rootOf } from '../scope.ts';
import { printSeconds, quote, timer32 } from '../values.ts';

/** Fact of the outermost scope: interfaces that belong to a group already. */
const grouped = 'interfaces of garp groups';
const counted = 'number of garp groups';

function claimInterface(name: string, position: number | undefined, statement: Statement): boolean {
  const { scope, surroundings } = statement;
  const complain = (message: string): false => {
    statement.report('general-error', message, position);
    return false;
  };
  if (!surroundings.interfaceExists(name)) {
    const message = `WARNING - interface ${name} specified for garp_group doesn't exist`;
    statement.report('warning', message, position, 'an interface that exists');
    statement.badInterface();
    return true;
  }
  const kind = surroundings.interfaceKind(name);
  if (kind === 'macvlan' || kind === 'ipvlan')
    return complain(`Cannot specify garp_group for ${kind} ${name} - ignoring`);
  const { facts } = rootOf(scope);
  const taken = (facts.get(grouped) as ReadonlySet<string> | undefined) ?? new Set<string>();
  if (taken.has(name)) return complain(`garp_group already specified for ${name} - ignoring`);
  facts.set(grouped, new Set([...taken, name]));
  return true;
}

/** One interface of several; each such line adds one. */
const oneInterface: ValueKind<readonly string[]> = {
  syntax: 'an interface that exists',
  example: 'eth0',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    if (!claimInterface(word, 1, statement)) return undefined;
    return [...((statement.scope.values.interface ?? []) as readonly string[]), word];
  },
  print: (names) => names.map(quote).join(' '),
};

const gap = (keyword: string, what: string) =>
  leaf(timer32(0), `Smallest gap between ${what} on all interfaces of the group together.`, {
    otherwise: 'none',
    invalid: `garp_group ${keyword} '%s' invalid`,
    admit: (value: Duration, statement: Statement) => {
      if (value >= 1_000_000) statement.log(`The ${keyword} is very large - ${printSeconds(value)} seconds`);
      return value;
    },
  });

/** garp_group: interfaces behind one switch that must not be flooded. */
export const garpGroup = block(
  nothing,
  'Interfaces that share a smallest gap between gratuitous ARP messages.',
  {
    garp_interval: gap('garp_interval', 'gratuitous ARP messages'),
    gna_interval: gap('gna_interval', 'unsolicited neighbour advertisements'),
    interface: leaf(oneInterface, 'Interface that belongs to the group; each such line adds one.', {
      otherwise: 'none',
      repeats: true,
    }),
    interfaces: list(listedWord('names of interfaces', 'eth0 eth1'), 'Interfaces that belong to the group.', {
      wordwise: true,
      empty: 'Warning - empty garp_group interfaces block',
      admit: (names, statement) => names.filter((name) => claimInterface(name, undefined, statement)),
    }),
  },
  { finish: hasGap },
);

function hasGap(scope: Scope, statement: Statement): boolean {
  const { facts } = rootOf(scope);
  const index = (facts.get(counted) as number | undefined) ?? 0;
  facts.set(counted, index + 1);
  const { garp_interval: garp, gna_interval: gna, interface: single, interfaces } = scope.values;
  if (garp !== undefined || gna !== undefined) return true;
  statement.report('general-error', `garp group ${index} does not have any delay set - removing`);
  const taken = new Set((facts.get(grouped) as ReadonlySet<string> | undefined) ?? []);
  for (const names of [single, interfaces]) for (const name of (names ?? []) as readonly string[]) taken.delete(name);
  facts.set(grouped, taken);
  return false;
}
