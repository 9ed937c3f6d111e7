import type { HttpChecker, HttpUrl } from '../config/types.ts';
import { after, micros } from '../lib/duration.ts';
import type { DialFailure, ReadFailure, Stream } from '../ports/dial.ts';
import { type AttemptResult, bindPostponed, type CheckerPorts, type CheckerTarget, isUnreachable } from './attempt.ts';
import { type HttpResponse, HttpResponseReader } from './http-response.ts';

/** A server that sends byte by byte is given up after delay_loop, but not before this many connect_timeouts. */
const LONGEST_ANSWER = 10;

/**
 * HTTP_GET, one url: the request is sent, the answer read to its announced length or its end, and judged by status,
 * then by MD5 digest. Each wait (connection, and every read) is limited by connect_timeout.
 */
export async function checkHttp(
  target: CheckerTarget<HttpChecker>,
  step: number,
  ports: CheckerPorts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { checker } = target;
  const url = checker.urls[step];
  if (!url) return { kind: 'success' };
  const dialled = await ports.dial.connect(checker.connection, signal);
  if (!dialled.ok) return connectFailure(target, dialled.error);
  const stream = dialled.value;
  try {
    stream.write(httpRequest(target, url));
    const answer = await readAnswer(target, url, stream, ports);
    return typeof answer === 'string' ? failure(target, answer) : judge(target, url, answer);
  } finally {
    stream.close();
  }
}

/** The request, byte for byte as keepalived sends it. */
export function httpRequest(target: CheckerTarget<HttpChecker>, url: HttpUrl): Uint8Array {
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
  target: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  stream: Stream,
  ports: CheckerPorts,
): Promise<HttpResponse | string> {
  const { connection, schedule } = target.checker;
  const longest = Math.max(schedule.delayLoop, LONGEST_ANSWER * connection.connectTimeout);
  const until = after(ports.clock.now(), longest);
  const reader = new HttpResponseReader(url.digest === undefined ? undefined : ports.md5());
  for (let first = true; ; first = false) {
    const left = until - ports.clock.now();
    if (left <= 0) return 'Timeout HTTP read';
    const received = await stream.read(micros(Math.min(left, connection.connectTimeout)));
    if (!received.ok) return readFailure(received.error, first);
    const progress = received.value === 'end' ? 'complete' : reader.take(received.value);
    if (progress === 'excessive') return 'Answer too long from';
    if (progress === 'complete') return reader.response() ?? 'Read, no data received from ';
  }
}

function judge(target: CheckerTarget<HttpChecker>, url: HttpUrl, answer: HttpResponse): AttemptResult {
  const remark = lengthRemark(target, url, answer);
  const result = judgeContent(target, url, answer);
  return remark === undefined ? result : { ...result, remark };
}

function judgeContent(
  target: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  answer: HttpResponse,
): Exclude<AttemptResult, { kind: 'postponed' }> {
  if (!url.statusCodes.some(([low, high]) => answer.status >= low && answer.status <= high)) {
    return failure(target, 'HTTP status code error to');
  }
  if (url.digest !== undefined && answer.digest !== url.digest) return failure(target, 'MD5 digest error to');
  const reason = url.digest === undefined ? 'HTTP status code' : 'MD5 digest';
  return { kind: 'success', detail: `${reason} success to ${target.realServer} url(${url.path})` };
}

/** A wrong Content-Length is said, but it is not a failure. */
function lengthRemark(target: CheckerTarget<HttpChecker>, url: HttpUrl, answer: HttpResponse): string | undefined {
  const { contentLength, bodyLength } = answer;
  if (contentLength === undefined || contentLength === bodyLength) return undefined;
  const host = url.virtualHost === undefined ? '' : ` ${url.virtualHost}`;
  return (
    `http_check for RS ${target.realServer} VS ${target.virtualServer} url ${url.path}${host}: ` +
    `content_length (${contentLength}) does not match received bytes (${bodyLength})`
  );
}

function connectFailure(target: CheckerTarget, error: DialFailure): AttemptResult {
  if (error.kind === 'bind') return bindPostponed(error.message, 'WEB socket bind failed. Rescheduling');
  if (error.kind === 'timeout') return failure(target, 'Timeout connecting');
  return failure(target, isUnreachable(error) ? 'HTTP_CHECK - network unreachable' : 'Connection failed');
}

function readFailure(error: ReadFailure, first: boolean): string {
  if (error.kind !== 'timeout') return 'Read error with';
  return first ? 'Timeout WEB read' : 'Timeout HTTP read';
}

function failure(target: CheckerTarget, reason: string): { readonly kind: 'failure'; readonly detail: string } {
  return { kind: 'failure', detail: `${reason} server ${target.realServer}.` };
}
