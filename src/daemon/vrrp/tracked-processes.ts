import type { ReceiveBuffer, TrackProcess } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { messagesIn } from '../../netlink/message.ts';
import {
  decodeProcessEvent,
  listenToProcesses,
  PROCESS_CONNECTOR,
  type ProcessEvent,
} from '../../netlink/process-event.ts';
import { native } from '../../os/native.ts';
import { type KernelSocket, openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import { isZombie, processIdentity, processIds } from '../../os/processes/process-table.ts';
import { SystemError } from '../../os/system-error.ts';
import type { Clock } from '../../ports/timer.ts';
import {
  matchesProcess,
  needsCommandLine,
  type ProcessChange,
  type ProcessIdentity,
  type ProcessState,
  processesChanged,
  processesFound,
  processesSettled,
} from '../../track/process.ts';
import { Agenda } from './agenda.ts';
import { bufferOptions } from '../netlink-buffers.ts';

interface Entry {
  tracked: TrackProcess;
  state: ProcessState;
  /** Those that match. */
  processes: Set<number>;
}

/** Counts the processes that vrrp_track_process names, as the kernel tells of them. */
export class TrackedProcesses {
  readonly #log: Log;
  readonly #changed: (name: string) => void;
  readonly #agenda: Agenda<string>;
  #entries = new Map<string, Entry>();
  #withCommandLine = false;
  #socket: KernelSocket | undefined;
  /** The kernel tells nothing here. */
  #refused = false;

  constructor(clock: Clock, log: Log, changed: (name: string) => void) {
    this.#log = log;
    this.#changed = changed;
    this.#agenda = new Agenda(clock, (name) => this.#settled(name));
  }

  configure(all: readonly TrackProcess[], buffer: ReceiveBuffer): void {
    const before = this.#entries;
    this.#entries = new Map();
    this.#withCommandLine = needsCommandLine(all);
    // As with keepalived, what cannot be followed is counted at reloads only.
    const counts = this.#refused || all.length === 0 || this.#listen(buffer);
    if (all.length === 0) this.#stopListening();
    for (const tracked of all) {
      const processes = before.get(tracked.name)?.processes ?? new Set();
      this.#entries.set(tracked.name, { tracked, state: { up: false, count: 0 }, processes });
    }
    // Whatever was delayed counts at once.
    for (const name of before.keys()) this.#agenda.set(name, undefined);
    if (counts) this.#scan();
    for (const entry of this.#entries.values()) entry.state = processesFound(entry.tracked, entry.processes.size);
  }

  isUp(name: string): boolean {
    return this.#entries.get(name)?.state.up ?? false;
  }

  /** For dumps. */
  view(name: string): ProcessState | undefined {
    return this.#entries.get(name)?.state;
  }

  close(): void {
    this.#agenda.close();
    this.#stopListening();
  }

  #listen(buffer: ReceiveBuffer): boolean {
    if (this.#socket) return true;
    try {
      const socket = openNetlinkSocket({
        protocol: native.constants.NETLINK_CONNECTOR,
        groups: [PROCESS_CONNECTOR],
        ...bufferOptions(buffer),
      });
      this.#socket = socket;
      socket.send(listenToProcesses(socket.portId));
      socket.onReadable(() => this.#receive(socket));
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#stopListening();
      this.#refused = true;
      const [, text] = native.describeError(error.errno);
      this.#say(`Failed to set/clear process event listen - errno ${error.errno} - ${text}`);
      return false;
    }
  }

  #stopListening(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #receive(socket: KernelSocket): void {
    let overrun = false;
    for (let receipt = socket.receive(); receipt !== 'empty'; receipt = socket.receive()) {
      if (receipt === 'overrun') overrun = true;
      else {
        for (const message of messagesIn(receipt)) {
          const event = decodeProcessEvent(message);
          if (event) this.#follow(event);
        }
      }
    }
    if (overrun) this.#recover(socket);
  }

  /** Events are lost: everything is read again, and the buffer is given more room. */
  #recover(socket: KernelSocket): void {
    const advice = 'recommend updating configuration file';
    this.#detail(`Setting global_def process_monitor_rcv_bufs to ${socket.widen()} - ${advice}`);
    const before = new Map([...this.#entries].map(([name, { processes }]) => [name, processes.size]));
    this.#scan();
    for (const [name, { processes }] of this.#entries) {
      const [then, now] = [before.get(name), processes.size];
      if (then === now) continue;
      this.#detail(`Process ${name}, number of current processes changed from ${then} to ${now}`);
      this.#count(name, 'otherwise');
    }
  }

  #follow(event: ProcessEvent): void {
    if (event.type === 'acknowledged') {
      this.#detail('proc_events has confirmed it is configured');
      return;
    }
    if (event.type === 'forked') {
      for (const [name, { processes }] of this.#entries) {
        if (!processes.has(event.parent)) continue;
        processes.add(event.process);
        this.#count(name, 'fork');
      }
      return;
    }
    const identity = event.type === 'exited' ? undefined : processIdentity(event.process, this.#withCommandLine);
    const change = event.type === 'exited' ? 'exit' : 'otherwise';
    // Another name is first taken from those who had it, another program from each in turn.
    if (event.type === 'renamed') this.#attribute(event.process, identity, change, ({ losing }) => losing);
    this.#attribute(event.process, identity, change, () => true);
  }

  #attribute(
    process: number,
    identity: ProcessIdentity | undefined,
    change: ProcessChange,
    concerned: (what: { losing: boolean }) => boolean,
  ): void {
    for (const [name, { tracked, processes }] of this.#entries) {
      const matches = identity !== undefined && matchesProcess(tracked, identity);
      if (matches === processes.has(process) || !concerned({ losing: !matches })) continue;
      if (matches) processes.add(process);
      else processes.delete(process);
      this.#count(name, change);
    }
  }

  #count(name: string, change: ProcessChange): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    const { tracked, state, processes } = entry;
    this.#become(entry, processesChanged(tracked, state, processes.size, change, this.#agenda.now()));
  }

  #settled(name: string): void {
    const entry = this.#entries.get(name);
    if (entry) this.#become(entry, processesSettled(entry.tracked, entry.state));
  }

  #become(entry: Entry, state: ProcessState): void {
    const { up } = entry.state;
    const { name } = entry.tracked;
    entry.state = state;
    this.#agenda.set(name, state.changesAt);
    if (state.up === up) return;
    this.#say(`Quorum ${state.up ? 'gained' : 'lost'} for tracked process ${name}`);
    this.#changed(name);
  }

  #scan(): void {
    for (const { processes } of this.#entries.values()) processes.clear();
    if (this.#entries.size === 0) return;
    for (const pid of processIds()) {
      const identity = processIdentity(pid, this.#withCommandLine);
      if (!identity) continue;
      for (const { tracked, processes } of this.#entries.values()) {
        if (matchesProcess(tracked, identity) && !isZombie(pid)) processes.add(pid);
      }
    }
  }

  #detail(message: string): void {
    this.#log({ level: 'info', message, detail: true });
  }

  #say(message: string): void {
    this.#log({ level: 'info', message });
  }
}
