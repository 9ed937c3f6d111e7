import type {
  CheckerConnection,
  CheckerSchedule,
  HttpChecker,
  RealServer,
  TcpChecker,
  VirtualServer,
} from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import type { IpAddress } from '../../../src/lib/ip.ts';
import { plainRealServer, plainVirtualServer } from '../../support/servers.ts';

export function ip(text: string): IpAddress {
  return text as IpAddress;
}

export function schedule(changes: Partial<CheckerSchedule> = {}): CheckerSchedule {
  return {
    delayLoop: seconds(6),
    warmup: seconds(6),
    retry: 1,
    delayBeforeRetry: seconds(1),
    alpha: false,
    logAllFailures: false,
    ...changes,
  };
}

export function connection(changes: Partial<CheckerConnection> = {}): CheckerConnection {
  return { address: ip('10.0.0.11'), port: 80, connectTimeout: seconds(3), ...changes };
}

export function tcpChecker(changes: Partial<CheckerSchedule> = {}): TcpChecker {
  return { kind: 'TCP_CHECK', schedule: schedule(changes), connection: connection() };
}

export function httpChecker(changes: Partial<HttpChecker> = {}): HttpChecker {
  return {
    kind: 'HTTP_GET',
    schedule: schedule(),
    connection: connection(),
    httpProtocol: '1.0',
    fastRecovery: false,
    enableSni: false,
    tlsCompliant: false,
    urls: [{ path: '/', statusCodes: [[200, 299]], tlsCompliant: false }],
    ...changes,
  };
}

export function realServer(address: string, changes: Partial<RealServer> = {}): RealServer {
  return { ...plainRealServer(address), checkers: [tcpChecker()], ...changes };
}

export function virtualServer(realServers: readonly RealServer[], changes: Partial<VirtualServer> = {}): VirtualServer {
  return { ...plainVirtualServer('10.9.0.1'), realServers, ...changes };
}

export function script(...argv: string[]): { argv: readonly string[]; uid: number; gid: number } {
  return { argv, uid: 0, gid: 0 };
}
