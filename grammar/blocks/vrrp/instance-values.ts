import { addressFamily, type IpAddress } from '../../../src/lib/ip.ts';
import type { Statement, ValueKind } from '../../keyword.ts';
import { uniqueName } from '../../names.ts';
import { fill, maximumInterfaceName, quote } from '../../values.ts';
import { settleFamily } from './family.ts';

export const name = uniqueName('vrrp_instance', { missing: 'vrrp_instance must have a name', noun: 'vrrp instance' });

export const state: ValueKind<'MASTER' | 'BACKUP'> = {
  syntax: 'MASTER or BACKUP',
  example: 'BACKUP',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const before = statement.scope.values.state;
    if (word === 'BACKUP' && before === 'MASTER') {
      const message = `(${statement.scope.name}) state previously set as MASTER - ignoring BACKUP`;
      return statement.refuse(message, 1);
    }
    if (word === 'MASTER' || word === 'BACKUP') return word;
    const message = `(${statement.scope.name}) unknown state '${word}', defaulting to BACKUP`;
    statement.report('general-error', message, 1, this.syntax);
    return 'BACKUP';
  },
  print: (value) => value,
};

export const ownInterface: ValueKind<string> = {
  syntax: 'an interface that exists',
  example: 'eth0',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const { surroundings, scope } = statement;
    if (word.length > maximumInterfaceName) {
      return statement.refuse(`Interface name '${word}' too long - ignoring`, 1, this.syntax);
    }
    if (!surroundings.interfaceExists(word)) {
      const message = `WARNING - interface ${word} for vrrp_instance ${scope.name} doesn't exist`;
      statement.report('warning', message, 1, this.syntax);
      statement.badInterface();
      return word;
    }
    if (!surroundings.isLoopback(word)) return word;
    const message = `(${scope.name}) cannot use a loopback interface (${word}) for vrrp - ignoring`;
    return statement.refuse(message, 1, 'an interface that is not a loopback');
  },
  print: quote,
};

export function admitVersion(value: number, { scope, refuse }: Statement): number | undefined {
  const known = (scope.values.version as number | undefined) ?? (scope.facts.get('version') as number | undefined);
  if ((known === undefined || known === value) && (value === 3 || scope.facts.get('family') !== 6)) return value;
  const message = `(${scope.name}) vrrp_version ${value} conflicts with configured or deduced version ${known ?? 3}; ignoring.`;
  return refuse(message, 1);
}

/** Of the two ways to write a source address, `other` being the second, the later one counts. */
export const admitSource =
  (other: 'mcast_src_ip' | 'unicast_src_ip') =>
  (value: IpAddress, { scope, refuse, words }: Statement): IpAddress | undefined => {
    delete scope.values[other];
    if (settleFamily(scope, addressFamily(value))) return value;
    const message = `Configuration error: VRRP instance[${scope.name}] and src address[${words[1]}] MUST be of the same family !!! Skipping...`;
    return refuse(message, 1);
  };

export function admitNativeIpv6(value: true, { scope, refuse }: Statement): true | undefined {
  if (!settleFamily(scope, 6)) {
    return refuse(`(${scope.name}) Cannot specify native_ipv6 with IPv4 addresses`, 0);
  }
  scope.facts.set('version', 3);
  return value;
}

/** Of two opposite keywords the later one counts. */
export const undoes =
  (opposite: string) =>
  <T>(value: T, { scope }: Statement): T => {
    delete scope.values[opposite];
    return value;
  };

export const atLeastOne = (value: number, statement: Statement): number => {
  if (value >= 1) return value;
  statement.report(
    'general-error',
    fill(`(%n): ${statement.words[0]} must be greater than 0, setting to 1`, statement),
  );
  return 1;
};
