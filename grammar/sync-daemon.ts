import { addressFamily, type IpAddress, isMulticast, parseIp } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import type { Statement, ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';
import { maximumInterfaceName, quote } from './values.ts';

export interface SyncDaemonWords {
  readonly interface: string;
  readonly instance?: string;
  readonly id?: number;
  readonly maximumLength?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
}

type Draft = Mutable<SyncDaemonWords>;

interface NumberOption {
  readonly field: 'id' | 'maximumLength' | 'port' | 'ttl';
  readonly minimum: number;
  readonly maximum: number;
}

const numbers: ReadonlyMap<string, NumberOption> = new Map<string, NumberOption>([
  ['id', { field: 'id', minimum: 0, maximum: 255 }],
  ['maxlen', { field: 'maximumLength', minimum: 1, maximum: 65507 }],
  ['port', { field: 'port', minimum: 1, maximum: 65535 }],
  ['ttl', { field: 'ttl', minimum: 1, maximum: 255 }],
]);

const isOption = (word: string): boolean => word === 'inst' || word === 'group' || numbers.has(word);

/** The synchronisation daemon of IPVS; the instance and the number of old files stand without their keywords. */
export const syncDaemon: ValueKind<SyncDaemonWords> = {
  syntax: 'an interface, then any of inst, id, maxlen, port, ttl and group with their values',
  words: {
    inst: 'The instance whose state decides between master and backup daemon.',
    id: 'Number of the group of directors, 0 to 255; that of the virtual router unless set.',
    maxlen: 'Longest datagram in bytes.',
    port: 'Port that datagrams go to.',
    ttl: 'Time to live of datagrams.',
    group: 'Multicast group that datagrams go to.',
  },
  read(statement) {
    const { words } = statement;
    const name = words[1];
    const complain = (message: string, word: number): undefined => statement.refuse(message, word, this.syntax);
    if (name === undefined) return complain('lvs_sync_daemon requires interface', 0);
    if (name.length > maximumInterfaceName) {
      return complain(`lvs_sync_daemon interface name '${name}' too long - ignoring`, 1);
    }
    const draft: Draft = { interface: name };
    let at = 2;
    if (words[at] !== undefined && !isOption(words[at] as string)) {
      draft.instance = words[at++] as string;
      const word = words[at];
      if (word !== undefined && !isOption(word)) readOldId(draft, statement, at++);
    }
    while (at < words.length) at += readOption(draft, statement, at);
    return draft;
  },
  print(value) {
    const named = [...numbers].map(([word, { field }]) => [word, value[field]] as const);
    const options = [['inst', value.instance], ...named, ['group', value.group]] as const;
    const shown = options.filter(([, one]) => one !== undefined).map(([word, one]) => `${word} ${quote(String(one))}`);
    return [quote(value.interface), ...shown].join(' ');
  },
};

function readOldId(draft: Draft, statement: Statement, at: number): void {
  const word = statement.words[at] as string;
  const id = readIntegerText(word, statement, at, 0, 255, 'exact');
  if (id === undefined) {
    statement.report('general-error', `Invalid syncid (${word}) - defaulting to vrid`, at);
    return;
  }
  draft.id = id;
  statement.report('deprecated', 'Please use keyword "id" before lvs_sync_daemon SYNCID', at);
}

/** Returns how many words were read. */
function readOption(draft: Draft, statement: Statement, at: number): number {
  const name = statement.words[at] as string;
  const value = statement.words[at + 1];
  const complain = (message: string, word = at): number => {
    statement.report('general-error', message, word);
    return isOption(name) && value !== undefined ? 2 : 1;
  };
  if (!isOption(name)) return complain(`Unknown option ${name} specified for lvs_sync_daemon`);
  if (value === undefined) {
    return complain(
      `No value specified for lvs_sync_daemon ${name}, ${name === 'id' ? 'defaulting to vrid' : 'ignoring'}`,
    );
  }
  if (name === 'inst') {
    if (draft.instance === undefined) {
      draft.instance = value;
      return 2;
    }
    return complain(`lvs_sync_daemon vrrp instance has already been specified as ${draft.instance} - ignoring`);
  }
  const option = numbers.get(name);
  if (!option) return readGroup(draft, value, complain);
  const number = readIntegerText(value, statement, at + 1, option.minimum, option.maximum, 'exact');
  if (number !== undefined) {
    draft[option.field] = number;
    return 2;
  }
  if (name === 'id') return complain(`Invalid syncid (${value}) - defaulting to vrid`, at + 1);
  return complain(`Invalid lvs_sync_daemon ${name} (${value}) - ignoring`, at + 1);
}

function readGroup(draft: Draft, word: string, complain: (message: string) => number): number {
  const group = parseIp(word);
  if (group === undefined) return complain(`Invalid lvs_sync_daemon group (${word}) - ignoring`);
  if (!isMulticast(group)) {
    const shown = addressFamily(group) === 4 ? group : `[${group}]`;
    return complain(`lvs_sync_daemon group address ${shown} is not multicast - ignoring`);
  }
  draft.group = group;
  return 2;
}
