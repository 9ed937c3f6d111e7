import { addressFamily, type IpAddress, isMulticast } from '../../../src/lib/ip.ts';
import type { Scope, Statement, ValueKind } from '../../keyword.ts';
import { readIntegerText } from '../../numbers.ts';
import { address, maximumInterfaceName, quote, readAddressWord } from '../../values.ts';
import { settleFamily } from './family.ts';

/** A line of unicast_peer. */
export interface UnicastPeerLine {
  readonly address: IpAddress;
  readonly minimumTtl?: number;
  readonly maximumTtl?: number;
}

const peerSyntax = 'an address, then optionally min_ttl and max_ttl, each with a number from 0 to 255';

export const unicastPeer: ValueKind<UnicastPeerLine> = {
  syntax: peerSyntax,
  words: {
    min_ttl: 'packets with a smaller TTL are dropped',
    max_ttl: 'packets with a larger TTL are dropped',
  },
  read(statement) {
    const { words, scope } = statement;
    const word = words[0] as string;
    const address = readAddressWord(word);
    const complain = (message: string, at = 0): undefined => statement.refuse(message, at, peerSyntax);
    if (address === undefined) {
      return complain(
        `Configuration error: VRRP instance[${scope.name}] malformed unicast peer address[${word}]. Skipping...`,
      );
    }
    if (!settleFamily(scope, addressFamily(address))) {
      const message = `Configuration error: VRRP instance[${scope.name}] and unicast peer address[${word}] MUST be of the same family !!! Skipping...`;
      return complain(message);
    }
    const others = (scope.values.unicast_peer ?? []) as readonly UnicastPeerLine[];
    if (others.some((other) => other.address === address)) {
      return complain(`(${scope.name}) duplicate unicast peer address ${address} - ignoring`);
    }
    const line = readTtls(statement, address);
    const { minimumTtl = 0, maximumTtl = 255 } = line;
    if (minimumTtl > maximumTtl) {
      complain(`(${scope.name}) min_ttl ${minimumTtl} > max_ttl ${maximumTtl} - all packets will be discarded`);
    }
    return line;
  },
  print({ address, minimumTtl, maximumTtl }) {
    const minimum = minimumTtl === undefined ? '' : ` min_ttl ${minimumTtl}`;
    return `${address}${minimum}${maximumTtl === undefined ? '' : ` max_ttl ${maximumTtl}`}`;
  },
};

function readTtls(statement: Statement, address: IpAddress): UnicastPeerLine {
  const { words, scope } = statement;
  const line: { address: IpAddress; minimumTtl?: number; maximumTtl?: number } = { address };
  for (let at = 1; at < words.length; at += 2) {
    const [option, value] = [words[at] as string, words[at + 1]];
    if (value === undefined) {
      statement.report('general-error', `(${scope.name}) ${option} is missing a value`, at, peerSyntax);
      break;
    }
    if (option !== 'min_ttl' && option !== 'max_ttl') {
      statement.report('general-error', `(${scope.name}) unknown unicast_peer option ${option}`, at, peerSyntax);
      break;
    }
    const ttl = readIntegerText(value, statement, at + 1, 0, 255, 'exact');
    if (ttl === undefined) continue;
    line[option === 'min_ttl' ? 'minimumTtl' : 'maximumTtl'] = ttl;
    scope.values.check_unicast_src = true;
  }
  return line;
}

/** The group that adverts go to instead of the global one. */
export const multicastDestination: ValueKind<IpAddress> = {
  syntax: 'an IPv4 multicast address, or an IPv6 one of link-local scope',
  example: '224.0.0.18',
  read(statement) {
    const { words, scope, report } = statement;
    const word = words[1];
    if (word === undefined) return statement.missing(1);
    const refuse = (message: string): undefined => {
      report('general-error', `(${scope.name}) ${message}. Skipping...`, 1, this.syntax);
      delete scope.values.mcast_dst_ip;
      return undefined;
    };
    const address = readAddressWord(word);
    if (address === undefined) return refuse(`malformed mcast dest address ${word}`);
    if (!settleFamily(scope, addressFamily(address))) {
      return refuse(`mcast dest address ${word} MUST match VRRP instance family`);
    }
    if (!isMulticast(address)) return refuse(`mcast_dst_ip ${word} not multicast`);
    if (addressFamily(address) === 6 && !/^ff.2:/.test(address)) {
      return refuse(`mcast_dst_ip ${word} not link-local multicast`);
    }
    return address;
  },
  print: (value) => value,
};

export const vrf: ValueKind<string> = {
  syntax: 'the name of a VRF interface',
  example: 'vrf-blue',
  read(statement) {
    const { words, scope, surroundings } = statement;
    const word = words[1];
    if (word === undefined) return statement.missing(1);
    const refuse = (message: string): undefined => statement.refuse(message, 1, this.syntax);
    if (word.length > maximumInterfaceName) return refuse(`VRF interface name '${word}' too long - ignoring`);
    if (scope.values.interface !== undefined) {
      return refuse(`(${scope.name}) Cannot specify VRF interface and interface - ignoring`);
    }
    if (scope.values.vrf !== undefined)
      return refuse(`(${scope.name}) VRF interface already specified - ignoring ${word}`);
    if (!surroundings.interfaceExists(word)) {
      statement.report('warning', `WARNING - VRF interface ${word} for vrrp_instance ${scope.name} doesn't exist`, 1);
      statement.badInterface();
      return word;
    }
    if (surroundings.isLoopback(word)) {
      return refuse(`(${scope.name}) cannot use a loopback interface (${word}) for VRF - ignoring`);
    }
    return word;
  },
  print: quote,
};

/** The fact that a keyword stands in the block, with a good value or not, that is for unicast only. */
const unicastMeant = 'unicast is meant';

const sourceAddress = address('Configuration error: VRRP instance[%n] malformed src address[%s]. Skipping...');

export const unicastSource: ValueKind<IpAddress> = {
  ...sourceAddress,
  read(statement) {
    statement.scope.facts.set(unicastMeant, true);
    return sourceAddress.read(statement);
  },
};

/** `always` is what no word means. */
export const oldChecksum: ValueKind<'always' | 'never'> = {
  syntax: 'nothing or never',
  example: 'never',
  read({ words, scope, refuse }) {
    scope.facts.set(unicastMeant, true);
    const word = words[1];
    if (word === undefined) return 'always';
    if (word === 'never') return 'never';
    return refuse(`(${scope.name}) Unknown old_unicast_chksum mode ${word} - ignoring`, 1, this.syntax);
  },
  print: (value) => (value === 'never' ? 'never' : ''),
};

/** A keyword that says that unicast is meant stands in the block, be it an empty unicast_peer. */
export function meansUnicast({ values, facts }: Scope): boolean {
  const written = [values.check_unicast_src, values.unicast_fault_no_peer].some((value) => value !== undefined);
  return written || facts.has('unicast_peer') || facts.has(unicastMeant);
}
