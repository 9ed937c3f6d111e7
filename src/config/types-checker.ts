import type { Duration } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { ScriptCommand } from '../lib/script.ts';

/** What a virtual or real server set for its checkers, which have already taken it over; kept for dumps. */
export interface CheckerDefaults {
  readonly connectTimeout: Duration;
  readonly delayLoop: Duration;
  readonly retry?: number;
  readonly delayBeforeRetry?: Duration;
  readonly warmup?: Duration;
  readonly inhibitOnFailure: boolean;
}

/** Timing that every checker has; the checker's own value, else the real server's, else the virtual server's. */
export interface CheckerSchedule {
  readonly delayLoop: Duration;
  readonly warmup: Duration;
  readonly retry: number;
  readonly delayBeforeRetry: Duration;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
  /** The same for every checker, whatever its own word (checker_log_all_failures). */
  readonly logAllFailuresOfAll?: true;
}

/** Where and how a checker connects. */
export interface CheckerConnection {
  readonly address: IpAddress;
  readonly port: number;
  readonly connectTimeout: Duration;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
  readonly bindInterface?: string;
  readonly fwmark?: number;
}

export type Checker =
  | TcpChecker
  | HttpChecker
  | SmtpChecker
  | DnsChecker
  | UdpChecker
  | PingChecker
  | MiscChecker
  | FileChecker
  | BfdChecker;

export interface TcpChecker {
  readonly kind: 'TCP_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
}

export interface HttpChecker {
  readonly kind: 'HTTP_GET' | 'SSL_GET';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
  readonly httpProtocol: '1.0' | '1.0C' | '1.1';
  /** Its own, which comes before those of its servers. */
  readonly virtualHost?: string;
  readonly fastRecovery: boolean;
  /** Name sent in the TLS handshake; absent sends none. */
  readonly sniName?: string;
  readonly enableSni: boolean;
  /** A missing close_notify is a failure. */
  readonly tlsCompliant: boolean;
  readonly urls: readonly HttpUrl[];
}

export interface HttpUrl {
  readonly path: string;
  /** Lower-case hexadecimal MD5 of the body. */
  readonly digest?: string;
  /** Inclusive ranges. */
  readonly statusCodes: readonly (readonly [number, number])[];
  readonly virtualHost?: string;
  readonly tlsCompliant: boolean;
  readonly regex?: HttpRegex;
}

/** PCRE2 pattern that the body must match, or must not. */
export interface HttpRegex {
  readonly pattern: string;
  /** Names of PCRE2 options, as configured. */
  readonly options: readonly string[];
  /** A match is a failure. */
  readonly noMatch: boolean;
  /** Bytes: a match must start at or after it. */
  readonly minimumOffset: number;
  /** Bytes: the last place where a match may start; absent is no limit. */
  readonly maximumOffset?: number;
  /** Bytes of the stack that matching may use. */
  readonly stack?: { readonly start: number; readonly maximum: number };
}

export interface SmtpChecker {
  readonly kind: 'SMTP_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
  readonly heloName: string;
}

export interface DnsChecker {
  readonly kind: 'DNS_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
  readonly type: 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA' | 'RRSIG' | 'DNSKEY';
  readonly name: string;
}

export interface UdpChecker {
  readonly kind: 'UDP_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
  readonly payload: Uint8Array;
  readonly requireReply: boolean;
  /** Bytes the reply must start with; a bit that is 0 in the mask is not compared. Same length. */
  readonly reply?: { readonly bytes: Uint8Array; readonly mask: Uint8Array };
  readonly minimumReplyLength: number;
  readonly maximumReplyLength: number;
}

export interface PingChecker {
  readonly kind: 'PING_CHECK';
  readonly schedule: CheckerSchedule;
  readonly connection: CheckerConnection;
}

export interface MiscChecker {
  readonly kind: 'MISC_CHECK';
  readonly schedule: CheckerSchedule;
  readonly command: ScriptCommand;
  /** Longest run; the script is killed after it. */
  readonly timeout: Duration;
  /** Exit statuses 2 to 255 set the weight to status - 2. */
  readonly dynamic: boolean;
}

export interface FileChecker {
  readonly kind: 'FILE_CHECK';
  readonly schedule: CheckerSchedule;
  /** Name of the track_file. */
  readonly trackFile: string;
  readonly weight: number;
  readonly reverse: boolean;
}

export interface BfdChecker {
  readonly kind: 'BFD_CHECK';
  readonly schedule: CheckerSchedule;
  /** Name of the bfd_instance. */
  readonly bfd: string;
}
