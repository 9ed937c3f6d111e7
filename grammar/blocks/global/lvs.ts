import { lvsTimeouts } from '../../global-values.ts';
import { localAddress } from '../../address-range.ts';
import { alias, leaf, list } from '../../keyword.ts';
import { type SyncDaemonWords, syncDaemon } from '../../sync-daemon.ts';
import { flag } from '../../values.ts';
import { globalBoolean, plainBoolean } from './shared.ts';

/** What concerns virtual servers and the kernel's table of them. */
export const lvsRows = {
  checker_log_all_failures: leaf(plainBoolean('checker_log_all_failures'), 'Log every failed check.', {
    otherwise: 'false',
  }),
  rs_init_notifies: leaf(
    globalBoolean('rs_init_notifies'),
    'Run notify scripts for the first state of a real server.',
    { otherwise: 'false' },
  ),
  lvs_timeouts: leaf(lvsTimeouts, 'Connection timeouts of IPVS.', { otherwise: 'unset (kernel values kept)' }),
  lvs_sync_daemon: leaf(syncDaemon, 'Tell other directors of the connections, or hear of theirs.', {
    otherwise: 'id: vrid of the instance, or 0',
    admit: (value, statement) => {
      const earlier = statement.scope.values.lvs_sync_daemon as SyncDaemonWords | undefined;
      if (!earlier) return value;
      const { interface: name, instance = '' } = earlier;
      const message = `lvs_sync_daemon has already been specified as ${name} ${instance} - ignoring`;
      return statement.refuse(message, 0);
    },
  }),
  lvs_flush: leaf(flag, 'Empty the IPVS table at start.'),
  lvs_flush_on_stop: leaf(
    {
      syntax: 'VS or nothing',
      read(statement) {
        const word = statement.words[1];
        if (word === undefined) return 'all' as const;
        if (word === 'VS') return 'services' as const;
        return statement.refuse(`Unknown lvs_flush_on_stop type ${word}`, 1, this.syntax);
      },
      print: (value: 'all' | 'services') => (value === 'services' ? 'VS' : ''),
    },
    'Empty the IPVS table at exit, or with VS only remove the virtual services.',
    { otherwise: 'off' },
  ),
  lvs_flush_onstop: alias('lvs_flush_on_stop'),
  lvs_restore_services: leaf(flag, 'Put virtual services of ours right at once when somebody changes them.', {
    own: true,
  }),
  share_checks: leaf(flag, 'Make a check that several virtual servers have in common only once.', { own: true }),
  local_address: list(
    localAddress,
    'Source addresses of packets to FNAT servers, for virtual servers that name none.',
    {
      wordwise: true,
      own: true,
    },
  ),
};
