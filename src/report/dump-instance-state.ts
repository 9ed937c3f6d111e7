import type { VrrpInstance } from '../config/types.ts';
import { inMillis } from '../lib/duration.ts';
import type { DumpLines } from './dump-text.ts';
import { datedTimestamp, timestamp } from './dump-time.ts';
import type { InstanceRuntime, PrintTime } from './runtime.ts';

/** Lines on a running instance's state, which stand before its flags. */
export function stateLines({ version }: VrrpInstance, runtime: InstanceRuntime | undefined): DumpLines {
  if (!runtime) return [];
  const { state, masterAddress, masterPriority, masterAdvertInterval } = runtime;
  const backup = state === 'BACKUP';
  return [
    `   State = ${state}`,
    backup && `   Master router = ${masterAddress ?? '(none)'}`,
    backup && `   Master priority = ${masterPriority}`,
    backup && version === 3 && `   Master advert interval = ${inMillis(masterAdvertInterval)} milli-sec`,
  ];
}

/** Lines on what is wrong and on deadlines, which follow the number of config faults. */
export function faultLines(runtime: InstanceRuntime | undefined, printTime: PrintTime | undefined): DumpLines {
  if (!runtime) return [];
  const { interfaceFaults, readTimeout } = runtime;
  const waits = readTimeout === undefined ? 'DISABLED' : datedTimestamp(readTimeout, printTime);
  return [
    `   Number of tracker faults = ${runtime.trackerFaults}`,
    interfaceFaults.length === 0 && '   Flags of interface faults - (none)',
    interfaceFaults.length > 0 && '   Flags of interface faults:',
    ...interfaceFaults.map((fault) => `     ${fault}`),
    `   Number of track scripts init = ${runtime.scriptsAwaited}`,
    `   Last transition = ${datedTimestamp(runtime.lastTransition, printTime)}`,
    `   Read timeout = ${waits}`,
    runtime.restored > 0 && `   Restored after removal by others = ${runtime.restored}`,
    `   Master down timer = ${Math.floor(runtime.masterDownTimer)} usecs`,
  ];
}

/** Lines that follow the configured priority. */
export function priorityLines({ preempt }: VrrpInstance, runtime: InstanceRuntime | undefined): DumpLines {
  if (!runtime) return [];
  return [
    `   Effective priority = ${runtime.effectivePriority}`,
    `   Total priority = ${runtime.totalPriority}`,
    !preempt && `   Highest other priority = ${runtime.highestOtherPriority}`,
  ];
}

/** The line that follows the advert interval. */
export function lastAdvertLine(runtime: InstanceRuntime | undefined): string | undefined {
  return runtime && `   Last advert sent = ${timestamp(runtime.lastAdvertSent)}`;
}

export function socketLine(runtime: InstanceRuntime | undefined): string {
  const { sockets } = runtime ?? {};
  return sockets ? `   fd_in ${sockets[0]}, fd_out ${sockets[1]}` : '   No sockets allocated';
}
