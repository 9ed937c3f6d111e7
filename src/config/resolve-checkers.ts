import type { Command } from '../../grammar/command.ts';
import type { Infer } from '../../grammar/keyword.ts';
import type { bfdCheck } from '../../grammar/blocks/checkers/bfd_check.ts';
import type { dnsCheck } from '../../grammar/blocks/checkers/dns_check.ts';
import type { fileCheck } from '../../grammar/blocks/checkers/file_check.ts';
import type { miscCheck } from '../../grammar/blocks/checkers/misc_check.ts';
import type { smtpCheck } from '../../grammar/blocks/checkers/smtp_check.ts';
import type { tcpCheck } from '../../grammar/blocks/checkers/tcp_check.ts';
import type { udpCheck } from '../../grammar/blocks/checkers/udp_check.ts';
import { seconds } from '../lib/duration.ts';
import type { RawRealServer } from './raw.ts';
import { httpChecker } from './resolve-http.ts';
import { type CheckerSurroundings, checkerConnection, checkerSchedule, type TimingRows } from './resolve-schedule.ts';
import type { Checker, SmtpChecker } from './types.ts';

const oneSecond = seconds(1);
const noTime = seconds(0);

/** The checkers of a real server, of all kinds, in the order of the file. */
export function resolveCheckers(raw: RawRealServer, surroundings: CheckerSurroundings): Checker[] {
  const found: Found[] = [];
  const kind = { found, surroundings };
  if (raw.TCP_CHECK) collect(kind, raw.TCP_CHECK, tcpChecker);
  if (raw.PING_CHECK) collect(kind, raw.PING_CHECK, pingChecker);
  if (raw.HTTP_GET) collect(kind, raw.HTTP_GET, (row) => httpChecker('HTTP_GET', row, surroundings));
  if (raw.SSL_GET) collect(kind, raw.SSL_GET, (row) => httpChecker('SSL_GET', row, surroundings));
  if (raw.SMTP_CHECK) {
    for (const row of raw.SMTP_CHECK) {
      for (const checker of smtpCheckers(row, surroundings)) found.push({ at: row.sequence, checker });
    }
  }
  if (raw.DNS_CHECK) collect(kind, raw.DNS_CHECK, dnsChecker);
  if (raw.UDP_CHECK) collect(kind, raw.UDP_CHECK, udpChecker);
  if (raw.MISC_CHECK) collect(kind, raw.MISC_CHECK, miscChecker);
  if (raw.FILE_CHECK) collect(kind, raw.FILE_CHECK, fileChecker);
  if (raw.BFD_CHECK) collect(kind, raw.BFD_CHECK, bfdChecker);
  if (found.length > 1) found.sort((a, b) => a.at - b.at);
  return found.map(({ checker }) => checker);
}

interface Found {
  /** Where it stands among those of all kinds. */
  readonly at: number;
  readonly checker: Checker;
}

function collect<R extends { readonly sequence: number }>(
  { found, surroundings }: { readonly found: Found[]; readonly surroundings: CheckerSurroundings },
  rows: readonly R[],
  make: (row: R, surroundings: CheckerSurroundings) => Checker | undefined,
): void {
  for (const row of rows) {
    const checker = make(row, surroundings);
    if (checker) found.push({ at: row.sequence, checker });
  }
}

/** A check that only needs to reach its server. */
function reaching(kind: 'TCP_CHECK' | 'PING_CHECK') {
  return (raw: Infer<typeof tcpCheck>, surroundings: CheckerSurroundings): Checker => ({
    kind,
    schedule: checkerSchedule(raw, surroundings, { retry: 1, delayBeforeRetry: oneSecond }),
    connection: checkerConnection(raw, surroundings),
  });
}

const tcpChecker = reaching('TCP_CHECK');
const pingChecker = reaching('PING_CHECK');

/** Every `host` block makes one more check, of the server itself and with no time to connect. */
function smtpCheckers(raw: Infer<typeof smtpCheck>, surroundings: CheckerSurroundings): Checker[] {
  const { address, port } = surroundings;
  const main: SmtpChecker = {
    kind: 'SMTP_CHECK',
    schedule: checkerSchedule(raw, surroundings, { retry: 1, delayBeforeRetry: oneSecond }),
    connection: checkerConnection(raw, surroundings),
    heloName: raw.helo_name ?? 'smtpchecker.keepalived.org',
  };
  return [main, ...(raw.host ?? []).map(() => ({ ...main, connection: { address, port, connectTimeout: noTime } }))];
}

function dnsChecker(raw: Infer<typeof dnsCheck>, surroundings: CheckerSurroundings): Checker {
  const delayLoop = raw.delay_loop ?? surroundings.defaults.delayLoop;
  return {
    kind: 'DNS_CHECK',
    schedule: checkerSchedule(raw, surroundings, { retry: 3, delayBeforeRetry: delayLoop }),
    connection: checkerConnection(raw, surroundings),
    type: raw.type ?? 'SOA',
    name: raw.name ?? '.',
  };
}

function udpChecker(raw: Infer<typeof udpCheck>, surroundings: CheckerSurroundings): Checker {
  const { require_reply: reply } = raw;
  return {
    kind: 'UDP_CHECK',
    schedule: checkerSchedule(raw, surroundings, { retry: 1, delayBeforeRetry: oneSecond }),
    connection: checkerConnection(raw, surroundings),
    payload: raw.payload ?? new Uint8Array(),
    requireReply: reply !== undefined,
    ...(reply !== undefined && reply !== 'any' && { reply }),
    minimumReplyLength: raw.min_reply_length ?? 0,
    maximumReplyLength: raw.max_reply_length ?? 255,
  };
}

function miscChecker(raw: Infer<typeof miscCheck>, surroundings: CheckerSurroundings): Checker | undefined {
  const { scripts, serviceDelayLoop } = surroundings;
  const { misc_path: script, user, misc_timeout: timeout } = raw;
  if (!script) return undefined;
  const { written, argv } = script;
  const command = scripts.resolve(asFileTest({ written, argv, ...user }), 'misc script');
  return (
    command && {
      kind: 'MISC_CHECK',
      schedule: checkerSchedule(raw, surroundings, { retry: 0, delayBeforeRetry: oneSecond }),
      command,
      timeout: timeout === undefined || timeout === noTime ? serviceDelayLoop : timeout,
      dynamic: raw.misc_dynamic ?? false,
    }
  );
}

/** `< /path` is one word: a file that must open. */
function asFileTest(command: Command): Command {
  const [first, second] = command.argv;
  return first === '<' && second?.startsWith('/') ? { ...command, argv: [`<${second}`] } : command;
}

function fileChecker(raw: Infer<typeof fileCheck>, surroundings: CheckerSurroundings): Checker | undefined {
  const { track_file: name } = raw;
  if (name === undefined) return undefined;
  const own = raw.weight ?? surroundings.trackFileWeight(name);
  return {
    kind: 'FILE_CHECK',
    schedule: checkerSchedule({}, surroundings, { retry: 0, delayBeforeRetry: oneSecond }),
    trackFile: name,
    weight: own.weight,
    reverse: own.reverse,
  };
}

function bfdChecker(raw: Infer<typeof bfdCheck>, surroundings: CheckerSurroundings): Checker | undefined {
  if (raw.name === undefined) return undefined;
  const rows: TimingRows = raw.alpha === undefined ? {} : { alpha: raw.alpha };
  const schedule = checkerSchedule(rows, surroundings, { retry: 0, delayBeforeRetry: oneSecond });
  return { kind: 'BFD_CHECK', schedule, bfd: raw.name };
}
