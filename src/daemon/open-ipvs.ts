import type { Log } from '../lib/log.ts';
import { SystemError } from '../os/system-error.ts';
import { type IpvsKernel, ipvsPorts, openIpvs } from './ipvs-kernel.ts';

/** IPVS where the configuration wants it (net_namespace_ipvs); without it the reason is logged. */
export function openConfiguredIpvs(log: Log, namespace: string | undefined): IpvsKernel | undefined {
  log({ level: 'info', message: 'Initializing ipvs' });
  try {
    const opened = openIpvs(log, ipvsPorts(namespace));
    if (opened.ok) return opened.value;
    log({ level: 'err', message: opened.error });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    log({ level: 'err', message: `IPVS: Can't initialize ipvs: ${error.message}` });
  }
  return undefined;
}
