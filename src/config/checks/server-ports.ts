import { describeServer, describeService, type ServerDraft, type ServerRule, translates } from '../server-draft.ts';
import { printRange } from '../../lib/ip.ts';

/** Only address translation can change a port on the way. */
export const ports: ServerRule = (draft, context) => {
  if (draft.name.kind === 'fwmark') clearPorts(draft, context);
  else if (draft.name.kind === 'group') compareGroupPorts(draft, context);
  else adoptPort(draft, draft.name.endpoint.port, context);
};

type Report = Parameters<ServerRule>[1];

function adoptPort(draft: ServerDraft, port: number, { report }: Report): void {
  const service = describeService(draft);
  for (const server of draft.realServers) {
    if (!translates(server) && server.port !== 0 && server.port !== port) {
      const message = `WARNING - virtual server ${service} and real server ${describeServer(server, draft)} ports don't match - resetting`;
      report('general-error', message);
      server.port = port;
    } else if (server.port === 0) server.port = port;
  }
  const { sorryServer: sorry } = draft;
  // Unlike a real server, one behind NAT may go without: the kernel then keeps the port of the packet.
  if (!sorry || translates(sorry) || sorry.port === port) return;
  if (sorry.port !== 0) {
    const message = `WARNING - virtual server ${service} and sorry server ports don't match - resetting`;
    report('general-error', message);
  }
  sorry.port = port;
}

function clearPorts(draft: ServerDraft, { report }: Report): void {
  const service = describeService(draft);
  for (const server of draft.realServers) {
    if (translates(server) || server.port === 0) continue;
    const message = `WARNING - fwmark virtual server ${service}, real server ${describeServer(server, draft)} has port specified - clearing`;
    report('general-error', message);
    server.port = 0;
  }
  const { sorryServer: sorry } = draft;
  if (!sorry || translates(sorry) || sorry.port === 0) return;
  report('general-error', `WARNING - virtual server ${service}, sorry server has port specified - clearing`);
  sorry.port = 0;
}

/** The members of a group have ports of their own: what does not fit is only said. */
function compareGroupPorts(draft: ServerDraft, { report }: Report): void {
  const entries = draft.group?.entries ?? [];
  const service = describeService(draft);
  const servers = draft.realServers.filter((server) => !translates(server) && server.port !== 0);
  const sorryPort = draft.sorryServer && !translates(draft.sorryServer) ? draft.sorryServer.port : 0;
  if (entries.some((entry) => entry.kind === 'fwmark')) {
    for (const server of servers) {
      const message = `WARNING - fwmark virtual server ${service}, real server ${describeServer(server, draft)} has port specified - port will be ignored`;
      report('general-error', message);
    }
    if (sorryPort !== 0) {
      const message = `WARNING - fwmark virtual server ${service}, sorry server has port specified - port will be ignored`;
      report('general-error', message);
    }
  }
  for (const entry of entries) {
    if (entry.kind === 'fwmark') continue;
    for (const server of servers) {
      if (server.port === entry.port) continue;
      const message = `virtual server ${service}:[${printRange(entry)},${entry.port}] and real server ${describeServer(server, draft)} ports don't match`;
      report('general-error', message);
    }
    if (sorryPort !== 0 && sorryPort !== entry.port) {
      const message = `WARNING - virtual server ${service}, sorry server has port specified - port will be ignored`;
      report('general-error', message);
    }
  }
}
