import { seconds } from '../lib/duration.ts';
import type { Values } from './print-block.ts';
import type { Checker, CheckerConnection, CheckerSchedule, HttpChecker, HttpUrl, RealServer } from './types.ts';
import { writtenCommand } from './written-command.ts';

/** The checks of a real server, by keyword; what they take over from it is left out. */
export function writtenCheckers(real: RealServer): Values {
  const byKind: Record<string, Values[]> = {};
  for (const [i, checker] of real.checkers.entries()) {
    const ofKind = byKind[checker.kind] ?? [];
    byKind[checker.kind] = ofKind;
    const last = ofKind.at(-1);
    if (last && isSmtpHost(checker)) ofKind[ofKind.length - 1] = withHost(last);
    else ofKind.push(writtenChecker(checker, real, i));
  }
  return byKind;
}

/** What a `host` block made: nothing else leaves no time to connect. */
function isSmtpHost(checker: Checker): boolean {
  return checker.kind === 'SMTP_CHECK' && checker.connection.connectTimeout === 0;
}

function withHost(checker: Values): Values {
  const hosts = (checker.host ?? []) as readonly Values[];
  return { ...checker, host: [...hosts, { sequence: hosts.length }] };
}

function writtenChecker(checker: Checker, real: RealServer, sequence: number): Values {
  const { schedule } = checker;
  const alpha = schedule.alpha === real.alpha ? undefined : schedule.alpha;
  if (checker.kind === 'BFD_CHECK') return { sequence, name: checker.bfd, alpha };
  if (checker.kind === 'FILE_CHECK') {
    const { weight, reverse } = checker;
    return { sequence, track_file: checker.trackFile, weight: { weight, reverse } };
  }
  return {
    sequence,
    ...('connection' in checker && writtenConnection(checker.connection, real)),
    ...writtenSchedule(schedule),
    alpha,
    log_all_failures: schedule.logAllFailures || undefined,
    ...ownWords(checker),
  };
}

function writtenConnection(connection: CheckerConnection, real: RealServer): Values {
  return {
    connect_ip: connection.address === real.address ? undefined : connection.address,
    connect_port: connection.port === real.port ? undefined : connection.port,
    bindto: connection.bindAddress,
    bind_port: connection.bindPort,
    bind_if: connection.bindInterface,
    connect_timeout: connection.connectTimeout,
    fwmark: connection.fwmark,
  };
}

function writtenSchedule(schedule: CheckerSchedule): Values {
  return {
    retry: schedule.retry,
    delay_before_retry: schedule.delayBeforeRetry,
    warmup: schedule.warmup,
    delay_loop: schedule.delayLoop,
  };
}

/** What only checks of one kind have. */
function ownWords(checker: Checker): Values {
  switch (checker.kind) {
    case 'HTTP_GET':
    case 'SSL_GET':
      return writtenHttp(checker);
    case 'SMTP_CHECK':
      return { helo_name: checker.heloName };
    case 'DNS_CHECK':
      return { type: checker.type, name: checker.name };
    case 'UDP_CHECK':
      return {
        payload: checker.payload,
        require_reply: checker.requireReply ? (checker.reply ?? 'any') : undefined,
        min_reply_length: checker.minimumReplyLength,
        max_reply_length: checker.maximumReplyLength,
      };
    case 'MISC_CHECK': {
      const { user, group, ...command } = checker.command;
      const whole = checker.timeout % seconds(1) === 0 && checker.timeout <= seconds(4294);
      return {
        misc_path: writtenCommand(command),
        // Anything else is the delay_loop of the service, which is what an absent timeout means.
        misc_timeout: whole ? checker.timeout : undefined,
        misc_dynamic: checker.dynamic ? true : undefined,
        user: user === undefined ? undefined : { user, ...(group !== undefined && { group }) },
      };
    }
    default:
      return {};
  }
}

function writtenHttp(checker: HttpChecker): Values {
  const tls = checker.kind === 'SSL_GET';
  return {
    virtualhost: checker.virtualHost,
    http_protocol: checker.httpProtocol,
    fast_recovery: checker.fastRecovery ? true : undefined,
    sni_name: checker.sniName,
    enable_sni: checker.enableSni === (checker.sniName !== undefined) ? undefined : checker.enableSni,
    ...(tls && { tls_compliant: checker.tlsCompliant ? true : undefined }),
    url: checker.urls.map((url, i) => ({
      sequence: i,
      ...writtenUrl(url),
      ...(tls && { tls_compliant: url.tlsCompliant === checker.tlsCompliant ? undefined : url.tlsCompliant }),
    })),
  };
}

function writtenUrl({ path, digest, statusCodes, virtualHost, regex }: HttpUrl): Values {
  return {
    path,
    digest,
    status_code: statusCodes,
    virtualhost: virtualHost,
    ...(regex && {
      regex: regex.pattern,
      regex_no_match: regex.noMatch ? true : undefined,
      regex_options: regex.options,
      regex_min_offset: regex.minimumOffset || undefined,
      regex_max_offset: regex.maximumOffset,
      regex_stack: regex.stack,
    }),
  };
}
