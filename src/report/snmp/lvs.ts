import type { Config } from '../../config/types.ts';
import { scalars, type SnmpTable } from './tree.ts';
import { addressType, addressValue, choice, given, integer, text } from './values.ts';
import { CHECK } from './virtual-servers.ts';

const SYNC_DAEMON = [...CHECK, 6];
const TIMEOUTS = [...CHECK, 7];

/** The synchronisation daemon and the timeouts that are configured. */
export function lvsTables({ global }: Config): SnmpTable[] {
  const { lvsSyncDaemon: daemon, lvsTimeouts: timeouts } = global;
  return [
    ...scalars(SYNC_DAEMON, {
      1: choice(daemon !== undefined),
      2: daemon && text(daemon.interface),
      3: given(daemon?.instance, text),
      4: daemon && integer(daemon.id ?? 0),
      5: daemon && integer(daemon.maximumLength ?? 0),
      6: daemon && integer(daemon.port ?? 0),
      7: daemon && integer(daemon.ttl ?? 0),
      8: given(daemon?.group, addressType),
      9: given(daemon?.group, addressValue),
    }),
    ...scalars(TIMEOUTS, {
      1: given(timeouts?.tcp, integer),
      2: given(timeouts?.tcpfin, integer),
      3: given(timeouts?.udp, integer),
    }),
  ];
}
