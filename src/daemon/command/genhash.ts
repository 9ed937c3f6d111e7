import type { CheckerConnection } from '../../config/types.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { seconds } from '../../lib/duration.ts';
import { err, type Result } from '../../lib/result.ts';
import { elapsedMilliseconds } from '../../os/clock.ts';
import { dial } from '../../os/sockets/dial.ts';
import { startMd5 } from '../../os/digest.ts';
import { writeOutput } from '../../os/program.ts';
import { openSecureDial } from '../../os/sockets/secure-dial.ts';
import type { DialFailure, Stream } from '../../ports/dial.ts';
import { genhashUsage } from './genhash-usage.ts';
import { type GenhashOptions, parseGenhash } from './genhash-options.ts';
import { hexDump } from './hex-dump.ts';

/** What came back: everything before the first empty line, and everything after it. */
interface Page {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/** A page that has no end is given up here. */
const LARGEST_PAGE = 1 << 28;

/**
 * genhash(1): prints the MD5 digest of a page's body, as the digest of HTTP_GET wants it. The exit status: 1 for a wrong call,
 * otherwise 0, as scripts know it.
 */
export async function genhash(name: string, words: readonly string[]): Promise<number> {
  const options = parseGenhash(words);
  if (!options.ok) {
    for (const complaint of options.error) writeOutput('stderr', complaint);
    writeOutput('stderr', genhashUsage(name));
    return 1;
  }
  const begin = elapsedMilliseconds();
  const page = await fetchPage(options.value);
  if (typeof page === 'string') {
    writeOutput('stdout', page);
    return 0;
  }
  const md5 = startMd5();
  md5.update(page.body);
  const digest = md5.hex();
  const { verbose, url } = options.value;
  if (!verbose) writeOutput('stdout', digest);
  else writeOutput('stdout', verboseText(page, digest, url, Math.round((elapsedMilliseconds() - begin) * 1000)));
  return 0;
}

async function fetchPage(options: GenhashOptions): Promise<Page | string> {
  const limit = seconds(options.timeout);
  const connected = await connect(options, new AbortController().signal);
  if (!connected.ok) return 'Connection failed';
  const stream = connected.value;
  stream.write(new TextEncoder().encode(request(options)));
  const received = new ByteWriter();
  for (;;) {
    const part = await stream.read(limit);
    if (!part.ok) return 'Read timeout or failure';
    if (part.value !== 'end') received.bytes(part.value);
    const page = splitPage(received.written());
    if (part.value === 'end' || isComplete(page) || received.length > LARGEST_PAGE) {
      stream.close();
      return page ?? 'No HTTP header';
    }
  }
}

function connect(options: GenhashOptions, signal: AbortSignal): Promise<Result<Stream, DialFailure>> {
  const { server: address, port, timeout, fwmark, useTls, useServerName, virtualHost } = options;
  const connection: CheckerConnection = {
    address,
    port,
    connectTimeout: seconds(timeout),
    ...(fwmark !== undefined && { fwmark }),
  };
  if (!useTls) return dial.connect(connection, signal);
  const secureDial = openSecureDial(undefined);
  if (!secureDial.ok) return Promise.resolve(err({ kind: 'failed', code: secureDial.error.join(' ') }));
  const serverName = useServerName ? virtualHost : undefined;
  const handshake = { closesFully: false, ...(serverName !== undefined && { serverName }) };
  return secureDial.value.connect(connection, handshake, signal);
}

function request({ url, httpProtocol, virtualHost, server, port }: GenhashOptions): string {
  const closes = httpProtocol === '1.0' ? '' : 'Connection: close\r\n';
  const host = virtualHost ?? `${server.includes(':') ? `[${server}]` : server}:${port}`;
  const version = httpProtocol === '1.1' ? '1.1' : '1.0';
  return `GET ${url} HTTP/${version}\r\nUser-Agent: KeepAliveClient\r\n${closes}Host: ${host}\r\n\r\n`;
}

function splitPage(received: Uint8Array): Page | undefined {
  const end = Buffer.from(received.buffer, received.byteOffset, received.length).indexOf('\r\n\r\n');
  return end < 0 ? undefined : { header: received.subarray(0, end + 4), body: received.subarray(end + 4) };
}

/** The announced length has come; what follows it is not asked for. */
function isComplete(page: Page | undefined): boolean {
  if (!page) return false;
  const length = /^content-length:\s*(\d+)\s*$/im.exec(new TextDecoder('latin1').decode(page.header))?.[1];
  return length !== undefined && page.body.length >= Number(length);
}

function verboseText({ header, body }: Page, digest: string, url: string, micros: number): string {
  const hash = Uint8Array.from(Buffer.from(digest, 'hex'));
  return [
    '-----------------------[    HTTP Header Buffer    ]-----------------------',
    ...hexDump(header),
    '-----------------------[ HTTP Header Ascii Buffer ]-----------------------',
    new TextDecoder('latin1').decode(header),
    '-----------------------[        HTML Buffer        ]-----------------------',
    ...hexDump(body),
    '',
    '-----------------------[    HTML hash resulting    ]-----------------------',
    ...hexDump(hash),
    '-----------------------[ HTML hash final resulting ]-----------------------',
    digest,
    '',
    `Global response time for [${url}] = ${micros} usecs`,
  ].join('\n');
}
