import { asksItself } from '../../checkers/registry.ts';
import type { ServiceKey, VirtualServer } from '../../config/types.ts';
import { destinationPort } from '../../ipvs/desired.ts';
import { destinationId, type IpvsTable, type ServiceEntry, serviceId } from '../../ipvs/types.ts';
import type { HealthCheck } from './health-checks.ts';

interface Inhibiting {
  readonly server: VirtualServer;
  readonly kernelKeys: readonly ServiceKey[];
  /** By real server and checker. */
  readonly checks: readonly (readonly HealthCheck[])[];
}

/**
 * Real servers that a dead predecessor has left inhibited, at weight 0. A checker that has not run holds its server for good;
 * so that no traffic goes to a dead one meanwhile, these keep the weight until each of their checks has found them well.
 */
export class LeftInhibited {
  /** Destinations by service. */
  readonly #left = new Map<string, Set<string>>();

  get empty(): boolean {
    return this.#left.size === 0;
  }

  /**
   * Notes which of the kernel's entries `found` are inhibited though `desired` gives them a weight. Where the predecessor's sorry
   * server is in use there are none: at weight 0 are then those that are well, too.
   */
  find(services: readonly Inhibiting[], found: IpvsTable, desired: IpvsTable): void {
    for (const service of services) {
      for (const [index, real] of service.server.realServers.entries()) {
        if (!real.inhibitOnFailure || !unproven(service, index)) continue;
        for (const { id, destination } of entriesOf(service, index)) {
          const [before, after] = [found.get(id), desired.get(id)];
          if (!before || !after || sorryServes(before, after)) continue;
          if (before.destinations.get(destination)?.weight !== 0) continue;
          this.#left.set(id, (this.#left.get(id) ?? new Set()).add(destination));
        }
      }
    }
  }

  /** `desired` with weight 0 for those that still wait. */
  hold(desired: IpvsTable): IpvsTable {
    if (this.empty) return desired;
    const held = new Map(desired);
    for (const [id, left] of this.#left) {
      const entry = desired.get(id);
      if (!entry) continue;
      const destinations = new Map(entry.destinations);
      for (const one of left) {
        const destination = destinations.get(one);
        if (destination) destinations.set(one, { ...destination, weight: 0 });
      }
      held.set(id, { ...entry, destinations });
    }
    return held;
  }

  /** Ends the wait of a real server whose checks have all run; whether it was waiting. */
  settle(service: Inhibiting, realServer: number): boolean {
    if (unproven(service, realServer)) return false;
    const entries = entriesOf(service, realServer);
    return entries.filter(({ id, destination }) => this.#forget(id, destination)).length > 0;
  }

  /** Goes on with `services` alone: a reload may have taken servers or their checks away. */
  prune(services: readonly Inhibiting[]): void {
    if (this.empty) return;
    const waiting = new Set<string>();
    for (const service of services) {
      for (const [index, real] of service.server.realServers.entries()) {
        if (!real.inhibitOnFailure || !unproven(service, index)) continue;
        for (const { id, destination } of entriesOf(service, index)) waiting.add(`${id} ${destination}`);
      }
    }
    for (const [id, left] of [...this.#left]) {
      for (const destination of [...left]) if (!waiting.has(`${id} ${destination}`)) this.#forget(id, destination);
    }
  }

  #forget(id: string, destination: string): boolean {
    const left = this.#left.get(id);
    if (!left?.delete(destination)) return false;
    if (left.size === 0) this.#left.delete(id);
    return true;
  }
}

/** Whether a check that is to run holds the server for good without having found it so. */
function unproven({ checks }: Inhibiting, realServer: number): boolean {
  return (checks[realServer] ?? []).some(
    ({ checker, verdict: { up, hasRun, retries } }) => asksItself(checker) && up && (!hasRun || retries > 0),
  );
}

/** The kernel's entries of a real server. */
function entriesOf({ server, kernelKeys }: Inhibiting, realServer: number): { id: string; destination: string }[] {
  const real = server.realServers[realServer];
  if (!real) return [];
  return kernelKeys.map((key) => {
    const destination = destinationId({ address: real.address, port: destinationPort(key, real) });
    return { id: serviceId(key), destination };
  });
}

/** Whether an entry serves that is not wanted for long: only the sorry server's can. */
function sorryServes(found: ServiceEntry, desired: ServiceEntry): boolean {
  return [...found.destinations].some(
    ([id, { weight }]) => weight > 0 && (desired.destinations.get(id)?.weight ?? 0) === 0,
  );
}
