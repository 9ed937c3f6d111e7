import type { Config, TrackProcess, VrrpInstance } from '../config/types.ts';
import type { ScriptCommand } from '../lib/script.ts';
import type { ShownState } from '../lib/vrrp-words.ts';
import { addressText, setSuffix } from './dump-address.ts';
import { routeText } from './dump-route.ts';
import { ruleText } from './dump-rule.ts';
import { scriptWords, secondsShort, wholeSeconds } from './dump-text.ts';
import { timestamp } from './dump-time.ts';
import { statisticsJson } from './json-statistics.ts';
import { array, bit, type Fields, object, string } from './json-text.ts';
import type { InstanceRuntime, VrrpRuntime } from './runtime.ts';

/** keepalived's numbers of the states. */
const STATE_NUMBERS: Readonly<Record<ShownState, number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  DELETED: 97,
  STOP: 98,
};
const AUTH_TYPES = { none: 0, pass: 1, ah: 2 } as const;

/**
 * keepalived.json: version 1 is an array of instances, version 2 an object with `vrrp` and `track_process`. In parts of one
 * instance each, so that a process with deadlines may see to them in between; none without an instance at work, as
 * keepalived writes no file then.
 */
export function* vrrpJsonParts(config: Config, runtime: VrrpRuntime): Generator<string, void> {
  const isObject = config.global.dumps.jsonVersion === 2;
  let count = 0;
  for (const instance of config.instances) {
    const state = runtime.instance?.(instance);
    if (!state) continue;
    const data = object(instanceData(config, instance, state));
    const begin = count++ > 0 ? ',' : isObject ? '{"vrrp":[' : '[';
    const fields: Fields = [
      ['data', data],
      ['stats', statisticsJson(state.statistics)],
    ];
    yield begin + object(fields);
  }
  if (count === 0) return;
  const processes = config.trackProcesses.map((process) => processJson(process, runtime));
  const rest = processes.length === 0 ? '' : `,"track_process":${array(processes)}`;
  yield isObject ? `]${rest}}\n` : ']\n';
}

function instanceData(config: Config, instance: VrrpInstance, state: InstanceRuntime): Fields {
  return [
    ['iname', string(instance.name)],
    ['dont_track_primary', bit(!instance.trackPrimaryInterface)],
    ['skip_check_adv_addr', bit(instance.skipCheckAdvertAddresses)],
    ['strict_mode', bit(instance.strict)],
    ['vmac_ifname', string(instance.vmac?.name ?? '')],
    ['ifp_ifname', instance.interface === '' ? undefined : string(instance.vmac?.name ?? instance.interface)],
    ['master_priority', `${state.masterPriority}`],
    ['last_transition', timestamp(state.lastTransition)],
    ...announcementFields(instance),
    ['vrid', `${instance.virtualRouterId}`],
    ['base_priority', `${instance.priority}`],
    ['effective_priority', `${state.effectivePriority}`],
    ['vipset', `${state.holdsAddresses}`],
    ['promote_secondaries', `${instance.promoteSecondaries}`],
    ['adver_int', secondsShort(instance.advertisementInterval)],
    ['master_adver_int', secondsShort(state.masterAdvertInterval)],
    ['accept', bit(instance.accept)],
    ['nopreempt', `${!instance.preempt}`],
    ['preempt_delay', `${wholeSeconds(instance.preemptDelay)}`],
    ['state', `${STATE_NUMBERS[state.state]}`],
    ['wantstate', `${STATE_NUMBERS[state.wantedState]}`],
    ['version', `${instance.version}`],
    ['smtp_alert', `${instance.smtpAlert}`],
    ['notify_deleted', `${instance.notify.reportDeleted}`],
    ...scriptFields(instance),
    ...listFields(config, instance, state),
    ['auth_type', `${AUTH_TYPES[instance.authentication.type]}`],
    ['auth_data', instance.authentication.type === 'none' ? undefined : string('********')],
  ];
}

function announcementFields({ garp, lowerPriorityNoAdvert, higherPrioritySendAdvert }: VrrpInstance): Fields {
  return [
    ['garp_delay', secondsShort(garp.delay)],
    ['garp_refresh', `${wholeSeconds(garp.refresh)}`],
    ['garp_rep', `${garp.repeat}`],
    ['garp_refresh_rep', `${garp.refreshRepeat}`],
    ['garp_lower_prio_delay', `${wholeSeconds(garp.lowerPriorityDelay)}`],
    ['garp_lower_prio_rep', `${garp.lowerPriorityRepeat}`],
    ['lower_prio_no_advert', bit(lowerPriorityNoAdvert)],
    ['higher_prio_send_advert', bit(higherPrioritySendAdvert)],
  ];
}

function scriptFields({ notify }: VrrpInstance): Fields {
  const script = (command: ScriptCommand | undefined) => command && string(scriptWords(command));
  return [
    ['script_backup', script(notify.backup)],
    ['script_master', script(notify.master)],
    ['script_fault', script(notify.fault)],
    ['script_stop', script(notify.stop)],
    ['script_deleted', script(notify.deleted)],
    ['script', script(notify.any)],
    ['script_master_rx_lower_pri', script(notify.masterRxLowerPriority)],
  ];
}

function listFields(config: Config, instance: VrrpInstance, { holdsAddresses }: InstanceRuntime): Fields {
  const set = setSuffix(instance, holdsAddresses);
  const commands = instance.trackScripts.flatMap(({ name }) => {
    const script = config.scripts.find((one) => one.name === name);
    return script ? [scriptWords(script.command)] : [];
  });
  return [
    ['vips', strings(instance.virtualAddresses.map((address) => addressText(address) + set))],
    ['evips', strings(instance.excludedAddresses.map((address) => addressText(address) + set))],
    ['vroutes', strings(instance.virtualRoutes.map(routeText))],
    ['vrules', strings(instance.virtualRules.map(ruleText))],
    ['track_ifp', strings(instance.trackInterfaces.map(({ name }) => name))],
    ['track_script', strings(commands)],
    ['track_process', strings(instance.trackProcesses.map(({ name }) => name))],
  ];
}

function processJson(process: TrackProcess, runtime: VrrpRuntime): string {
  const state = runtime.process?.(process);
  return object([
    ['process', string(process.process)],
    ['parameters', process.parameters.length === 0 ? undefined : string(process.parameters.join(' '))],
    ['param_match', string(process.parameterMatch)],
    ['min_processes', `${process.quorum}`],
    ['max_processes', process.quorumMaximum === undefined ? undefined : `${process.quorumMaximum}`],
    ['current_processes', `${state?.current ?? 0}`],
    ['have_quorum', `${state?.haveQuorum ?? false}`],
    ['weight', `${process.reverse ? -process.weight : process.weight}`],
    ['terminate_delay', secondsShort(process.terminateDelay)],
    ['fork_delay', secondsShort(process.forkDelay)],
    ['fork_delay_timer_running', `${state?.forkDelayRunning ?? false}`],
    ['terminate_delay_timer_running', `${state?.terminateDelayRunning ?? false}`],
    ['full_command', `${process.fullCommand}`],
  ]);
}

/** An array of strings; an empty one is left out. */
function strings(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : array(texts.map(string));
}
