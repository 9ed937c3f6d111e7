import { serviceFlags } from '../lib/service-flags.ts';
import type { Command, Destination, IpvsTable, Service, ServiceEntry } from './types.ts';

/**
 * The commands that turn `current` into `desired`. Services outside both tables are nobody's business here, so that
 * what another program put into the kernel stays. Make before break: a service comes before its destinations, new
 * destinations before the removal of old ones, and services that are gone come last, taking their destinations along.
 */
export function plan(current: IpvsTable, desired: IpvsTable): Command[] {
  const commands: Command[] = [];
  for (const [id, entry] of desired) planService(commands, current.get(id), entry);
  for (const [id, { service }] of current) if (!desired.has(id)) commands.push({ kind: 'deleteService', service });
  return commands;
}

/**
 * The part of `kernel` that `desired` speaks about: its services, and of these its destinations. Planning from here
 * takes over what an earlier run left without touching what others added.
 */
export function adoptable(kernel: IpvsTable, desired: IpvsTable): IpvsTable {
  const adopted = new Map<string, ServiceEntry>();
  for (const [id, entry] of desired) {
    const found = kernel.get(id);
    if (!found) continue;
    const destinations = [...found.destinations].filter(([key]) => entry.destinations.has(key));
    adopted.set(id, { service: found.service, destinations: new Map(destinations) });
  }
  return adopted;
}

/**
 * What of `adopted` is as `desired` wants it. Planning from here offers the rest to the kernel as new, and the kernel leaves what
 * it has as it is and says so.
 */
export function alreadyAs(desired: IpvsTable, adopted: IpvsTable): IpvsTable {
  const same = new Map<string, ServiceEntry>();
  for (const [id, { service, destinations }] of adopted) {
    const wanted = desired.get(id);
    if (!wanted || !sameService(service, wanted.service)) continue;
    const equal = [...destinations].filter(([key, destination]) => {
      const other = wanted.destinations.get(key);
      return other !== undefined && sameDestination(destination, other);
    });
    same.set(id, { service, destinations: new Map(equal) });
  }
  return same;
}

function planService(commands: Command[], before: ServiceEntry | undefined, after: ServiceEntry): void {
  const { service } = after;
  if (!before) commands.push({ kind: 'newService', service });
  else if (!sameService(before.service, service)) commands.push({ kind: 'setService', service });
  if (!before) {
    for (const destination of after.destinations.values())
      commands.push({ kind: 'newDestination', service, destination });
    return;
  }
  const changed: Command[] = [];
  for (const [id, destination] of after.destinations) {
    const held = before.destinations.get(id);
    if (!held) commands.push({ kind: 'newDestination', service, destination });
    else if (!sameDestination(held, destination)) changed.push({ kind: 'setDestination', service, destination });
  }
  commands.push(...changed);
  for (const [id, destination] of before.destinations) {
    if (!after.destinations.has(id)) commands.push({ kind: 'deleteDestination', service, destination });
  }
}

/** Whether two services of one key ask the same of the kernel. */
function sameService(a: Service, b: Service): boolean {
  return (
    a.scheduler === b.scheduler &&
    (a.flags | serviceFlags.hashed) === (b.flags | serviceFlags.hashed) &&
    a.timeout === b.timeout &&
    a.netmask === b.netmask &&
    (a.persistenceEngine ?? '') === (b.persistenceEngine ?? '')
  );
}

/** Whether two destinations of one address and port ask the same of the kernel. */
function sameDestination(a: Destination, b: Destination): boolean {
  return (
    sameForwarding(a, b) &&
    a.weight === b.weight &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    sameTunnel(a, b)
  );
}

/** The kernel reports LOCAL for any method once the address is its own, so LOCAL is never a difference. */
function sameForwarding(a: Destination, b: Destination): boolean {
  return a.forwardingMethod === b.forwardingMethod || a.forwardingMethod === 'LOCAL' || b.forwardingMethod === 'LOCAL';
}

function sameTunnel(a: Destination, b: Destination): boolean {
  if (a.forwardingMethod !== 'TUN' || b.forwardingMethod !== 'TUN') return true;
  return (
    (a.tunnel?.type ?? 'ipip') === (b.tunnel?.type ?? 'ipip') &&
    (a.tunnel?.port ?? 0) === (b.tunnel?.port ?? 0) &&
    (a.tunnel?.flags ?? 0) === (b.tunnel?.flags ?? 0)
  );
}
