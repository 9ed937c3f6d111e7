import { block, leaf, nothing, type ValueKind } from '../../keyword.ts';
import { oneOf, quote } from '../../values.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

const dnsTypes = ['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'] as const;

const domainName: ValueKind<string> = {
  syntax: 'a domain name',
  example: 'www.example.org',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    if (statement.scope.values.name !== undefined) {
      return statement.refuse(`DNS_CHECK name already specified - ignoring ${word}`, 1);
    }
    // The root is written as one dot; elsewhere a dot at the end only says that the name is whole.
    if (word !== '.' && word !== '' && word.replace(/\.$/, '').split('.').includes('')) {
      return statement.refuse(`DNS_CHECK name '${word}' has empty label - ignoring`, 1, this.syntax);
    }
    return word === '' ? '.' : word;
  },
  print: quote,
};

export const dnsCheck = block(
  nothing,
  'Health check by a DNS query over UDP.',
  {
    ...connectionRows,
    ...scheduleRows,
    type: leaf<(typeof dnsTypes)[number]>(
      oneOf(dnsTypes, 'Unknown DNS check type %s - ignoring', true),
      'Type of record asked for.',
      {
        default: 'SOA',
      },
    ),
    name: leaf(domainName, 'Name asked for.', { default: '.' }),
  },
  { finish: hasReachableTarget },
);
