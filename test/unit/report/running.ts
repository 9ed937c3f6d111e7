import type { VrrpInstance } from '../../../src/config/types.ts';
import { micros } from '../../../src/lib/duration.ts';
import type { InstanceRuntime, InterfaceRuntime, PrintTime, VrrpRuntime } from '../../../src/report/runtime.ts';
import { noStatistics } from '../../../src/vrrp/statistics.ts';
import { ip } from './examples.ts';

/** Universal time, so that the expected text holds wherever it is printed. */
export const printTime: PrintTime = (at, fraction) => {
  const [, day, month, year, time] = new Date(at / 1000).toUTCString().replace(',', '').split(' ');
  return `Sat ${month} ${day} ${time}${fraction} ${year}`;
};

const BEGIN = 1_795_223_396_189_308;

/** The two instances of keepalived 2.4.3's dump, both master. */
export function instanceRuntime(instance: VrrpInstance, changes: Partial<InstanceRuntime> = {}): InstanceRuntime {
  const first = instance.name === 'VI_A';
  return {
    state: 'MASTER',
    wantedState: 'MASTER',
    masterPriority: 0,
    masterAdvertInterval: instance.advertisementInterval,
    trackerFaults: 0,
    interfaceFaults: [],
    scriptsAwaited: 0,
    restored: 0,
    lastTransition: first ? BEGIN : BEGIN + 322,
    readTimeout: first ? BEGIN + 2_000_352 : BEGIN + 2_000_346,
    masterDownTimer: micros(first ? 3_531_250 : 1_785_156),
    effectivePriority: instance.priority,
    totalPriority: instance.priority,
    highestOtherPriority: 0,
    lastAdvertSent: first ? BEGIN + 1_000_338 : BEGIN + 1_500_299,
    holdsAddresses: true,
    sockets: first ? [16, 17] : [18, 19],
    statistics: { ...noStatistics, advertSent: first ? 4 : 8, becomeMaster: 1 },
    ...changes,
  };
}

const ethernet: InterfaceRuntime = {
  name: 'eth0',
  index: 3,
  type: 1,
  up: true,
  running: true,
  seenUp: true,
  delayed: false,
  changeable: false,
  loopback: false,
  broadcast: true,
  multicast: true,
  pointToPoint: false,
  noArp: false,
  mtu: 1500,
  group: 0,
  mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  macBroadcast: new Uint8Array(6).fill(255),
  addresses4: [ip('10.20.0.1')],
  addresses6: [ip('fe80::ff:fe00:1')],
  tracking: [
    { name: 'VI_A', weight: 0, reverse: false },
    { name: 'VI_B', weight: 0, reverse: false },
  ],
};

const loopback: InterfaceRuntime = {
  ...ethernet,
  ...{ name: 'lo', index: 1, type: 772, mtu: 65536, loopback: true, broadcast: false, multicast: false },
  ...{ addresses4: [ip('127.0.0.1')], addresses6: [], mac: new Uint8Array(6), tracking: [] },
};

const others: Partial<InterfaceRuntime> = { addresses4: [], tracking: [] };
const mac = (...bytes: number[]) => Uint8Array.from(bytes);

/** The interfaces of the machine on which that dump was made. */
const interfaces: readonly InterfaceRuntime[] = [
  loopback,
  {
    ...{ ...ethernet, ...others, name: 'p0', index: 2, mac: mac(0x4a, 0xda, 0xb8, 0xf2, 0x6d, 0x9f) },
    addresses6: [ip('fe80::48da:b8ff:fef2:6d9f')],
  },
  { ...ethernet, forwardsIpv6: { forwards: false, at: BEGIN - 344 } },
  {
    ...{ ...ethernet, ...others, name: 'p1', index: 4, mac: mac(0x5e, 0x88, 0xaa, 0x62, 0xa7, 0x39) },
    addresses6: [ip('fe80::5c88:aaff:fe62:a739')],
  },
  {
    ...{ ...ethernet, name: 'eth1', index: 5, mac: mac(2, 0, 0, 0, 0, 0x11) },
    ...{ addresses4: [ip('10.21.0.1')], addresses6: [ip('fe80::ff:fe00:11')] },
    tracking: [{ name: 'VI_A', weight: 0, reverse: false }],
  },
];

/** A VRRP process at work. */
export function running(changes: Partial<InstanceRuntime> = {}): VrrpRuntime {
  const socket = { interface: 'eth0', protocol: 'VRRP', receiveBuffer: 0 } as const;
  return {
    printTime,
    instance: (instance) => instanceRuntime(instance, changes),
    sourceAddress: ({ family }) => ip(family === 6 ? 'fe80::ff:fe00:1' : '10.20.0.1'),
    interfaceIndex: () => 3,
    interfaces,
    sockets: [
      { ...socket, descriptors: [16, 17], family: 4, instances: [{ name: 'VI_A', virtualRouterId: 7 }] },
      { ...socket, descriptors: [18, 19], family: 6, instances: [{ name: 'VI_B', virtualRouterId: 8 }] },
    ],
  };
}
