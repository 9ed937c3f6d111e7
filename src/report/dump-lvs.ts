import { realServerName } from '../checkers/names.ts';
import type {
  CheckerDefaults,
  ForwardingMethod,
  RealServer,
  ServiceKey,
  SorryServer,
  VirtualServer,
} from '../config/types.ts';
import { type Duration, seconds } from '../lib/duration.ts';
import { serviceFlags } from '../lib/service-flags.ts';
import { type DumpLines, onOff, optional, present, scriptLine, secondsFixed, title, yesNo } from './dump-text.ts';

/** What only a running checker process knows of a virtual server. */
export interface VirtualServerRuntime {
  readonly alive: boolean;
  readonly quorumUp: boolean;
  readonly reloaded: boolean;
  readonly sorryServerSet: boolean;
  readonly sorryServerAlive: boolean;
}

export interface RealServerRuntime {
  readonly effectiveWeight: number;
  readonly previousEffectiveWeight: number;
  readonly alive: boolean;
  readonly failedCheckers: number;
  readonly set: boolean;
  readonly reloaded: boolean;
}

/** Runtime values by configuration object; none where they are not known. */
export interface LvsRuntime {
  virtualServer?(virtualServer: VirtualServer): VirtualServerRuntime | undefined;
  realServer?(virtualServer: VirtualServer, realServer: RealServer): RealServerRuntime | undefined;
}

/** Section "LVS Topology". */
export function lvsLines(virtualServers: readonly VirtualServer[], runtime: LvsRuntime): string[] {
  if (virtualServers.length === 0) return [];
  return [
    title('LVS Topology'),
    ' System is compiled with LVS v1.2.1',
    ...virtualServers.flatMap((virtualServer) => virtualServerLines(virtualServer, runtime)),
  ];
}

function virtualServerLines(virtualServer: VirtualServer, runtime: LvsRuntime): string[] {
  const { key, family, checkerDefaults = standardDefaults } = virtualServer;
  const state = runtime.virtualServer?.(virtualServer);
  return present([
    ` ${title('Virtual server')}`,
    key.kind === 'fwmark' ? ` VS FWMARK = ${key.fwmark}` : ` VS VIP = ${key.address}, VPORT = ${key.port}`,
    optional('   VirtualHost', virtualServer.virtualHost),
    `   Address family = inet${family === 6 ? '6' : ''}`,
    `   connection timeout = ${secondsFixed(checkerDefaults.connectTimeout)}`,
    `   delay_loop = ${secondsFixed(checkerDefaults.delayLoop)}`,
    `   lvs_sched = ${virtualServer.scheduler}`,
    ...schedulerFlags(virtualServer),
    ...persistence(virtualServer),
    `   protocol = ${protocolOf(key)}`,
    `   alpha is ${onOff(virtualServer.alpha)}`,
    `   omega is ${onOff(virtualServer.omega)}`,
    ...retryLines(checkerDefaults),
    `   Inhibit on failure is ${onOff(checkerDefaults.inhibitOnFailure)}`,
    `   quorum = ${virtualServer.quorum}, hysteresis = ${virtualServer.hysteresis}`,
    scriptLine('   Quorum up notify', virtualServer.quorumUp),
    scriptLine('   Quorum down notify', virtualServer.quorumDown),
    `   Using smtp notification = ${yesNo(virtualServer.smtpAlert)}`,
    `   default forwarding method = ${forwarding(virtualServer.forwardingMethod)}`,
    ...(virtualServer.sorryServer ? sorryServerLines(virtualServer, virtualServer.sorryServer, state) : []),
    ...(state ? stateLines(state) : []),
    ...virtualServer.realServers.flatMap((realServer) => realServerLines(virtualServer, realServer, runtime)),
  ]);
}

/** Of keepalived.conf(5). */
const standardDefaults: CheckerDefaults = {
  connectTimeout: seconds(5),
  delayLoop: seconds(60),
  inhibitOnFailure: false,
};

function protocolOf(key: ServiceKey): string {
  return key.kind === 'fwmark' ? 'none' : key.protocol;
}

/** A scheduler's own names for its flag bits. */
const flagNames: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  sh: [
    [serviceFlags.scheduler2, 'sh-port'],
    [serviceFlags.scheduler1, 'sh-fallback'],
  ],
  mh: [
    [serviceFlags.scheduler2, 'mh-port'],
    [serviceFlags.scheduler1, 'mh-fallback'],
  ],
};
const plainFlagNames = [
  [serviceFlags.scheduler1, 'flag-1'],
  [serviceFlags.scheduler2, 'flag-2'],
  [serviceFlags.scheduler3, 'flag-3'],
] as const;

function schedulerFlags({ scheduler, flags }: VirtualServer): DumpLines {
  const able = ([bit, name]: readonly [number, string]) => `   ${name} = ${(flags & bit) !== 0 ? 'en' : 'dis'}abled`;
  return [
    able([serviceFlags.hashed, 'Hashed']),
    ...(flagNames[scheduler] ?? plainFlagNames).map(able),
    able([serviceFlags.onePacket, 'One packet scheduling']),
  ];
}

function persistence({ persistenceTimeout, persistenceGranularity }: VirtualServer): DumpLines {
  if (persistenceTimeout === 0) return [];
  const single = persistenceGranularity === '255.255.255.255' || persistenceGranularity === 128;
  return [
    `   persistence timeout = ${persistenceTimeout}`,
    !single && `   persistence granularity = ${persistenceGranularity}`,
  ];
}

function retryLines({ retry, delayBeforeRetry, warmup }: CheckerDefaults): DumpLines {
  const time = (span: Duration | undefined) => (span === undefined ? undefined : secondsFixed(span));
  return [
    optional('   Retry count', retry),
    optional('   Retry delay', time(delayBeforeRetry)),
    optional('   Warmup', time(warmup)),
  ];
}

function forwarding(method: ForwardingMethod): string {
  return method === 'TUN' ? 'TUN, type = IPIP' : method;
}

function sorryServerLines(
  virtualServer: VirtualServer,
  sorryServer: SorryServer,
  state: VirtualServerRuntime | undefined,
): DumpLines {
  return [
    `   sorry server = ${realServerName(virtualServer, sorryServer)}`,
    `     forwarding method = ${forwarding(sorryServer.forwardingMethod)}`,
    `     Inhibit on failure is ${onOff(sorryServer.inhibitOnFailure)}`,
    state && `     set = ${Number(state.sorryServerSet)}`,
    state && `     alive = ${Number(state.sorryServerAlive)}`,
  ];
}

function stateLines({ alive, quorumUp, reloaded }: VirtualServerRuntime): DumpLines {
  return [
    `   VS alive = ${Number(alive)}`,
    `   quorum_state_up = ${Number(quorumUp)}`,
    `   reloaded = ${Number(reloaded)}`,
  ];
}

function realServerLines(virtualServer: VirtualServer, realServer: RealServer, runtime: LvsRuntime): DumpLines {
  const { address, port, weight, virtualHost } = realServer;
  const defaults = realServer.checkerDefaults ?? virtualServer.checkerDefaults ?? standardDefaults;
  const state = runtime.realServer?.(virtualServer, realServer);
  const effective = state?.effectiveWeight ?? weight;
  return [
    `   ${title('Real server')}`,
    `   RIP = ${address}, RPORT = ${port}, WEIGHT = ${weight} EFF WEIGHT = ${effective}`,
    `   forwarding method = ${forwarding(realServer.forwardingMethod)}`,
    `   Alpha is ${onOff(realServer.alpha)}`,
    `   connection timeout = ${secondsFixed(defaults.connectTimeout)}`,
    `   connection limit range = ${realServer.lowerThreshold} -> ${realServer.upperThreshold}`,
    `   Delay loop = ${secondsFixed(defaults.delayLoop)}`,
    ...retryLines(defaults),
    `   Inhibit on failure is ${onOff(realServer.inhibitOnFailure)}`,
    scriptLine('     RS up notify', realServer.notifyUp),
    scriptLine('     RS down notify', realServer.notifyDown),
    virtualHost !== undefined && virtualHost !== virtualServer.virtualHost && `    VirtualHost = '${virtualHost}'`,
    `   Using smtp notification = ${yesNo(realServer.smtpAlert)}`,
    `   initial weight = ${weight}`,
    `   effective weight = ${effective}`,
    ...(state ? realServerState(state) : []),
  ];
}

function realServerState(state: RealServerRuntime): DumpLines {
  return [
    `   previous effective_weight = ${state.previousEffectiveWeight}`,
    `   alive = ${Number(state.alive)}`,
    `   num failed checkers = ${state.failedCheckers}`,
    `   RS set = ${Number(state.set)}`,
    `   reloaded = ${Number(state.reloaded)}`,
  ];
}
