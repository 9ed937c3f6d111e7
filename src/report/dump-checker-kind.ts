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
import { type DumpLines, optional, scriptText, wholeSeconds, yesNo } from './dump-text.ts';

/** What a health check of one kind shows beside timing and connection. `inherited` is the host of its servers. */
export function checkerKindLines(checker: Checker, inherited: string | undefined): DumpLines {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return [method(checker)];
    case 'PING_CHECK':
      return [method(checker)];
    case 'HTTP_GET':
    case 'SSL_GET':
      return httpLines(checker, inherited);
    case 'SMTP_CHECK':
      return smtpLines(checker);
    case 'DNS_CHECK':
      return dnsLines(checker);
    case 'UDP_CHECK':
      return udpLines(checker);
    case 'MISC_CHECK':
      return miscLines(checker);
    case 'FILE_CHECK':
      return fileLines(checker);
    case 'BFD_CHECK':
      return [method(checker), `   Name = ${checker.bfd}`];
    default:
      return assertNever(checker);
  }
}

function method({ kind }: Checker): string {
  return `   Keepalive method = ${kind}`;
}

function httpLines(checker: HttpChecker, inherited: string | undefined): DumpLines {
  const { virtualHost } = checker;
  return [
    `${method(checker)}, http protocol ${checker.httpProtocol}`,
    virtualHost !== undefined && virtualHost !== inherited && `   Virtualhost = ${virtualHost}`,
    `   Enable SNI ${set(checker.enableSni)}`,
    optional('     SNI name', checker.sniName),
    `   Fast recovery ${set(checker.fastRecovery)}`,
    checker.kind === 'SSL_GET' && `   tls_compliant ${set(checker.tlsCompliant)}`,
    ...checker.urls.flatMap((url) => urlLines(url, virtualHost ?? inherited)),
  ];
}

function set(value: boolean): string {
  return value ? 'set' : 'unset';
}

function urlLines(url: HttpUrl, inherited: string | undefined): DumpLines {
  const { path, digest, statusCodes, virtualHost, regex } = url;
  return [
    `   Checked url = ${path}`,
    optional('     digest', digest),
    `     tls_compliant ${set(url.tlsCompliant)}`,
    '     HTTP Status Code(s)',
    ...statusCodes.map(([first, last]) => `       ${first === last ? first : `${first}-${last}`}`),
    virtualHost !== undefined && virtualHost !== inherited && `     Virtual host = ${virtualHost}`,
    ...(regex ? regexLines(regex) : []),
  ];
}

function regexLines({ pattern, options, noMatch, minimumOffset, maximumOffset, stack }: HttpRegex): DumpLines {
  return [
    `     Regex = "${pattern}"`,
    noMatch && '     Regex no match',
    maximumOffset !== undefined && `     Regex min offset = ${minimumOffset}, max_offset = ${maximumOffset}`,
    maximumOffset === undefined && minimumOffset > 0 && `     Regex min offset = ${minimumOffset}`,
    `     Regex options:${options.map((option) => ` ${option}`).join('')}`,
    stack && `     Regex stack start ${stack.start}, max ${stack.maximum}`,
  ];
}

function smtpLines(checker: SmtpChecker): DumpLines {
  return [method(checker), `   helo = ${checker.heloName}`];
}

function dnsLines(checker: DnsChecker): DumpLines {
  return [method(checker), `   Type = ${checker.type}`, `   Name = ${checker.name}`];
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

function miscLines(checker: MiscChecker): DumpLines {
  const { command, timeout, dynamic } = checker;
  const { uid, gid } = command;
  return [
    method(checker),
    optional('   path', command.path),
    `   script = ${scriptText(command).replace(/, uid:gid [^,]*$/, '')}`,
    `   timeout = ${wholeSeconds(timeout)}`,
    `   dynamic = ${dynamic ? 'YES' : 'NO'}`,
    `   uid:gid = ${uid}:${gid}`,
  ];
}

function fileLines(checker: FileChecker): DumpLines {
  return [method(checker), `     Tracked file = ${checker.trackFile}`];
}
