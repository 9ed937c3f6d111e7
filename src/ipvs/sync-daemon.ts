import type { LvsSyncDaemon } from '../config/types.ts';
import { errnoText } from '../lib/errno.ts';
import { addressFamily, ipBytes } from '../lib/ip.ts';
import type { Attributes } from '../netlink/attribute.ts';
import { type Family, genericRequest } from '../netlink/generic.ts';
import type { KernelError, Request } from '../netlink/message.ts';
import { commandAttributes, type daemonAttributes } from './attributes.ts';
import { commandNumber } from './family.ts';

/** Which half of the connection synchronisation daemon: the one that sends, or the one that listens. */
export type SyncState = (typeof syncStates)[number];
export const syncStates = ['master', 'backup'] as const;

/** IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP */
const states: Readonly<Record<SyncState, number>> = { master: 1, backup: 2 };

/** Starts one half. What the settings leave out is the kernel's choice; `id` is the syncid, 0 to 255. */
export function startSyncRequest(family: Family, state: SyncState, daemon: LvsSyncDaemon, id: number): Request {
  const { interface: name, maximumLength, port, ttl } = daemon;
  return genericRequest(family, commandNumber.newDaemon, commandAttributes, {
    daemon: {
      state: states[state],
      interface: name,
      syncId: id,
      maximumLength,
      multicastPort: port,
      multicastTtl: ttl,
      ...multicastGroup(daemon),
    },
  });
}

export function stopSyncRequest(family: Family, state: SyncState, id: number): Request {
  return genericRequest(family, commandNumber.deleteDaemon, commandAttributes, {
    daemon: { state: states[state], syncId: id },
  });
}

function multicastGroup({ group }: LvsSyncDaemon): Attributes<typeof daemonAttributes> {
  if (group === undefined) return {};
  return addressFamily(group) === 4 ? { multicastGroup4: ipBytes(group) } : { multicastGroup6: ipBytes(group) };
}

/** As keepalived's log names these commands, by the socket options they replace. */
const commandNames = { start: 'IP_VS_SO_SET_STARTDAEMON(1163)', stop: 'IP_VS_SO_SET_STOPDAEMON(1164)' } as const;

export function syncFailureText(command: keyof typeof commandNames, { errno: number }: KernelError): string {
  return `IPVS cmd ${commandNames[command]} error: ${errnoText(number)}(${number})`;
}
