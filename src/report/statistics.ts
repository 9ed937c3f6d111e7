import type { Statistics } from '../vrrp/statistics.ts';

export interface RouterStatistics {
  readonly name: string;
  readonly statistics: Statistics;
}

/** keepalived.stats as exporters parse it. The extension is auth_hmac's. */
export function printStatistics(routers: readonly RouterStatistics[]): string {
  return routers.map(({ name, statistics }) => printRouter(name, statistics)).join('');
}

function printRouter(name: string, counted: Statistics): string {
  return `VRRP Instance: ${name}
  Advertisements:
    Received: ${counted.advertReceived}
    Sent: ${counted.advertSent}
  Became master: ${counted.becomeMaster}
  Released master: ${counted.releaseMaster}
  Packet Errors:
    Length: ${counted.packetLengthError}
    TTL: ${counted.ipTtlError}
    Invalid Type: ${counted.invalidTypeReceived}
    Advertisement Interval: ${counted.advertIntervalError}
    Address List: ${counted.addressListError}
  Authentication Errors:
    Invalid Type: ${counted.invalidAuthType}
    Type Mismatch: ${counted.authTypeMismatch}
    Failure: ${counted.authFailure}
  Authentication Extension Errors:
    Missing: ${counted.authExtMissing}
    Malformed: ${counted.authExtMalformed}
    Unknown Key: ${counted.authExtUnknownKey}
    Invalid HMAC: ${counted.authExtInvalidHmac}
    Stale: ${counted.authExtStale}
    Replay: ${counted.authExtReplay}
  Priority Zero:
    Received: ${counted.priorityZeroReceived}
    Sent: ${counted.priorityZeroSent}
`;
}
