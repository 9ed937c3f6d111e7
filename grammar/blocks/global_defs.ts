import { settings } from '../keyword.ts';
import { bufferRows } from './global/buffers.ts';
import { fileRows } from './global/files.ts';
import { filterRows } from './global/filter.ts';
import { garpRows } from './global/garp.ts';
import { identityRows } from './global/identity.ts';
import { lvsRows } from './global/lvs.ts';
import { mailRows } from './global/mail.ts';
import { monitoringRows } from './global/monitoring.ts';
import { processRows } from './global/processes.ts';
import { scriptRows, scriptUserRows } from './global/scripts.ts';
import { vrrpRows } from './global/vrrp.ts';

/** The order matters where the configuration is printed: whose rights scripts have comes before the scripts. */
export const globalDefs = settings('Daemon-wide settings.', {
  ...identityRows,
  ...mailRows,
  ...scriptUserRows,
  ...scriptRows,
  ...vrrpRows,
  ...garpRows,
  ...lvsRows,
  ...filterRows,
  ...processRows,
  ...monitoringRows,
  ...bufferRows,
  ...fileRows,
});
