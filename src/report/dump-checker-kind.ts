import type {
  Checker,
  DnsChecker,
  FileChecker,
  HttpChecker,
  HttpRegex,
  HttpUrl,
  MiscChecker,
  SmtpChecker,
  UdpChecker,
} from '../config/types.ts';
import { assertNever } from '../lib/assert-never.ts';
import type { Duration } from '../lib/duration.ts';
import {
  type DumpLines,
  fileOfOtherName,
  groupLines,
  onOff,
  optional,
  scriptText,
  wholeSeconds,
  yesNo,
} from './dump-text.ts';

/** What the lines of a check need to know of its surroundings. */
export interface CheckerSurroundings {
  /** The host of its servers. */
  readonly virtualHost: string | undefined;
  /** The delay_loop of its service, which a script without a limit of its own has. */
  readonly delayLoop: Duration | undefined;
  /** Of a running check: the request that has failed. */
  readonly failedUrl: string | undefined;
  readonly running: boolean;
  /** How many requests of all checks share a pattern. */
  sharing(regex: HttpRegex): number;
}

/** What a health check of one kind shows beside timing and connection. */
export function checkerKindLines(checker: Checker, surroundings: CheckerSurroundings): DumpLines {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return [method(checker)];
    case 'PING_CHECK':
      // keepalived counts its requests; ours draw a number each time.
      return [method(checker), '     ICMP seq no = 0'];
    case 'HTTP_GET':
    case 'SSL_GET':
      return httpLines(checker, surroundings);
    case 'SMTP_CHECK':
      return smtpLines(checker);
    case 'DNS_CHECK':
      return dnsLines(checker);
    case 'UDP_CHECK':
      return udpLines(checker);
    case 'MISC_CHECK':
      return miscLines(checker, surroundings);
    case 'FILE_CHECK':
      return fileLines(checker, surroundings);
    case 'BFD_CHECK':
      return [method(checker), `   Name = ${checker.bfd}`, `   Alpha is ${onOff(checker.schedule.alpha)}`];
    default:
      return assertNever(checker);
  }
}

function method({ kind }: Checker): string {
  return `   Keepalive method = ${kind}`;
}

function httpLines(checker: HttpChecker, surroundings: CheckerSurroundings): DumpLines {
  const { virtualHost } = checker;
  const { virtualHost: inherited } = surroundings;
  return [
    `${method(checker)}, http protocol ${checker.httpProtocol}`,
    optional('   Virtualhost', virtualHost),
    `   Enable SNI ${set(checker.enableSni)}`,
    optional('     SNI name', checker.sniName),
    `   Fast recovery ${set(checker.fastRecovery)}`,
    checker.kind === 'SSL_GET' && `   tls_compliant ${set(checker.tlsCompliant)}`,
    ...checker.urls.flatMap((url) => urlLines(url, virtualHost ?? inherited, surroundings)),
    optional('   Failed URL', surroundings.failedUrl),
  ];
}

function set(value: boolean): string {
  return value ? 'set' : 'unset';
}

function urlLines(url: HttpUrl, inherited: string | undefined, { sharing }: CheckerSurroundings): DumpLines {
  const { path, digest, statusCodes, virtualHost, regex } = url;
  return [
    `   Checked url = ${path}`,
    optional('     digest', digest),
    `     tls_compliant ${set(url.tlsCompliant)}`,
    '     HTTP Status Code(s)',
    ...statusCodes.map(([first, last]) => `       ${first === last ? first : `${first}-${last}`}`),
    virtualHost !== undefined && virtualHost !== inherited && `     Virtual host = ${virtualHost}`,
    ...(regex ? regexLines(regex, sharing(regex)) : []),
  ];
}

function regexLines(regex: HttpRegex, sharing: number): DumpLines {
  const { pattern, options, noMatch, minimumOffset, maximumOffset, stack } = regex;
  return [
    `     Regex = "${pattern}"`,
    noMatch && '     Regex no match',
    maximumOffset !== undefined && `     Regex min offset = ${minimumOffset}, max_offset = ${maximumOffset}`,
    maximumOffset === undefined && minimumOffset > 0 && `     Regex min offset = ${minimumOffset}`,
    `     Regex options:${options.map((option) => ` ${option}`).join('')}`,
    `     Regex ref count = ${sharing}`,
    stack && `     Regex stack start ${stack.start}, max ${stack.maximum}`,
  ];
}

function smtpLines(checker: SmtpChecker): DumpLines {
  return [method(checker), `   helo = ${checker.heloName}`];
}

function dnsLines(checker: DnsChecker): DumpLines {
  return [method(checker), `   Type = ${checker.type}`, `   Name = ${checker.name === '.' ? '' : checker.name}`];
}

function udpLines(checker: UdpChecker): DumpLines {
  const { payload, requireReply, reply } = checker;
  return [
    method(checker),
    payload.length > 0 ? `   Payload len = ${payload.length}` : '   Payload specified = no',
    `   Require reply = ${yesNo(requireReply)}`,
    requireReply && `     Min reply length = ${checker.minimumReplyLength}`,
    requireReply && `     Max reply length = ${checker.maximumReplyLength}`,
    requireReply && `     Reply data len = ${reply?.bytes.length ?? 0}`,
    reply && `     Reply data mask = ${yesNo(reply.mask.some((byte) => byte !== 0xff))}`,
  ];
}

function miscLines(checker: MiscChecker, { delayLoop }: CheckerSurroundings): DumpLines {
  const { command, timeout, dynamic } = checker;
  const { uid, gid } = command;
  return [
    method(checker),
    optional('   path', fileOfOtherName(command)),
    `   script = ${scriptText(command).replace(/, uid:gid [^,]*$/, '')}`,
    `   timeout = ${timeout === delayLoop ? 0 : wholeSeconds(timeout)}`,
    `   dynamic = ${dynamic ? 'YES' : 'NO'}`,
    `   uid:gid = ${uid}:${gid}`,
    ...groupLines(command, 5),
  ];
}

/** keepalived says No after a reload, too. */
function fileLines(checker: FileChecker, { running }: CheckerSurroundings): DumpLines {
  return [method(checker), `     Tracked file = ${checker.trackFile}`, running && '     Reloaded = No'];
}
