import { isLinkLocal } from '../../lib/ip.ts';
import type { InstanceRule } from '../instance-draft.ts';

/** Peers make an instance unicast; words that only speak of unicast do not. */
export const unicast: InstanceRule = (draft, { report, log }) => {
  const { raw, name } = draft;
  if (!raw.unicast) return;
  if (raw.unicast_peer) draft.peers = raw.unicast_peer;
  else if (raw.unicast_fault_no_peer) {
    log(`(${name}) Cannot use unicast without any peers - going to fault state`);
    draft.configurationFault = true;
  } else {
    const message = `(${name}) A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is deprecated - please update your configuration.`;
    report('deprecated', message);
  }
};

/** RFC 5798 knows multicast only. */
export const strictMulticast: InstanceRule = (draft, { fatal }) => {
  if (!draft.strict || !draft.peers || !draft.facts?.multicast) return;
  fatal(`(${draft.name}) Strict mode does not support unicast on an interface that supports multicast`);
};

/** Without an interface nothing else says where adverts come from. */
export const sourceWithoutInterface: InstanceRule = (draft, { fatal }) => {
  if (draft.interface !== '') return;
  if (draft.sourceAddress === undefined) {
    fatal(`(${draft.name}) Cannot use unicast without an interface or a source address`);
  } else if (isLinkLocal(draft.sourceAddress)) {
    fatal(`(${draft.name}) Cannot use a link-local source address without an interface`);
  }
};

export const vrf: InstanceRule = (draft, { report }) => {
  if (draft.vrf === undefined || (draft.interface === '' && draft.peers)) return;
  report('general-error', `(${draft.name}) VRF is only for unicast instances without an interface - ignoring`);
  draft.vrf = undefined;
};

export const multicastGroup: InstanceRule = (draft, { report, global, defaults }) => {
  if (draft.peers && draft.multicastGroup !== undefined) {
    report('general-error', `(${draft.name}) multicast destination specified with unicast - ignoring`);
    draft.multicastGroup = undefined;
  }
  draft.multicastGroup ??= draft.family === 4 ? global.vrrpMulticastGroup4 : defaults.multicastGroup6;
};

export const trackedSource: InstanceRule = (draft) => {
  if (draft.sourceAddress === undefined) draft.trackSourceAddress = false;
};

/** IPv4 adverts have TTL 255 (RFC 5798, section 5.1.1.3); 0 is what a TTL without peers becomes. */
export const hopLimit: InstanceRule = (draft) => {
  if (draft.unicastTtl === undefined && draft.family === 4 && draft.peers) draft.unicastTtl = 255;
};
