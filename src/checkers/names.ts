import type { RealServer, SorryServer, VirtualServer, VirtualServerKey } from '../config/types.ts';

/** The virtual server in logs, FIFO lines and mails: `[10.0.0.1]:tcp:80`, `FWM 7`, `[group]:0`. */
export function virtualServerName(key: VirtualServerKey): string {
  if (key.kind === 'group') return `[${key.group}]:${key.ordinal}`;
  return key.kind === 'fwmark' ? `FWM ${key.fwmark}` : `[${key.address}]:${key.protocol.toLowerCase()}:${key.port}`;
}

/** A real or sorry server in logs, FIFO lines and mails; its protocol is that of the virtual server. */
export function realServerName(virtualServer: VirtualServer, server: RealServer | SorryServer): string {
  const { key } = virtualServer;
  const protocol = key.kind === 'fwmark' ? 'none' : (key.protocol?.toLowerCase() ?? 'none');
  return `[${server.address}]:${protocol}:${server.port}`;
}
