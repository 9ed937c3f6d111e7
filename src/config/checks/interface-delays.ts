import { inSeconds, micros } from '../../lib/duration.ts';
import { longestLinkDelay } from '../../lib/link-delay.ts';
import type { InterfaceDelay, VrrpInstance } from '../types.ts';

/**
 * A link must not be believed up for longer than a backup waits for an advert: the delays of an interface are held
 * below the time that its instances have left when the first advert is missed.
 */
export function limitDelays(
  delays: readonly InterfaceDelay[],
  instances: readonly VrrpInstance[],
  log: (message: string) => void,
): readonly InterfaceDelay[] {
  return delays.map((delay) =>
    instances
      .filter((instance) => instance.interface === delay.interface)
      .reduce((limited, instance) => limitDelay(limited, instance, log), delay),
  );
}

function limitDelay(delay: InterfaceDelay, instance: VrrpInstance, log: (message: string) => void): InterfaceDelay {
  const { down, up, interface: name } = delay;
  const { advertisementInterval: interval, downTimerAdverts } = instance;
  if (downTimerAdverts === 1) {
    if (down === 0 && up === 0) return delay;
    log(`(${instance.name}) interface_up_down_delays of ${name} cannot be used with down_timer_adverts 1 - ignoring`);
    return { interface: name, down: micros(0), up: micros(0) };
  }
  const most = longestLinkDelay(interval, downTimerAdverts);
  if (down <= most) return delay;
  log(`(${instance.name}) down delay of ${name} is too long for the instance - reducing to ${inSeconds(most)} seconds`);
  return { interface: name, down: most, up: up === down ? most : up };
}
