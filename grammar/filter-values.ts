import type { Statement, ValueKind } from './keyword.ts';
import { quote, quoteAll } from './values.ts';

/** NFT_NAME_MAXLEN and IPSET_MAXNAMELEN leave fewer, but keepalived adds to the names. */
const maximumSetName = 30;
/** XT_EXTENSION_MAXNAMELEN less two. */
const maximumChainName = 27;

function fits(name: string, longest: number, what: string, statement: Statement): boolean {
  if (name.length > 0 && name.length <= longest) return true;
  statement.log(`${what} name ${name} is too long or empty - ignoring`);
  return false;
}

/** A table of nftables; without a word it has the name `standard`. */
export function nftablesTable(standard: string): ValueKind<string> {
  return {
    syntax: `a name of at most ${maximumSetName} characters, or nothing for ${standard}`,
    read(statement) {
      const name = statement.words[1] ?? standard;
      return fits(name, maximumSetName, 'nftables table', statement) ? name : undefined;
    },
    print: quote,
  };
}

export interface Chains {
  readonly inputChain: string;
  readonly outputChain?: string;
}

/** The chains that iptables rules go to: both usual ones without a word, only one with one. */
export const iptablesChains: ValueKind<Chains> = {
  syntax: `up to two names of at most ${maximumChainName} characters`,
  read(statement) {
    const [, input, output] = statement.words;
    if (input === undefined) return { inputChain: 'INPUT', outputChain: 'OUTPUT' };
    if (input === output) {
      statement.log(`iptables input and output chains are both ${input} - ignoring`);
      return undefined;
    }
    const named = [input, ...(output === undefined ? [] : [output])];
    if (!named.every((name) => fits(name, maximumChainName, 'iptables chain', statement))) return undefined;
    return { inputChain: input, ...(output !== undefined && { outputChain: output }) };
  },
  print: ({ inputChain, outputChain }) => quoteAll(inputChain, outputChain),
};

const suffixes = ['', '6', '_if6', '_igmp', '_mld', '_nd'];

/** Names that are missing are made of the first. */
export function ipsetNames(given: readonly string[], first = given[0] ?? 'keepalived'): readonly string[] {
  return suffixes.map((suffix, i) => given[i] ?? first.slice(0, maximumSetName - suffix.length) + suffix);
}

/** Names of sets, at most one for each kind of them; an empty list means that none are used. */
export const ipsets: ValueKind<readonly string[]> = {
  syntax: `up to ${suffixes.length} names of at most ${maximumSetName} characters, or nothing for no sets`,
  read(statement) {
    const given = statement.words.slice(1, 1 + suffixes.length);
    if (given.length === 0) return [];
    const names = ipsetNames(given);
    if (names.some((name) => name.length === 0 || name.length > maximumSetName)) {
      return statement.refuse('ipset names must have 1 to 30 characters - ignoring all', 1, this.syntax);
    }
    if (new Set(names).size < names.length) {
      return statement.refuse('ipset names are not all different - ignoring all', 1, this.syntax);
    }
    return names;
  },
  print: (names) => quoteAll(...names),
};
