import { dropsPackets } from '../../config/packet-filter.ts';
import type { VirtualAddress, VrrpInstance } from '../../config/types.ts';
import type { IpAddress } from '../../lib/ip.ts';
import type { VrrpLogEvent } from '../../vrrp/log-event.ts';
import { type ArrivedAddresses, exchangeHoldings, isOwnAddress } from './address-changes.ts';
import { allAddresses } from './instance-addresses.ts';
import type { RouterEffects } from './router-effects.ts';

type Say = (event: VrrpLogEvent) => void;

/** What a virtual router puts on its interfaces while it is master: addresses, routes and rules. */
export class RouterAddresses {
  readonly #effects: RouterEffects;
  readonly #say: Say;
  #held = false;

  constructor(effects: RouterEffects, say: Say) {
    this.#effects = effects;
    this.#say = say;
  }

  /** True from the moment they are put on their interfaces until they are taken off. */
  get held(): boolean {
    return this.#held;
  }

  add(instance: VrrpInstance): void {
    if (dropsPackets(instance)) this.#say({ event: 'settingDropRule' });
    this.#tell(instance, 'settingAddresses');
    this.#effects.addAddresses(allAddresses(instance));
    this.#effects.routing.enter(instance);
    this.#held = true;
  }

  remove(instance: VrrpInstance): void {
    this.#held = false;
    this.#take(instance, false);
  }

  /** Removes what a predecessor may have left, without complaint. */
  purge(instance: VrrpInstance): void {
    this.#take(instance, true);
  }

  /** Where it begins or goes on without them, which keepalived tells. */
  sayLeft(instance: VrrpInstance): void {
    this.#effects.routing.sayLeft(instance);
    this.#sayRemoved(instance);
  }

  /** What a reload takes off and puts on; `added` are to be announced. */
  exchange(
    before: VrrpInstance,
    instance: VrrpInstance,
    arrived: ArrivedAddresses,
    added: (addresses: readonly VirtualAddress[]) => void,
  ): void {
    if (!this.#held) return;
    const gone = (address: VirtualAddress): void => this.#say({ event: 'addressGone', address });
    // keepalived tells of everything, though only what differs is set.
    const setting = (): void => {
      if (dropsPackets(instance)) this.#say({ event: 'settingDropRule' });
      this.#tell(instance, 'settingAddresses');
      this.#effects.routing.sayEntered(instance);
    };
    exchangeHoldings(before, instance, this.#effects, arrived, { gone, setting, added });
  }

  /** Whether somebody has taken off what must be there. */
  lacks(instance: VrrpInstance, address: IpAddress, interfaceName: string): boolean {
    return this.#held && isOwnAddress(instance, address, interfaceName);
  }

  #take(instance: VrrpInstance, purge: boolean): void {
    this.#effects.routing.leave(instance, purge);
    this.#effects.removeAddresses(allAddresses(instance), purge);
    this.#sayRemoved(instance);
  }

  #sayRemoved(instance: VrrpInstance): void {
    this.#tell(instance, 'removingAddresses');
    if (dropsPackets(instance)) this.#say({ event: 'removingDropRule' });
  }

  #tell(instance: VrrpInstance, event: 'settingAddresses' | 'removingAddresses'): void {
    if (instance.virtualAddresses.length > 0) this.#say({ event, excluded: false });
    if (instance.excludedAddresses.length > 0) this.#say({ event, excluded: true });
  }
}
