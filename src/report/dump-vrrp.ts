import type { Config, VrrpInstance } from '../config/types.ts';
import { inMillis, inSeconds } from '../lib/duration.ts';
import { isOwner } from '../lib/priority.ts';
import type { ScriptCommand } from '../lib/script.ts';
import { addressText, setSuffix } from './dump-address.ts';
import { garpLines } from './dump-global.ts';
import { faultLines, lastAdvertLine, priorityLines, socketLine, stateLines } from './dump-instance-state.ts';
import {
  authenticationLines,
  duplicateRouters,
  flagLines,
  interfaceLine,
  multicastLine,
  receiveLines,
  unicastLines,
  virtualInterfaceLines,
} from './dump-instance-wire.ts';
import { interfaceLines } from './dump-interfaces.ts';
import { sockpoolLines } from './dump-sockpool.ts';
import { routeText } from './dump-route.ts';
import { ruleText } from './dump-rule.ts';
import { staticLines } from './dump-static.ts';
import {
  type DumpLines,
  enabled,
  optional,
  present,
  scriptLines,
  secondsShort,
  title,
  trueFalse,
  wholeSeconds,
  yesNo,
} from './dump-text.ts';
import { delayGroups, garpDelays } from './dump-garp.ts';
import { syncGroupLines } from './dump-sync-group.ts';
import { trackedLines, trackingSections } from './dump-tracking.ts';
import type { InstanceRuntime, VrrpRuntime } from './runtime.ts';

/**
 * Sections "Gratuitous ARP delays", those of static items, "VRRP Topology" and what follows, in parts of one instance each, so
 * that a process with deadlines may see to them in between.
 */
export function* vrrpParts(config: Config, runtime: VrrpRuntime): Generator<readonly string[], void> {
  const { instances, interfaceDelays, syncGroups } = config;
  if (instances.length > 0) yield garpDelays(config);
  yield staticLines(config, runtime.interfaces !== undefined);
  if (instances.length > 0) yield [title('VRRP Topology')];
  const duplicates = duplicateRouters(instances);
  for (const instance of instances) yield instanceLines(instance, runtime, duplicates.has(instance));
  if (instances.length > 0) {
    yield sockpoolLines(runtime.sockets);
    yield syncGroupLines(syncGroups, runtime);
    yield trackingSections(config, runtime);
  }
  yield interfaceLines(runtime.interfaces, interfaceDelays, delayGroups(config), runtime.printTime);
}

function instanceLines(instance: VrrpInstance, runtime: VrrpRuntime, duplicate: boolean): string[] {
  const state = runtime.instance?.(instance);
  return present([
    ` VRRP Instance = ${instance.name}`,
    `   VRRP Version = ${instance.version}`,
    optional('   Sync group', instance.syncGroup),
    instance.family === 6 && '   Using Native IPv6',
    ...stateLines(instance, state),
    ...flagLines(instance, duplicate),
    `   Wantstate = ${state?.wantedState ?? instance.initialState.toUpperCase()}`,
    `   Number of config faults = ${instance.configurationFault ? 1 : 0}`,
    ...faultLines(state, runtime.printTime),
    ...network(instance, runtime),
    ...garpLines('   Gratuitous ARP', 'refresh', instance.garp),
    ...protocol(instance, state),
    ...authenticationLines(instance),
    ...receiveLines(instance),
    ...addresses(instance, state?.holdsAddresses === true),
    ...unicastLines(instance),
    socketLine(state),
    ...routing(instance),
    ...trackedLines(instance),
    `   Using smtp notification = ${yesNo(instance.smtpAlert)}`,
    ...notification(instance),
    `   Notify priority changes = ${trueFalse(instance.notifyPriorityChanges)}`,
  ]);
}

function network(instance: VrrpInstance, runtime: VrrpRuntime): DumpLines {
  const source = instance.sourceAddress ?? (runtime.sourceAddress && (runtime.sourceAddress(instance) ?? '(none)'));
  const origin = instance.sourceAddress === undefined ? '' : ' (from configuration)';
  return [
    ...virtualInterfaceLines(instance, runtime),
    interfaceLine(instance),
    optional('   VRF', instance.vrf),
    !instance.trackPrimaryInterface && '   VRRP interface tracking disabled',
    instance.skipCheckAdvertAddresses && '   Skip checking advert IP addresses',
    instance.mayLackAddresses && '   Suppress no VIPs warning',
    instance.strict && '   Enforcing strict VRRP compliance',
    source && `   Using src_ip = ${source}${origin}`,
    multicastLine(instance, runtime),
  ];
}

function protocol(instance: VrrpInstance, state: InstanceRuntime | undefined): DumpLines {
  const { version, priority, advertisementInterval, preemptDelay, garpExtraInterval } = instance;
  const extraKind = instance.garpExtraAll ? 'i/f' : 'VMAC';
  const interval =
    version === 2 ? `${inSeconds(advertisementInterval)} sec` : `${inMillis(advertisementInterval)} milli-sec`;
  return [
    `   Down timer adverts = ${instance.downTimerAdverts}`,
    garpExtraInterval > 0 && `   Gratuitous ARP for each secondary ${extraKind} = ${wholeSeconds(garpExtraInterval)}`,
    `   Send advert after receive lower priority advert = ${trueFalse(!instance.lowerPriorityNoAdvert)}`,
    `   Send advert after receive higher priority advert = ${trueFalse(instance.higherPrioritySendAdvert)}`,
    isOwner(instance) && `   Address owner ignores received adverts = ${trueFalse(instance.ownerIgnoreAdverts)}`,
    `   Virtual Router ID = ${instance.virtualRouterId}`,
    `   Priority = ${priority}`,
    ...priorityLines(instance, state),
    `   Advert interval = ${interval}`,
    lastAdvertLine(state),
    `   Accept = ${enabled(instance.accept)}`,
    `   Preempt = ${enabled(instance.preempt)}`,
    preemptDelay > 0 && `   Preempt delay = ${secondsShort(preemptDelay)} secs`,
    `   Promote_secondaries = ${enabled(instance.promoteSecondaries)}`,
  ];
}

function addresses(instance: VrrpInstance, set: boolean): DumpLines {
  const { virtualAddresses, excludedAddresses } = instance;
  const lines = (list: typeof virtualAddresses) =>
    list.map((address) => `     ${addressText(address)}${setSuffix(instance, set)}`);
  return [
    virtualAddresses.length > 0 && `   Virtual IP (${virtualAddresses.length}):`,
    ...lines(virtualAddresses),
    excludedAddresses.length > 0 && '   Virtual IP Excluded :',
    ...lines(excludedAddresses),
  ];
}

function routing({ virtualRoutes, virtualRules }: VrrpInstance): DumpLines {
  return [
    virtualRoutes.length > 0 && '   Virtual Routes :',
    ...virtualRoutes.map((route) => `     ${routeText(route)}`),
    virtualRules.length > 0 && '   Virtual Rules :',
    ...virtualRules.map((rule) => `     ${ruleText(rule)}`),
  ];
}

function notification({ notify }: VrrpInstance): DumpLines {
  const script = (label: string, command: ScriptCommand | undefined) =>
    scriptLines(`   ${label} state transition`, command);
  return [
    `   Notify deleted = ${notify.reportDeleted ? 'Deleted' : 'Fault'}`,
    ...script('Backup', notify.backup),
    ...script('Master', notify.master),
    ...script('Fault', notify.fault),
    ...script('Stop', notify.stop),
    ...script('Deleted', notify.deleted),
    ...script('Generic', notify.any),
    ...script('Master rx lower pri', notify.masterRxLowerPriority),
  ];
}
