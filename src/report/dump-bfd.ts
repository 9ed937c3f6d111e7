import { diagnosticText, sessionStateNames } from './bfd-log.ts';
import { detectionTime, type Session } from '../bfd/session.ts';
import type { BfdInstance } from '../config/types.ts';
import { present, title, trueFalse } from './dump-text.ts';
import type { PrintTime, WallTime } from './runtime.ts';

/** What only a running session knows. */
export interface BfdRuntime {
  readonly session: Session;
  readonly lastSeen?: WallTime;
  readonly sendError: boolean;
  /** The sending descriptor, -1 while there is none. */
  readonly descriptor: number;
}

/** Section "BFD Topology": every session, with its state where it runs. */
export function dumpBfd(
  instances: readonly BfdInstance[],
  runtime: (instance: BfdInstance) => BfdRuntime | undefined = () => undefined,
  printTime?: PrintTime,
): string[] {
  if (instances.length === 0) return [];
  return [
    title('BFD Data'),
    title('BFD Topology'),
    ...instances.flatMap((instance) => [
      ...instanceLines(instance),
      ...runtimeLines(instance, runtime(instance), printTime),
    ]),
  ];
}

function instanceLines(instance: BfdInstance): string[] {
  const yes = (value: boolean): string => (value ? 'Yes' : 'No');
  return present([
    ` BFD Instance = ${instance.name}`,
    `   Neighbor IP = ${instance.neighbor}`,
    instance.source !== undefined && `   Source IP = ${instance.source}`,
    `   Required min RX interval = ${instance.minimumReceive} us`,
    `   Desired min TX interval = ${instance.minimumTransmit} us`,
    `   Desired idle TX interval = ${instance.idleTransmit} us`,
    `   Detection multiplier = ${instance.multiplier}`,
    `   ${instance.family === 4 ? 'TTL' : 'hoplimit'} = ${instance.ttl}`,
    `   max_hops = ${instance.maximumHops}`,
    `   passive = ${trueFalse(instance.passive)}`,
    `   send event to VRRP process = ${yes(instance.forVrrp)}`,
    `   send event to checker process = ${yes(instance.forCheckers)}`,
  ]);
}

function runtimeLines(parameters: BfdInstance, runtime: BfdRuntime | undefined, printTime?: PrintTime): string[] {
  if (!runtime) return [];
  const { session } = runtime;
  const { remote, transmitInterval: here, receiveInterval: there } = session;
  // Until it is heard nothing is known of the other end.
  const heard = runtime.lastSeen !== undefined;
  const known = (value: number) => (heard ? value : 0);
  return [
    `   fd_out ${runtime.descriptor}`,
    `   send error = ${trueFalse(runtime.sendError)}`,
    `   local state = ${sessionStateNames[session.state]}`,
    `   remote state = ${sessionStateNames[remote.state]}`,
    `   local discriminator = 0x${session.localDiscriminator.toString(16)}`,
    `   remote discriminator = 0x${remote.discriminator.toString(16)}`,
    `   local diag = ${diagnosticText(session.diagnostic)}`,
    `   remote diag = ${diagnosticText(remote.diagnostic)}`,
    `   remote min tx intv = ${remote.minimumTransmit} us`,
    `   remote min rx intv = ${known(remote.minimumReceive)} us`,
    '   local demand = 0',
    `   remote demand = ${remote.demand ? 1 : 0}`,
    `   remote detect multiplier = ${remote.detectMultiplier}`,
    `   ${session.polling ? '' : '!'}poll, !final`,
    `   local tx intv = ${here} us`,
    `   remote tx intv = ${there} us`,
    `   local detection time = ${detectionTime(session)} us`,
    `   remote detection time = ${known(parameters.multiplier * here)} us`,
    lastSeen(runtime.lastSeen, printTime),
  ];
}

function lastSeen(at: WallTime | undefined, printTime: PrintTime | undefined): string {
  if (at === undefined || !printTime) return '   last_seen = [never]';
  const fraction = String(Math.trunc(at % 1e6)).padStart(6, '0');
  return `   last seen = ${Math.trunc(at / 1e6)}.${fraction} (${printTime(at, '')}.${fraction})`;
}
