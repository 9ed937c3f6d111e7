import { type IpAddress, parseIp } from '../../lib/ip.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** A page to be digested, and how it is asked for. */
export interface GenhashOptions {
  readonly server: IpAddress;
  readonly port: number;
  readonly url: string;
  readonly useTls: boolean;
  /** Name the virtual host in the TLS handshake. */
  readonly useServerName: boolean;
  readonly virtualHost?: string;
  readonly httpProtocol: '1.0' | '1.0c' | '1.1';
  readonly fwmark?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly verbose: boolean;
}

type Draft = { -readonly [Name in keyof GenhashOptions]?: GenhashOptions[Name] };

interface Row {
  readonly short: string;
  readonly long: string;
  readonly argument: boolean;
  /** What is wrong with the argument. */
  readonly read: (draft: Draft, value: string) => string | undefined;
}

function sets(change: Draft): Row['read'] {
  return (draft) => {
    Object.assign(draft, change);
    return undefined;
  };
}

const ROWS: readonly Row[] = [
  { short: 'S', long: 'use-ssl', argument: false, read: sets({ useTls: true }) },
  { short: 'I', long: 'use-sni', argument: false, read: sets({ useServerName: true }) },
  { short: 's', long: 'server', argument: true, read: readServer },
  { short: 'p', long: 'port', argument: true, read: number('port', 'port number', 1, 65535) },
  { short: 'u', long: 'url', argument: true, read: (draft, url) => sets({ url })(draft, url) },
  {
    short: 'V',
    long: 'use-virtualhost',
    argument: true,
    read: (draft, virtualHost) => sets({ virtualHost })(draft, virtualHost),
  },
  { short: 'v', long: 'verbose', argument: false, read: sets({ verbose: true }) },
  { short: 'h', long: 'help', argument: false, read: () => '' },
  { short: 'm', long: 'fwmark', argument: true, read: number('fwmark', 'fwmark', 1, 0xffff_ffff) },
  { short: 'P', long: 'protocol', argument: true, read: readProtocol },
  { short: 't', long: 'timeout', argument: true, read: number('timeout', 'timeout', 1, 3600) },
];

function readServer(draft: Draft, text: string): string | undefined {
  const server = parseIp(text);
  if (server === undefined) return `server should be an IP, not ${text}`;
  draft.server = server;
  return undefined;
}

function number(name: 'port' | 'fwmark' | 'timeout', title: string, least: number, most: number): Row['read'] {
  return (draft, text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) return `invalid ${title} '${text}'`;
    draft[name] = value;
    return undefined;
  };
}

function readProtocol(draft: Draft, text: string): string | undefined {
  if (text !== '1.0' && text !== '1.0c' && text !== '1.1') return `invalid HTTP protocol version '${text}'`;
  draft.httpProtocol = text;
  return undefined;
}

/** Reads genhash's words; a refusal's text may be empty: then the usage says enough. */
export function parseGenhash(words: readonly string[]): Result<GenhashOptions, string> {
  const draft: Draft = {};
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    const short = /^-([^-])(.*)$/s.exec(word);
    if (!long && !short) return err('');
    const row = ROWS.find((one) => (long ? one.long === long[1] : one.short === short?.[1]));
    if (!row) return err(`Unknown option ${long ? word : `-${short?.[1]}`}`);
    const attached = long ? long[2] : short?.[2] || undefined;
    // Letters that follow one without an argument are options too.
    if (!row.argument && short && attached !== undefined) waiting.unshift(`-${attached}`);
    const value = row.argument ? (attached ?? waiting.shift()) : '';
    const complaint = value === undefined ? `Missing parameter for option -${row.short}` : row.read(draft, value);
    if (complaint !== undefined) return err(complaint);
  }
  return complete(draft);
}

function complete(draft: Draft): Result<GenhashOptions, string> {
  const { server, port, url } = draft;
  if (server === undefined || port === undefined || url === undefined) return err('');
  const standard = { useTls: false, useServerName: false, httpProtocol: '1.0', timeout: 5, verbose: false } as const;
  return ok({ ...standard, ...draft, server, port, url });
}
