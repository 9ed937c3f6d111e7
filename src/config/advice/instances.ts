import { inMillis, inSeconds } from '../../lib/duration.ts';
import { addressFamily, type IpAddress, ipBytes } from '../../lib/ip.ts';
import { highestPriority } from '../../lib/priority.ts';
import { dropsPackets } from '../packet-filter.ts';
import type { Prefix } from '../types-route.ts';
import type { VrrpInstance } from '../types.ts';
import { type Advice, type AdviceRule, listed } from './advice.ts';

const about = (instance: VrrpInstance, rule: string, keyword: string, message: string): Advice => ({
  rule,
  message,
  block: 'vrrp_instance',
  name: instance.name,
  keyword,
});

/** A strict instance drops packets for its addresses unless it owns them (RFC 5798 section 6.1, Accept_Mode). */
export const strictAddresses: AdviceRule = ({ instances }) =>
  instances
    .filter((instance) => instance.strict && dropsPackets(instance) && instance.virtualAddresses.length > 0)
    .map((instance) =>
      about(
        instance,
        'strict-unreachable',
        'strict_mode',
        `vrrp_strict makes ${listed(instance.virtualAddresses.map(({ address }) => address))} drop every packet while ` +
          'this node is master: nothing on it can be reached there. Add `accept`, or leave vrrp_strict out.',
      ),
    );

/** An address outside every network of its interface is reachable only by a route that somebody else has. */
export const addressOutsideNetworks: AdviceRule = ({ instances }, facts) =>
  instances.flatMap((instance) => {
    const outside = instance.virtualAddresses.filter(({ address, prefixLength, interface: name }) => {
      const networks = facts.networks(name).filter((network) => addressFamily(network.address) === instance.family);
      const host = prefixLength === (instance.family === 4 ? 32 : 128);
      return host && networks.length > 0 && !networks.some((network) => contains(network, address));
    });
    if (outside.length === 0) return [];
    const addresses = listed(outside.map(({ address }) => address));
    const message = `${addresses}: in none of the networks of ${instance.interface}, so neighbours there will not ask for it by ARP. Give its prefix length, or check the address.`;
    return [about(instance, 'address-outside-network', 'virtual_ipaddress', message)];
  });

function contains({ address, prefixLength }: Prefix, candidate: IpAddress): boolean {
  const network = ipBytes(address);
  const bytes = ipBytes(candidate);
  for (let bit = 0; bit < prefixLength; bit += 8) {
    const mask = prefixLength - bit >= 8 ? 0xff : (0xff00 >> (prefixLength - bit)) & 0xff;
    const index = bit / 8;
    if (((network[index] as number) & mask) !== ((bytes[index] as number) & mask)) return false;
  }
  return true;
}

/** A priority that only rises or falls while nopreempt keeps the higher one from taking over. */
export const weightsWithoutPreemption: AdviceRule = ({ instances }) =>
  instances
    .filter((instance) => !instance.preempt && weightsOf(instance).some((weight) => weight > 0))
    .map((instance) =>
      about(
        instance,
        'weight-with-nopreempt',
        'nopreempt',
        'nopreempt keeps this node backup even when a positive weight lifts its priority above the master: use negative weights, or weight 0 for a fault.',
      ),
    );

/** Weights that the limits of the priority swallow. */
export const weightsWithoutRoom: AdviceRule = ({ instances }) =>
  instances
    .filter((instance) => {
      const gain = weightsOf(instance).filter((weight) => weight > 0);
      return instance.priority === highestPriority && gain.length > 0;
    })
    .map((instance) =>
      about(
        instance,
        'weight-without-room',
        'priority',
        'the priority is already 254, the highest a weight can lead to: positive weights change nothing.',
      ),
    );

/** Passwords of VRRP version 2 are readable by everybody on the network. */
export const readablePassword: AdviceRule = ({ instances }) =>
  instances
    .filter(({ authentication }) => authentication.type === 'pass')
    .map((instance) =>
      about(
        instance,
        'password-readable',
        'authentication',
        'auth_type PASS sends the password readable in every advert: it guards against mistakes, not against attackers.',
      ),
    );

/** With a longer check than its period, failures are noticed later than the file says. */
export const slowScripts: AdviceRule = ({ scripts }) =>
  scripts
    .filter(({ interval, timeout = interval }) => timeout > interval)
    .map(({ name, interval, timeout = interval }) => ({
      rule: 'script-slower-than-interval',
      block: 'vrrp_script',
      name,
      keyword: 'timeout',
      message: `a run may take ${inSeconds(timeout)} s but the next is due after ${inSeconds(interval)} s: a hanging script is noticed only after its timeout.`,
    }));

/** More adverts a second than most networks are asked to carry make for false failovers. */
export const hastyAdverts: AdviceRule = ({ instances }) =>
  instances
    .filter(({ advertisementInterval }) => advertisementInterval < 100_000)
    .map((instance) =>
      about(
        instance,
        'advert-interval-short',
        'advert_int',
        `${inMillis(instance.advertisementInterval)} ms between adverts: a master that stalls for ${Math.round(3 * inMillis(instance.advertisementInterval))} ms is taken for dead.`,
      ),
    );

export function weightsOf(instance: VrrpInstance): readonly number[] {
  const { trackInterfaces, trackScripts, trackFiles, trackProcesses, trackBfds } = instance;
  return [trackInterfaces, trackScripts, trackFiles, trackProcesses, trackBfds].flatMap((items) =>
    items.map(({ weight, reverse }) => (reverse ? -weight : weight)),
  );
}
