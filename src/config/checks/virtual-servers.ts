import { defaultPersistence } from '../../../grammar/blocks/virtual_server.ts';
import { describeServer, describeService, type ServerRule } from '../server-draft.ts';
import { hasAddresses, hasMarks, hasPortZero } from './server-groups.ts';
import { ports } from './server-ports.ts';

/** A firewall mark has no address that could come and go. */
const haSuspend: ServerRule = (draft, { report }) => {
  if (!draft.haSuspend || !hasMarks(draft)) return;
  const service = describeService(draft);
  report('general-error', `Virtual server ${service}: cannot use ha_suspend with fwmarks - clearing ha_suspend`);
  draft.haSuspend = false;
};

const protocol: ServerRule = (draft, { report }) => {
  if (!hasAddresses(draft) || draft.protocol !== undefined) return;
  report('general-error', `Virtual server ${describeService(draft)}: no protocol set - defaulting to UDP`);
  draft.protocol = 'UDP';
};

const onePacket: ServerRule = (draft, { report }) => {
  // A firewall mark has no protocol of its own; the kernel schedules its UDP packets one by one.
  if (!draft.onePacket || draft.protocol === 'UDP' || !hasAddresses(draft)) return;
  report('general-error', `Virtual server ${describeService(draft)}: one packet scheduling requires UDP - resetting`);
  draft.onePacket = false;
};

/** A service on every port is one only with persistence (linux/ip_vs.h, template connections). */
const portZero: ServerRule = (draft, { report }) => {
  if (!hasPortZero(draft) || draft.persistenceTimeout > 0) return;
  const message = `Virtual server ${describeService(draft)}: zero port only valid for persistent services - setting`;
  report('general-error', message);
  draft.persistenceTimeout = defaultPersistence;
};

const firewallMarkHasNoProtocol: ServerRule = (draft, { report }) => {
  if (hasAddresses(draft) || draft.protocol === undefined) return;
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
  const sorryHasOne = draft.sorryServer === undefined || draft.raw.sorry_server_lvs_method !== undefined;
  if (sorryHasOne && draft.realServers.every((server) => server.raw.lvs_method !== undefined)) return;
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
  if (draft.hysteresis >= draft.quorum) {
    // Unsigned in keepalived: below a quorum of 0 it wraps around.
    const hysteresis = draft.quorum === 0 ? 0xffffffff : draft.quorum - 1;
    const message = `Virtual server ${describeService(draft)}: hysteresis ${draft.hysteresis} >= quorum ${draft.quorum}; setting hysteresis to ${hysteresis}`;
    report('general-error', message);
    draft.hysteresis = hysteresis;
  }
};

/** One sequence, in keepalived's order: each rule sees what the ones before it decided. */
export const serverRules: readonly ServerRule[] = [
  haSuspend,
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
