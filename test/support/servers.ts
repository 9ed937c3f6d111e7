import type { RealServer, VirtualServer } from '../../src/config/types.ts';
import type { IpAddress } from '../../src/lib/ip.ts';

/** A real server on port 80 as it is without a keyword of its own, and without a check. */
export function plainRealServer(address: string): RealServer {
  return {
    address: address as IpAddress,
    port: 80,
    weight: 1,
    forwardingMethod: 'NAT',
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    alpha: false,
    smtpAlert: false,
    checkers: [],
  };
}

/** A virtual server of TCP port 80 as it is without a keyword of its own, and without servers. */
export function plainVirtualServer(address: string): VirtualServer {
  return {
    key: { kind: 'address', address: address as IpAddress, port: 80, protocol: 'TCP' },
    family: 4,
    scheduler: 'rr',
    flags: 0,
    forwardingMethod: 'NAT',
    persistenceTimeout: 0,
    persistenceGranularity: '255.255.255.255' as IpAddress,
    quorum: 1,
    hysteresis: 0,
    alpha: false,
    omega: false,
    smtpAlert: false,
    haSuspend: false,
    realServers: [],
  };
}
