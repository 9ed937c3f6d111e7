import { seconds } from '../../src/lib/duration.ts';
import { alias, leaf, type Statement, settings, type ValueKind } from '../keyword.ts';
import { flag, maximumUnsigned, quote, text, wholeSeconds } from '../values.ts';
import { garpGroup } from './garp_group.ts';
import { globalDefs } from './global_defs.ts';
import { interfaceDelays, linkbeatInterfaces } from './interface_lists.ts';
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
  return statement.refuse(`Duplicate ${keyword} definition ${value} - ignoring`, 1);
};

/** A name, or none for the main namespace. A second one is refused, and must have a name for that. */
const ipvsNamespace: ValueKind<string> = {
  syntax: 'a name, or nothing for the main namespace',
  example: 'lvs',
  read(statement) {
    const [, word] = statement.words;
    if (statement.scope.values.net_namespace_ipvs === undefined) return word ?? '';
    return word === undefined ? statement.missing(1) : once(word, statement);
  },
  print: (value) => (value === '' ? '' : quote(value)),
};

/** What may stand outside every block. */
export const root = settings('A configuration.', {
  net_namespace: leaf(text, 'Network namespace the daemon runs in.', {
    otherwise: 'none',
    missing: 'net_namespace name missing - ignoring',
    untilRestart: true,
    admit: once,
  }),
  instance: leaf(text, 'Name of this daemon, for pid files and the system log.', {
    otherwise: 'none',
    missing: 'instance name missing - ignoring',
    untilRestart: true,
    admit: once,
  }),
  net_namespace_ipvs: leaf(ipvsNamespace, 'Network namespace of the IPVS table; the main one without a name.', {
    otherwise: 'same namespace as net_namespace',
    untilRestart: true,
  }),
  namespace_with_ipsets: leaf(
    flag,
    'Use sets of addresses although a network namespace is in force; those of nftables always are.',
  ),
  linkbeat_use_polling: leaf(flag, 'Poll the link of every interface of VRRP instead of believing the kernel.'),
  use_pid_dir: leaf(flag, 'Put pid files into a directory of their own.'),
  child_wait_time: leaf(
    wholeSeconds(0, maximumUnsigned, 'exact'),
    'How long the parent waits for its children at exit.',
    {
      default: seconds(5),
      invalid: 'Invalid child_wait_time %s',
    },
  ),
  global_defs: globalDefs,
  linkbeat_interfaces: linkbeatInterfaces,
  interface_up_down_delays: interfaceDelays,
  garp_group: garpGroup,
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

/** Blocks whose presence alone means that VRRP runs. */
export const impliesVrrp: ReadonlySet<string> = new Set([
  'vrrp_instance',
  'static_ipaddress',
  'static_routes',
  'static_rules',
]);
