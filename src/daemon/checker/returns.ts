import type { ServiceState } from '../../checkers/service.ts';
import type { ServiceAction } from '../../checkers/service-action.ts';
import type { RealServer } from '../../config/types.ts';
import { destinationPort } from '../../ipvs/desired.ts';
import type { CommandFailure } from '../../ipvs/failure.ts';
import { destinationId, type ServiceEntry, serviceId } from '../../ipvs/types.ts';

/** Whether a server was taken back into service, which the kernel may refuse; the sorry server keeps it waiting. */
export function returns(before: ServiceState, after: ServiceState, index: number): boolean {
  if (before.sorryActive || before.realServers[index]?.alive) return false;
  return after.realServers[index]?.alive === true;
}

/** How many of the actions come before the kernel is asked, `program` included. */
export function programmed(actions: readonly ServiceAction[]): number {
  return actions.findIndex((action) => action.type === 'program') + 1;
}

export function withoutDestination({ service, destinations }: ServiceEntry, real: RealServer): ServiceEntry {
  const gone = destinationId({ address: real.address, port: destinationPort(service.key, real) });
  return { service, destinations: new Map([...destinations].filter(([id]) => id !== gone)) };
}

/** Whether this is the command that was to bring the server back; `ids` are those of its services. */
export function bringsBack({ command }: CommandFailure, ids: readonly string[], real: RealServer | undefined): boolean {
  if (!real || command.kind !== 'newDestination' || !ids.includes(serviceId(command.service.key))) return false;
  const { address, port } = command.destination;
  return address === real.address && port === destinationPort(command.service.key, real);
}
