import type { Statement, ValueKind } from './keyword.ts';
import { readIntegerText } from './numbers.ts';

/** How packets reach a server; FNAT is ours. */
export type Method = 'NAT' | 'DR' | 'TUN' | 'FNAT';

/** A forwarding method with the options of its tunnel. */
export interface Forwarding {
  readonly method: Method;
  readonly tunnel?: TunnelOptions;
}

export interface TunnelOptions {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** Only for GUE. */
  readonly port?: number;
  readonly checksum: 'none' | 'present' | 'remote';
}

const methods: ReadonlySet<string> = new Set(['NAT', 'DR', 'TUN', 'FNAT'] satisfies Method[]);
const checksums = { nocsum: 'none', csum: 'present', remcsum: 'remote' } as const;
const checksumWords = { none: '', present: ' csum', remote: ' remcsum' } as const;

/** A method, then options of a tunnel in any order. With a bad option the method counts all the same. */
export function forwardingMethod(server: string): ValueKind<Forwarding> {
  const syntax = 'NAT, DR, FNAT or TUN [type ipip|gue|gre] [port PORT] [nocsum|csum|remcsum]';
  return {
    syntax,
    example: 'DR',
    read(statement) {
      const word = statement.words[1];
      if (word === undefined) return statement.missing(1);
      if (!methods.has(word)) {
        return statement.refuse(`PARSER : unknown [${word}] routing method for ${server}.`, 1, syntax);
      }
      const method = word as Method;
      const tunnel = readTunnel(statement, server);
      return method === 'TUN' && tunnel && isNotPlain(tunnel) ? { method, tunnel } : { method };
    },
    print: ({ method, tunnel }) => (tunnel ? `${method} ${printTunnel(tunnel)}` : method),
  };
}

function isNotPlain({ type }: TunnelOptions): boolean {
  return type !== 'ipip';
}

function printTunnel({ type, port, checksum }: TunnelOptions): string {
  return `type ${type}${port === undefined ? '' : ` port ${port}`}${checksumWords[checksum]}`;
}

/** The options after the method; undefined when one of them, or their combination, is refused. */
function readTunnel(statement: Statement, server: string): TunnelOptions | undefined {
  const { words } = statement;
  let type: TunnelOptions['type'] = 'ipip';
  let port: number | undefined;
  let checksum: TunnelOptions['checksum'] = 'none';
  for (let at = 2; at < words.length; at++) {
    const word = words[at] as string;
    if (word === 'type') {
      const read = readType(statement, ++at, server);
      if (read === undefined) return undefined;
      type = read;
    } else if (word === 'port') {
      port = readPort(statement, ++at, server);
      if (port === undefined) return undefined;
    } else if (Object.hasOwn(checksums, word)) checksum = checksums[word as keyof typeof checksums];
    else return statement.refuse(`Invalid tunnel option ${word} for ${server}.`, at);
  }
  if ((type === 'gue') !== (port !== undefined)) {
    return statement.refuse('gue tunnels require port, otherwise cannot have port.', 2);
  }
  if (type === 'ipip' && checksum !== 'none') {
    return statement.refuse('ipip tunnels do not support checksum option.', 2);
  }
  if (type === 'gre' && checksum === 'remote') {
    return statement.refuse('gre tunnels do not support remote checksum option.', 2);
  }
  return { type, checksum, ...(port !== undefined && { port }) };
}

function readType(statement: Statement, at: number, server: string): TunnelOptions['type'] | undefined {
  const word = statement.words[at];
  if (word === undefined) return statement.refuse(`Missing tunnel type for ${server}.`, at - 1);
  if (word === 'ipip' || word === 'gue' || word === 'gre') return word;
  return statement.refuse(`Unknown tunnel type ${word} for ${server}.`, at, 'ipip, gue or gre');
}

function readPort(statement: Statement, at: number, server: string): number | undefined {
  const word = statement.words[at];
  if (word === undefined) return statement.refuse(`Missing port for ${server} gue tunnel.`, at - 1);
  const port = readIntegerText(word, statement, at, 1, 65535);
  return port ?? statement.refuse(`Invalid gue tunnel port ${word} for ${server}.`, at);
}
