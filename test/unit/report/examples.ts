import type { Config, GlobalConfig, RealServer, VirtualServer, VrrpInstance } from '../../../src/config/types.ts';
import { standardDefaults } from '../../../src/config/resolve-defaults.ts';
import { centiseconds, millis, seconds } from '../../../src/lib/duration.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';
import { nothingMore } from '../../fakes/plain-instance.ts';

export function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

const garp = {
  delay: seconds(5),
  repeat: 5,
  refresh: seconds(60),
  refreshRepeat: 1,
  lowerPriorityDelay: seconds(5),
  lowerPriorityRepeat: 5,
};

export const global: GlobalConfig = {
  routerId: 'DUMP',
  email: {
    from: 'root@vm',
    to: ['ops@example.com'],
    server: { host: '127.0.0.1', port: 25 },
    heloName: 'vm',
    connectTimeout: seconds(30),
  },
  vrrpVersion: 2,
  vrrpMulticastGroup4: ip('224.0.0.18'),
  garpInterval: seconds(0),
  gnaInterval: seconds(0),
  startupDelay: seconds(0),
  notifyPriorityChanges: false,
  logUnknownVrids: false,
  lvsFlush: false,
  lvsFlushOnStop: 'off',
  checkerLogAllFailures: false,
  rsInitNotifies: false,
  childWaitTime: seconds(5),
  enableScriptSecurity: true,
  scriptUsers: { parent: { uid: 0, gid: 0 }, vrrp: { uid: 0, gid: 0 }, checker: { uid: 0, gid: 0 } },
  processNames: {},
  umask: 0o177,
  processes: { vrrp: { noSwap: false }, checker: { noSwap: false }, bfd: { noSwap: false } },
  nftablesCounters: false,
  disableLocalIgmp: false,
  setSupplementaryGroups: false,
  fifoWriteVrrpStatesOnReload: false,
  delayAfterBoot: seconds(0),
  vmacPrefix: 'vrrp',
  vmacAddressPrefix: 'vrrp',
  linkbeatUsePolling: false,
  namespaceWithIpsets: false,
  receiveBuffers: {
    vrrpCommand: { force: false },
    vrrpMonitor: { force: false },
    lvsCommand: { force: false },
    lvsMonitor: { force: false },
    processMonitor: { force: false },
    vrrpMultiplier: 3,
  },
  snmp: {
    traps: false,
    vrrp: false,
    checker: false,
    rfcV2: false,
    rfcV3: false,
    virtualServerInterval: seconds(5),
    realServerInterval: seconds(5),
  },
  reload: { timeRepeat: false },
  dumps: { useInstance: false, jsonVersion: 1 },
  vrrpRestoreAddresses: false,
  lvsRestoreServices: false,
  shareChecks: false,
  defaults: standardDefaults,
};

export const address = {
  address: ip('10.20.0.5'),
  prefixLength: 24,
  interface: 'eth0',
  scope: 0,
  noDad: false,
  flags: 0,
  noTrack: false,
};

export const ipv6Address = { ...address, address: ip('2001:db8::8'), prefixLength: 64, noDad: true };

export const instance: VrrpInstance = {
  name: 'VI_A',
  version: 2,
  family: 4,
  interface: 'eth0',
  virtualRouterId: 7,
  priority: 120,
  initialState: 'master',
  advertisementInterval: seconds(1),
  preempt: true,
  preemptDelay: seconds(0),
  authentication: { type: 'pass', password: 's3cr3t' },
  multicastGroup: ip('224.0.0.18'),
  virtualAddresses: [
    address,
    { ...address, address: ip('10.20.0.6'), prefixLength: 32, interface: 'eth1', label: 'eth1:v' },
  ],
  excludedAddresses: [{ ...ipv6Address, address: ip('2001:db8::99') }],
  garp,
  downTimerAdverts: 3,
  skipCheckAdvertAddresses: false,
  lowerPriorityNoAdvert: false,
  higherPrioritySendAdvert: false,
  ownerIgnoreAdverts: false,
  strict: false,
  accept: true,
  trackPrimaryInterface: true,
  promoteSecondaries: false,
  notify: { reportDeleted: false },
  smtpAlert: true,
  notifyPriorityChanges: false,
  ...nothingMore,
};

export const ipv6Instance: VrrpInstance = {
  ...instance,
  name: 'VI_B',
  version: 3,
  family: 6,
  virtualRouterId: 8,
  priority: 110,
  initialState: 'backup',
  advertisementInterval: centiseconds(50),
  preempt: false,
  authentication: { type: 'none' },
  multicastGroup: ip('ff02::12'),
  virtualAddresses: [{ ...ipv6Address, address: ip('fe80::8'), prefixLength: 128, preferredLifetime: 0 }, ipv6Address],
  excludedAddresses: [],
  smtpAlert: false,
};

const schedule = {
  delayLoop: seconds(6),
  warmup: seconds(6),
  retry: 2,
  delayBeforeRetry: seconds(3),
  alpha: false,
  logAllFailures: false,
};
const connection = { address: ip('10.20.0.11'), port: 80, connectTimeout: seconds(3) };

export const webServer: RealServer = {
  address: ip('10.20.0.11'),
  port: 80,
  weight: 3,
  forwardingMethod: 'DR',
  inhibitOnFailure: true,
  upperThreshold: 10,
  lowerThreshold: 5,
  alpha: false,
  smtpAlert: true,
  checkers: [
    {
      kind: 'HTTP_GET',
      schedule,
      connection,
      httpProtocol: '1.0',
      fastRecovery: false,
      enableSni: false,
      tlsCompliant: false,
      urls: [
        {
          path: '/',
          tlsCompliant: false,
          digest: '9b3a0c85a887a256d6939da88aabd8cd',
          statusCodes: [
            [200, 299],
            [301, 301],
          ],
        },
        { path: '/two', tlsCompliant: false, statusCodes: [[200, 299]], virtualHost: 'www.example.com' },
      ],
    },
    {
      kind: 'TCP_CHECK',
      schedule: { ...schedule, retry: 0, warmup: millis(1500) },
      connection: { ...connection, bindAddress: ip('10.20.0.1'), bindInterface: 'eth0', fwmark: 9 },
    },
  ],
};

export const virtualServer: VirtualServer = {
  key: { kind: 'address', address: ip('10.20.0.40'), port: 80, protocol: 'TCP' },
  family: 4,
  scheduler: 'wrr',
  flags: 0,
  forwardingMethod: 'DR',
  persistenceTimeout: 50,
  persistenceGranularity: ip('255.255.255.255'),
  quorum: 2,
  hysteresis: 1,
  alpha: false,
  omega: false,
  smtpAlert: false,
  haSuspend: false,
  sorryServer: { address: ip('10.20.0.19'), port: 80, forwardingMethod: 'NAT', inhibitOnFailure: false },
  realServers: [webServer],
  checkerDefaults: { connectTimeout: seconds(5), delayLoop: seconds(6), inhibitOnFailure: false },
};

export const config: Config = {
  global,
  instances: [instance, ipv6Instance],
  syncGroups: [],
  scripts: [],
  trackProcesses: [],
  trackFiles: [],
  bfdInstances: [],
  trackGroups: [],
  staticAddresses: [],
  staticRoutes: [],
  staticRules: [],
  garpGroups: [],
  linkbeatInterfaces: [],
  interfaceDelays: [],
  virtualServers: [virtualServer],
  virtualServerGroups: [],
};
