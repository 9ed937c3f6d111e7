import { hostIsLittleEndian } from '../lib/byte-order.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { HEADER_LENGTH, type Message, messageType } from './message.ts';

/** linux/connector.h: CN_IDX_PROC, CN_VAL_PROC; the multicast group has the index's number. */
export const PROCESS_CONNECTOR = 1;
/** linux/cn_proc.h: PROC_CN_MCAST_LISTEN. */
const LISTEN = 1;
/** struct cn_msg: index u32, value u32, sequence u32, acknowledgement u32, length u16, flags u16. */
const CONNECTOR_HEADER_LENGTH = 20;
/** struct proc_event: what u32, CPU u32, time u64, then the event's own data. */
const EVENT_HEADER_LENGTH = 16;
/** enum proc_cn_event */
const NONE = 0;
const FORK = 0x1;
const EXEC = 0x2;
const COMM = 0x200;
const EXIT = 0x80000000;

/** What became of a process; threads are left out. */
export type ProcessEvent =
  /** Of the request to listen. */
  | { readonly type: 'acknowledged' }
  | { readonly type: 'forked'; readonly parent: number; readonly process: number }
  /** It runs another program. */
  | { readonly type: 'executed'; readonly process: number }
  /** It has another name. */
  | { readonly type: 'renamed'; readonly process: number }
  | { readonly type: 'exited'; readonly process: number };

/** The message that turns process events on for its socket. */
export function listenToProcesses(portId: number): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(HEADER_LENGTH + CONNECTOR_HEADER_LENGTH + 4);
  writer.u16(messageType.done);
  writer.u16(0);
  writer.u32(0);
  writer.u32(portId);
  writer.u32(PROCESS_CONNECTOR);
  writer.u32(PROCESS_CONNECTOR);
  writer.u32(0);
  writer.u32(0);
  writer.u16(4);
  writer.u16(0);
  writer.u32(LISTEN);
  return writer.written();
}

/** Undefined for whatever else the connector tells, and for a damaged message. */
export function decodeProcessEvent({ view, start, end }: Message): ProcessEvent | undefined {
  const event = start + CONNECTOR_HEADER_LENGTH;
  const data = event + EVENT_HEADER_LENGTH;
  if (data + 8 > end) return undefined;
  const number = (at: number): number => view.getUint32(at, hostIsLittleEndian);
  if (number(start) !== PROCESS_CONNECTOR || number(start + 4) !== PROCESS_CONNECTOR) return undefined;
  const [thread, process] = [number(data), number(data + 4)];
  switch (number(event)) {
    case NONE:
      return thread === 0 ? { type: 'acknowledged' } : undefined;
    case FORK: {
      if (data + 16 > end) return undefined;
      const [child, childProcess] = [number(data + 8), number(data + 12)];
      return child === childProcess ? { type: 'forked', parent: process, process: child } : undefined;
    }
    case EXEC:
      return { type: 'executed', process };
    case COMM:
      return thread === process ? { type: 'renamed', process } : undefined;
    case EXIT:
      return thread === process ? { type: 'exited', process } : undefined;
    default:
      return undefined;
  }
}
