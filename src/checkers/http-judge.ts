import type { HttpChecker, HttpRegex, HttpUrl } from '../config/types.ts';
import type { CompileRegex } from '../ports/regex.ts';
import type { AttemptResult, CheckerTarget, Failure, Remark } from './attempt.ts';
import type { HttpResponse } from './http-response.ts';
import { failure } from './kind.ts';

/** What a complete answer says of the server: status first, then MD5 digest, then regular expression. */
export function judge(
  target: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  answer: HttpResponse,
  compile: CompileRegex,
): AttemptResult {
  const remark = lengthRemark(target, url, answer);
  const result = judgeContent(target, url, answer, compile);
  return remark === undefined ? result : { ...result, remark };
}

/** A failure in the words of keepalived's HTTP checks. */
export function httpFailure(target: CheckerTarget, reason: string): Failure {
  return failure(`${reason} server ${target.realServer}.`);
}

function judgeContent(
  target: CheckerTarget<HttpChecker>,
  url: HttpUrl,
  answer: HttpResponse,
  compile: CompileRegex,
): Exclude<AttemptResult, { kind: 'postponed' }> {
  if (!url.statusCodes.some(([low, high]) => answer.status >= low && answer.status <= high)) {
    return httpFailure(target, 'HTTP status code error to');
  }
  if (url.digest !== undefined && answer.digest !== url.digest) return httpFailure(target, 'MD5 digest error to');
  if (url.regex && !isAsWanted(url.regex, answer.body ?? new Uint8Array(0), compile)) {
    return httpFailure(target, 'Regex match failed');
  }
  return { kind: 'success', detail: `${decidedBy(url)} success to ${target.realServer} url(${url.path})` };
}

function decidedBy(url: HttpUrl): string {
  if (url.regex) return 'Regex match';
  return url.digest === undefined ? 'HTTP status code' : 'MD5 digest';
}

/** Whether a match begins within the offsets, or none does with regex_no_match. A pattern that cannot be compiled is a failure. */
function isAsWanted(regex: HttpRegex, body: Uint8Array, compile: CompileRegex): boolean {
  const { minimumOffset, maximumOffset = Number.POSITIVE_INFINITY } = regex;
  const compiled = compile(regex.pattern, regex.options);
  if (typeof compiled === 'string') return false;
  const at = minimumOffset > body.length ? undefined : compiled.search(body, minimumOffset);
  return (at !== undefined && at <= maximumOffset) !== regex.noMatch;
}

/** A wrong Content-Length is said, but it is not a failure; the same difference is not said again. */
function lengthRemark(target: CheckerTarget<HttpChecker>, url: HttpUrl, answer: HttpResponse): Remark | undefined {
  const { contentLength, bodyLength } = answer;
  if (contentLength === undefined) return undefined;
  const topic = String(contentLength - bodyLength);
  if (contentLength === bodyLength) return { topic };
  const host = url.virtualHost ?? '';
  const text =
    `http_check for RS ${target.realServer} VS ${target.virtualServer} url ${host}${url.path}: ` +
    `content_length (${contentLength}) does not match received bytes (${bodyLength})`;
  return { topic, text };
}
