import { type Duration, micros, seconds } from '../../src/lib/duration.ts';
import { list, type Statement, type ValueKind } from '../keyword.ts';
import { decimalRange, readDecimal } from '../numbers.ts';
import { printSeconds, quote } from '../values.ts';

const methods = ['MII', 'ETHTOOL', 'IOCTL'] as const;

export interface PolledInterface {
  readonly interface: string;
  readonly method?: (typeof methods)[number];
}

function exists(name: string, purpose: string, statement: Statement): boolean {
  if (statement.surroundings.interfaceExists(name)) return true;
  const message = `unknown interface ${name} specified for ${purpose}`;
  statement.report('fatal', message, 0, 'an interface that exists');
  return false;
}

const polled: ValueKind<PolledInterface> = {
  syntax: 'an interface, then MII, ETHTOOL, IOCTL or nothing',
  example: 'eth0 MII',
  words: {
    MII: 'Ask by the ioctl of media-independent interfaces.',
    ETHTOOL: 'Ask by that of ethtool.',
    IOCTL: 'Look at the flags of the interface.',
  },
  read(statement) {
    const { words, surroundings } = statement;
    const [name, ...rest] = words as readonly [string, ...string[]];
    if (!exists(name, 'linkbeat interface', statement)) return undefined;
    const kind = surroundings.interfaceKind(name);
    if (kind === 'macvlan' || kind === 'ipvlan') {
      statement.log(`linkbeat of ${name} cannot be polled, it is a ${kind} - ignoring`);
      return undefined;
    }
    const method = rest.length === 1 ? methods.find((one) => one === rest[0]) : undefined;
    if (rest.length > 0 && method === undefined) {
      const message = `extra characters ${rest[0]} in linkbeat interface`;
      statement.report('general-error', message, 1, 'one of MII, ETHTOOL and IOCTL, or nothing');
    }
    return { interface: name, ...(method !== undefined && { method }) };
  },
  print: ({ interface: name, method }) => [quote(name), ...(method === undefined ? [] : [method])].join(' '),
};

export interface DelayedInterface {
  readonly interface: string;
  readonly down: Duration;
  readonly up: Duration;
}

const delayRange = decimalRange(0, 255_000_000);

const delayed: ValueKind<DelayedInterface> = {
  syntax: 'an interface, then seconds before it is believed down and, if wanted, up, each up to 255',
  example: 'eth0 0.5 1',
  read(statement) {
    const { words } = statement;
    const name = words[0] as string;
    if (!exists(name, 'up/down delay', statement)) return undefined;
    if (words.length < 2 || words.length > 3) {
      const complaint = words.length < 2 ? 'has no delay - ignoring' : 'has extra words - ignoring them';
      statement.log(`interface_up_down_delays ${name} ${complaint}`);
      if (words.length < 2) return undefined;
    }
    const down = readDecimal(statement, 1, delayRange, this.syntax);
    const up = words[2] === undefined ? 0 : readDecimal(statement, 2, delayRange, this.syntax);
    if (down !== undefined && up !== undefined) return { interface: name, down: micros(down), up: micros(up) };
    statement.log(`interface_up_down_delays ${name} has an invalid delay - ignoring`);
    return undefined;
  },
  print: ({ interface: name, down, up }) =>
    [quote(name), printSeconds(down), ...(up === seconds(0) ? [] : [printSeconds(up)])].join(' '),
};

/** linkbeat_interfaces: one on each line. */
export const linkbeatInterfaces = list(polled, 'Interfaces whose link is polled, and how.');

/** interface_up_down_delays: one on each line. */
export const interfaceDelays = list(delayed, 'How long a link must be down or up before it is believed.');
