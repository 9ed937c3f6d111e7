import type { Config } from '../../config/types.ts';
import type { CheckerSurvey, VrrpSurvey } from '../../ipc/observation.ts';
import { addressTable } from './addresses.ts';
import { globalTables, KEEPALIVED_MIB } from './global.ts';
import { instanceTables } from './instances.ts';
import { lvsTables } from './lvs.ts';
import { realServerTable } from './real-servers.ts';
import { rfc2787Tables, VRRP_V2_MIB } from './rfc2787.ts';
import { rfc6527Tables, VRRP_V3_MIB } from './rfc6527.ts';
import { routeTables } from './routes.ts';
import { ruleTable } from './rules.ts';
import { trackingTables } from './tracking.ts';
import { type SnmpTable, sortTables } from './tree.ts';
import { virtualServerTables } from './virtual-servers.ts';

/** What the processes last told of themselves; undefined of one that does not run. */
export interface Surveys {
  readonly vrrp: VrrpSurvey | undefined;
  readonly checker: CheckerSurvey | undefined;
}

/** The subtrees that `config` wants to be shown. */
export function shownSubtrees({ global: { snmp } }: Config): string[] {
  const subtrees: readonly (readonly [boolean, readonly number[]])[] = [
    [snmp.vrrp || snmp.checker, KEEPALIVED_MIB],
    [snmp.rfcV2, VRRP_V2_MIB],
    [snmp.rfcV3, VRRP_V3_MIB],
  ];
  return subtrees.flatMap(([shown, oid]) => (shown ? [oid.join('.')] : []));
}

/** Everything that is shown, in the order of a walk. `version` as -v shows it; `now`: wall time in microseconds. */
export function shownTables(config: Config, surveys: Surveys, version: string, now: number): readonly SnmpTable[] {
  const { vrrp, checker, rfcV2, rfcV3 } = config.global.snmp;
  return sortTables([
    ...(vrrp || checker ? globalTables(config, version) : []),
    ...(vrrp && surveys.vrrp ? vrrpTables(config, surveys.vrrp) : []),
    ...(checker && surveys.checker ? checkerTables(config, surveys.checker) : []),
    ...(rfcV2 && surveys.vrrp ? rfc2787Tables(config, surveys.vrrp) : []),
    ...(rfcV3 && surveys.vrrp ? rfc6527Tables(config, surveys.vrrp, now) : []),
  ]);
}

function vrrpTables(config: Config, survey: VrrpSurvey): SnmpTable[] {
  return [
    ...instanceTables(config, survey),
    addressTable(config, survey),
    ...routeTables(config, survey),
    ruleTable(config, survey),
    ...trackingTables(config, survey),
  ];
}

function checkerTables(config: Config, survey: CheckerSurvey): SnmpTable[] {
  return [...virtualServerTables(config, survey), realServerTable(config, survey), ...lvsTables(config)];
}
