import type { HttpChecker, HttpUrl } from '../config/types.ts';
import { after, longerOf, micros } from '../lib/duration.ts';
import type { Result } from '../lib/result.ts';
import type { DialFailure, ReadFailure, Stream } from '../ports/dial.ts';
import { type AttemptResult, type CheckerPorts, type CheckerTarget, isUnreachable, postponed } from './attempt.ts';
import { httpFailure, judge } from './http-judge.ts';
import { type HttpResponse, HttpResponseReader } from './http-response.ts';
import { afterRetries, type CheckerKind, plainRules } from './kind.ts';

const NO_DATA = 'Read, no data received from ';
/** A server that sends byte by byte is given up after delay_loop, but not before this many connect_timeouts. */
const LONGEST_ANSWER = 10;

/**
 * HTTP_GET and SSL_GET, one url: the request is sent, the answer read to its announced length or its end, and judged.
 * Each wait (connection, handshake, and every read) is limited by connect_timeout.
 */
export const httpCheck: CheckerKind<HttpChecker> = {
  async attempt(target, step, ports, signal) {
    const url = target.checker.urls[step];
    if (!url) return { kind: 'success' };
    const dialled = await dial(target, url, ports, signal);
    if (!dialled.ok) return connectFailure(target, dialled.error);
    const stream = dialled.value;
    try {
      stream.write(httpRequest(target, url));
      const answer = await readAnswer(target, url, stream, ports);
      return typeof answer === 'string' ? httpFailure(target, answer) : judge(target, url, answer, ports.compileRegex);
    } finally {
      stream.close();
    }
  },
  rules: ({ checker, realServer }) => {
    const { schedule } = checker;
    const protocol = checker.kind === 'SSL_GET' ? 'SSL' : 'HTTP';
    const texts = {
      up: `Remote Web server ${realServer} succeed on service.`,
      down: (retries: number | undefined) =>
        `${protocol}_CHECK on service ${realServer} failed${afterRetries(retries)}.`,
      detailApart: true,
      detailsAlpha: true,
      claimsFirstRunRetries: true,
      mail: {
        up: '=> CHECK succeed on service <=',
        down: () => `=> CHECK failed on service : ${protocol} request failed <=`,
      },
    };
    return {
      ...plainRules(schedule, texts),
      steps: checker.urls.length,
      fastRecovery: checker.fastRecovery,
      retestsFailedStep: true,
      confirmsAlpha: false,
      delayWhenDown: longerOf(schedule.delayLoop, schedule.delayBeforeRetry),
    };
  },
};

function dial(
  target: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  { dial, secureDial }: CheckerPorts,
  signal: AbortSignal,
): Promise<Result<Stream, DialFailure>> {
  const { checker } = target;
  if (checker.kind === 'HTTP_GET') return dial.connect(checker.connection, signal);
  const serverName = handshakeName(target, url);
  const handshake = { closesFully: url.tlsCompliant, ...(serverName !== undefined && { serverName }) };
  return secureDial.connect(checker.connection, handshake, signal);
}

/** The server's name in the TLS handshake, where one is wanted. */
function handshakeName({ checker, handshakeHost }: CheckerTarget<HttpChecker>, url: HttpUrl): string | undefined {
  return checker.enableSni ? (checker.sniName ?? url.virtualHost ?? handshakeHost) : undefined;
}

/** The request, byte for byte as keepalived sends it. */
function httpRequest(target: CheckerTarget<HttpChecker>, url: HttpUrl): Uint8Array {
  const { checker } = target;
  const lines = [
    `GET ${url.path} HTTP/${checker.httpProtocol === '1.1' ? '1.1' : '1.0'}`,
    'User-Agent: KeepAliveClient',
    ...(checker.httpProtocol === '1.0' ? [] : ['Connection: close']),
    `Host: ${url.virtualHost ?? checker.virtualHost ?? target.defaultHost}`,
  ];
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
}

/** The complete answer, or why there is none. */
async function readAnswer(
  { checker }: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  stream: Stream,
  ports: CheckerPorts,
): Promise<HttpResponse | string> {
  const { connection, schedule, kind } = checker;
  const longest = Math.max(schedule.delayLoop, LONGEST_ANSWER * connection.connectTimeout);
  const until = after(ports.clock.now(), micros(longest));
  const digest = url.digest === undefined ? undefined : ports.md5();
  const reader = new HttpResponseReader({ digest, kept: url.regex !== undefined });
  for (let first = true; ; first = false) {
    const left = until - ports.clock.now();
    if (left <= 0) return readFailure({ kind: 'timeout' }, false, kind);
    const received = await stream.read(micros(Math.min(left, connection.connectTimeout)));
    if (!received.ok) return readFailure(received.error, first, kind);
    const progress = received.value === 'end' ? 'complete' : reader.take(received.value);
    if (progress === 'excessive') return 'Answer too long from';
    if (progress === 'headless') return NO_DATA;
    if (progress === 'complete') return reader.response() ?? noAnswer(kind);
  }
}

function noAnswer(kind: HttpChecker['kind']): string {
  return kind === 'SSL_GET' ? 'SSL read error from' : NO_DATA;
}

function connectFailure(target: CheckerTarget<HttpChecker>, error: DialFailure): AttemptResult {
  const own = postponed(error, 'WEB socket bind failed. Rescheduling');
  if (own) return own;
  if (error.kind === 'timeout') return httpFailure(target, 'Timeout connecting');
  if (isUnreachable(error)) return httpFailure(target, 'HTTP_CHECK - network unreachable');
  const noTls = error.kind === 'failed' && error.code === 'EPROTO';
  return httpFailure(target, noTls ? 'SSL handshake/communication error connecting to' : 'Connection failed');
}

function readFailure(error: ReadFailure, first: boolean, kind: HttpChecker['kind']): string {
  if (kind === 'SSL_GET') return error.kind === 'timeout' ? 'Timeout SSL read' : 'SSL read error from';
  if (error.kind !== 'timeout') return 'Read error with';
  return first ? 'Timeout WEB read' : 'Timeout HTTP read';
}
