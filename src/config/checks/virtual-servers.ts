import { describeServer, describeService, type ServerDraft, type ServerRule } from '../server-draft.ts';

const defaultPersistence = 360;

const protocol: ServerRule = (draft, { report }) => {
  if (draft.name.kind !== 'address' || draft.protocol !== undefined) return;
  report('general-error', `Virtual server ${describeService(draft)}: no protocol set - defaulting to UDP`);
  draft.protocol = 'UDP';
};

const onePacket: ServerRule = (draft, { report }) => {
  // A firewall mark has no protocol of its own; the kernel schedules its UDP packets one by one.
  if (!draft.onePacket || draft.protocol === 'UDP' || draft.name.kind !== 'address') return;
  report('general-error', `Virtual server ${describeService(draft)}: one packet scheduling requires UDP - resetting`);
  draft.onePacket = false;
};

/** A service on every port is one only with persistence (linux/ip_vs.h, template connections). */
const portZero: ServerRule = (draft, { report }) => {
  if (draft.name.kind !== 'address' || draft.name.endpoint.port !== 0 || draft.persistenceTimeout > 0) return;
  const message = `Virtual server ${describeService(draft)}: zero port only valid for persistent services - setting`;
  report('general-error', message);
  draft.persistenceTimeout = defaultPersistence;
};

const firewallMarkHasNoProtocol: ServerRule = (draft, { report }) => {
  if (draft.name.kind !== 'fwmark' || draft.protocol === undefined) return;
  const message = `Warning: Virtual server ${describeService(draft)}: protocol specified for fwmark - protocol will be ignored`;
  report('general-error', message);
  draft.protocol = undefined;
};

const scheduler: ServerRule = (draft, { report }) => {
  if (draft.scheduler !== '') return;
  report('general-error', `Virtual server ${describeService(draft)}: no scheduler set, setting default 'wlc'`);
  draft.scheduler = 'wlc';
};

const distinctRealServers: ServerRule = (draft, { report }) => {
  const seen = new Set<string>();
  const distinct = draft.realServers.filter((server) => {
    const key = `${server.address} ${server.port}`;
    const duplicate = seen.has(key);
    if (duplicate) {
      const message = `VS ${describeService(draft)}: real server ${describeServer(server, draft)} is duplicated - removing second rs`;
      report('general-error', message);
    }
    seen.add(key);
    return !duplicate;
  });
  if (distinct.length < draft.realServers.length) draft.realServers = distinct;
};

const forwardingMethod: ServerRule = (draft, { report }) => {
  if (draft.raw.lb_kind !== undefined) return;
  if (draft.realServers.every((server) => server.raw.lvs_method !== undefined)) return;
  const message = `Virtual server ${describeService(draft)}: no forwarding method set, setting default NAT`;
  report('general-error', message);
};

/** One server cannot be held in the table in one role and taken out of it in the other. */
const sorryServerInhibit: ServerRule = (draft, { report }) => {
  const { sorryServer: sorry } = draft;
  const twin = sorry && draft.realServers.find((rs) => rs.address === sorry.address && rs.port === sorry.port);
  if (!sorry || !twin || twin.inhibit === sorry.inhibit) return;
  const change = twin.inhibit ? 'setting' : 'clearing';
  const message = `Virtual server ${describeService(draft)}: real server ${describeServer(twin, draft)} matches sorry server, but inhibit setting differs, ${change} on sorry server`;
  report('general-error', message);
  sorry.inhibit = twin.inhibit;
};

const quorumWithinReach: ServerRule = (draft, { report }) => {
  const total = draft.realServers.reduce((sum, server) => sum + server.weight, 0);
  if (draft.quorum > total) {
    const message = `Warning - quorum ${draft.quorum} for ${describeService(draft)} exceeds total weight of real servers ${total}, reducing quorum to ${total}`;
    report('general-error', message);
    draft.quorum = total;
  }
  if (draft.hysteresis > 0 && draft.hysteresis >= draft.quorum) {
    // Unsigned in keepalived: below a quorum of 0 it wraps around.
    const hysteresis = draft.quorum === 0 ? 0xffffffff : draft.quorum - 1;
    const message = `Virtual server ${describeService(draft)}: hysteresis ${draft.hysteresis} >= quorum ${draft.quorum}; setting hysteresis to ${hysteresis}`;
    report('general-error', message);
    draft.hysteresis = hysteresis;
  }
};

/** Only NAT can change a port on the way. */
const ports: ServerRule = (draft, context) => {
  if (draft.name.kind === 'fwmark') return clearPorts(draft, context);
  if (draft.name.kind === 'group') return;
  const { port } = draft.name.endpoint;
  const service = describeService(draft);
  for (const server of draft.realServers) {
    if (server.method !== 'NAT' && server.port !== 0 && server.port !== port) {
      const message = `WARNING - virtual server ${service} and real server ${describeServer(server, draft)} ports don't match - resetting`;
      context.report('general-error', message);
      server.port = port;
    } else if (server.port === 0) server.port = port;
  }
  const { sorryServer: sorry } = draft;
  if (sorry && sorry.method !== 'NAT' && sorry.port !== 0 && sorry.port !== port) {
    const message = `WARNING - virtual server ${service} and sorry server ports don't match - resetting`;
    context.report('general-error', message);
    sorry.port = port;
  } else if (sorry?.port === 0) sorry.port = port;
};

function clearPorts(draft: ServerDraft, { report }: Parameters<ServerRule>[1]): void {
  const service = describeService(draft);
  for (const server of draft.realServers) {
    if (server.method === 'NAT' || server.port === 0) continue;
    const message = `WARNING - fwmark virtual server ${service}, real server ${describeServer(server, draft)} has port specified - clearing`;
    report('general-error', message);
    server.port = 0;
  }
  const { sorryServer: sorry } = draft;
  if (!sorry || sorry.method === 'NAT' || sorry.port === 0) return;
  report('general-error', `WARNING - virtual server ${service}, sorry server has port specified - clearing`);
  sorry.port = 0;
}

/** One sequence, in keepalived's order: each rule sees what the ones before it decided. */
export const serverRules: readonly ServerRule[] = [
  protocol,
  onePacket,
  portZero,
  firewallMarkHasNoProtocol,
  scheduler,
  distinctRealServers,
  forwardingMethod,
  sorryServerInhibit,
  quorumWithinReach,
  ports,
];
