import { type IpAddress, parseIp } from '../../lib/ip.ts';
import type { Mutable } from '../../lib/mutable.ts';
import { getopt, type OptionForm } from './getopt.ts';
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

type Draft = Partial<Mutable<GenhashOptions>>;

interface Row extends OptionForm {
  /** What is wrong with the argument. */
  readonly read: (draft: Draft, value: string) => [complaint: string] | undefined;
}

function sets(change: Draft): Row['read'] {
  return (draft) => {
    Object.assign(draft, change);
    return undefined;
  };
}

const ROWS: readonly Row[] = [
  { short: 'S', long: 'use-ssl', argument: 'none', read: sets({ useTls: true }) },
  { short: 'I', long: 'use-sni', argument: 'none', read: sets({ useServerName: true }) },
  { short: 's', long: 'server', argument: 'required', read: readServer },
  { short: 'p', long: 'port', argument: 'required', read: number('port', 'port number', 1, 65535) },
  { short: 'u', long: 'url', argument: 'required', read: (draft, url) => sets({ url })(draft, url) },
  {
    short: 'V',
    long: 'use-virtualhost',
    argument: 'required',
    read: (draft, virtualHost) => sets({ virtualHost })(draft, virtualHost),
  },
  { short: 'v', long: 'verbose', argument: 'none', read: sets({ verbose: true }) },
  { short: 'h', long: 'help', argument: 'none', read: () => undefined },
  { short: 'm', long: 'fwmark', argument: 'required', read: number('fwmark', 'fwmark', 1, 0xffff_ffff) },
  { short: 'P', long: 'protocol', argument: 'required', read: readProtocol },
  { short: 't', long: 'timeout', argument: 'required', read: number('timeout', 'timeout', 1, 3600) },
];

function readServer(draft: Draft, text: string): [string] | undefined {
  const server = parseIp(text);
  if (server === undefined) return [`server should be an IP, not ${text}`];
  draft.server = server;
  return undefined;
}

function number(name: 'port' | 'fwmark' | 'timeout', title: string, least: number, most: number): Row['read'] {
  return (draft, text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) return [`invalid ${title} '${text}'`];
    draft[name] = value;
    return undefined;
  };
}

function readProtocol(draft: Draft, text: string): [string] | undefined {
  if (text !== '1.0' && text !== '1.0c' && text !== '1.1') return [`invalid HTTP protocol version '${text}'`];
  draft.httpProtocol = text;
  return undefined;
}

/** Reads genhash's words to the end; a refusal is every complaint, and may have none: then the usage says enough. */
export function parseGenhash(words: readonly string[]): Result<GenhashOptions, readonly string[]> {
  const draft: Draft = {};
  const complaints: string[] = [];
  const rest: string[] = [];
  for (const item of getopt(words, ROWS)) {
    if (item.kind === 'word') rest.push(item.text);
    else if (item.kind === 'mistake') complaints.push(item.text);
    else if (item.row.long === 'help') return err(complaints);
    else complaints.push(...(item.row.read(draft, item.value) ?? []));
  }
  if (complaints.length > 0) return err(complaints);
  return rest.length > 0 ? err([`Unexpected argument(s): ${rest.join(' ')}`]) : complete(draft);
}

function complete(draft: Draft): Result<GenhashOptions, readonly string[]> {
  const { server, port, url } = draft;
  if (server === undefined || port === undefined || url === undefined) return err([]);
  const standard = { useTls: false, useServerName: false, httpProtocol: '1.0', timeout: 5, verbose: false } as const;
  return ok({ ...standard, ...draft, server, port, url });
}
