import { seconds } from '../../src/lib/duration.ts';
import { alias, leaf, type Statement, settings } from '../keyword.ts';
import { flag, maximumUnsigned, text, wholeSeconds } from '../values.ts';
import { globalDefs } from './global_defs.ts';
import { ssl } from './ssl.ts';
import { staticAddresses } from './static_ipaddress.ts';
import { staticRoutes } from './static_routes.ts';
import { staticRules } from './static_rules.ts';
import { trackGroup } from './track_group.ts';
import { virtualServer } from './virtual_server.ts';
import { virtualServerGroup } from './virtual_server_group.ts';
import { bfdInstance } from './bfd_instance.ts';
import { trackFile } from './track_file.ts';
import { vrrpTrackProcess } from './vrrp/processes.ts';
import { vrrpScript } from './vrrp/scripts.ts';
import { vrrpInstance } from './vrrp_instance.ts';
import { vrrpSyncGroup } from './vrrp_sync_group.ts';

const once = (value: string, statement: Statement): string | undefined => {
  const keyword = statement.words[0] as string;
  if (statement.scope.values[keyword] === undefined) return value;
  statement.report('general-error', `Duplicate ${keyword} definition ${value} - ignoring`, 1);
  return undefined;
};

/** What may stand outside every block. */
export const root = settings('A configuration.', {
  net_namespace: leaf(text, 'Network namespace the daemon runs in.', {
    missing: 'net_namespace name missing - ignoring',
    reload: 'keep',
    admit: once,
  }),
  instance: leaf(text, 'Name of this daemon, for pid files and the system log.', {
    missing: 'instance name missing - ignoring',
    reload: 'keep',
    admit: once,
  }),
  use_pid_dir: leaf(flag, 'Put pid files into a directory of their own.', { lacks: 'has no effect' }),
  child_wait_time: leaf(wholeSeconds(0, maximumUnsigned), 'How long the parent waits for its children at exit.', {
    default: seconds(5),
    invalid: 'Invalid child_wait_time %s',
  }),
  global_defs: globalDefs,
  track_group: trackGroup,
  static_ipaddress: staticAddresses,
  static_routes: staticRoutes,
  static_rules: staticRules,
  vrrp_script: vrrpScript,
  vrrp_track_process: vrrpTrackProcess,
  track_file: trackFile,
  vrrp_track_file: alias('track_file'),
  bfd_instance: bfdInstance,
  vrrp_sync_group: vrrpSyncGroup,
  vrrp_instance: vrrpInstance,
  SSL: ssl,
  virtual_server_group: virtualServerGroup,
  virtual_server: virtualServer,
});
