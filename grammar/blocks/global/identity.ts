import { processName } from '../../global-values.ts';
import { leaf } from '../../keyword.ts';
import { flag, text } from '../../values.ts';

/** What the daemon and its processes are called. */
export const identityRows = {
  router_id: leaf(text, 'Name of this router in mails and SNMP; the host name unless set.', {
    otherwise: 'local host name',
    missing: 'routerid name missing - ignoring',
  }),
  lvs_id: leaf(text, 'Old spelling of router_id.', {
    missing: 'routerid name missing - ignoring',
    deprecated: { instead: 'router_id' },
  }),
  process_names: leaf(flag, 'Give the children process names of their own.'),
  process_name: leaf(processName, 'Process name of the parent.', { otherwise: 'program name' }),
  vrrp_process_name: leaf(processName, 'Process name of the VRRP process.', {
    otherwise: 'program name',
  }),
  checker_process_name: leaf(processName, 'Process name of the checker process.', {
    otherwise: 'program name',
  }),
  lvs_process_name: leaf(processName, 'Old spelling of checker_process_name.', {
    deprecated: {
      instead: 'checker_process_name',
      quiet: true,
      message: "'lvs_process_name' is deprecated - please use 'checker_process_name'",
    },
  }),
  bfd_process_name: leaf(processName, 'Process name of the BFD process.', {
    otherwise: 'program name',
  }),
};
