import type { Socket } from 'node:net';
import snmp from 'net-snmp';
import library from 'net-snmp/package.json' with { type: 'json' };
import { SmartBuffer } from 'smart-buffer';
import { err, ok, type Result } from '../lib/result.ts';

/** A variable as the library has it: identifiers as text with dots. */
export interface Varbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** A GET, GETNEXT or GETBULK of the master agent (RFC 2741, section 6.2.5 to 6.2.7). */
export interface AgentRequest {
  readonly kind: 'get' | 'next' | 'bulk';
  /** Where to look from and up to; null where there is no limit. */
  readonly ranges: readonly { readonly start: string | null; readonly end: string | null }[];
  readonly nonRepeaters: number;
  readonly maximumRepetitions: number;
  reply(varbinds: readonly Varbind[]): void;
}

/** Set requests (RFC 2741, sections 7.2.4.1 to 7.2.4.4): tested, committed and then either undone or done. */
export interface SetRequest {
  readonly transaction: number;
  readonly step: 'test' | 'commit' | 'undo' | 'cleanup';
  /** With `test` only. */
  readonly varbinds: readonly Varbind[];
  /** An error status with the place, from 1, of the variable it is about; 0 and 0 where all is well. Not for `cleanup`. */
  reply(error: number, index: number): void;
}

export interface AgentSession {
  notify(trap: string, varbinds: readonly Varbind[]): void;
  close(): void;
}

export interface AgentEvents {
  /** `version`: the library's. */
  opened(version: string): void;
  /** The master agent does not let us have `subtree`; `error` of RFC 2741, section 6.2.16. */
  refused(subtree: string, error: number): void;
  request(request: AgentRequest): void;
  set(request: SetRequest): void;
  /** Called once, later; there is no session any more. */
  ended(reason: string | undefined): void;
}

interface Pdu {
  readonly transactionID: number;
  readonly searchRangeList: { start: string | null; end: string | null }[];
  readonly varbinds?: readonly Varbind[];
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
  getResponsePduForRequest(): { error: number; index: number };
}

interface Library {
  readonly socket: Socket;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close', listener: () => void): void;
  oid: string;
  mib: { registerProvider(provider: object): void };
  open(callback: (error: unknown, pdu: { error: number }) => void): void;
  registerProvider(provider: { oid: string }, callback: (error: unknown, pdu: { error: number }) => void): void;
  notify(oid: string, varbinds: readonly Varbind[], callback: () => void): void;
  onMsg(frame: Buffer): void;
  sendResponse(pdu: object, varbinds?: readonly Varbind[]): void;
  getRequest(pdu: Pdu): void;
  getNextRequest(pdu: Pdu): void;
  getBulkRequest(pdu: Pdu): void;
  testSet(pdu: Pdu): void;
  commitSet(pdu: Pdu): void;
  undoSet(pdu: Pdu): void;
  cleanupSet(pdu: Pdu): void;
}

const HEADER_LENGTH = 20;
const LENGTH_AT = 16;

const { writeString } = SmartBuffer.prototype;
// The library writes IPv4 addresses by a method that its buffers lack, and octets as if they were text.
Object.assign(SmartBuffer.prototype, {
  writeString(this: SmartBuffer, value: string | Buffer, ...rest: []): SmartBuffer {
    return typeof value === 'string' ? writeString.call(this, value, ...rest) : this.writeBuffer(value);
  },
  writeOctetString(buffer: SmartBuffer, bytes: Buffer): void {
    buffer.writeUInt32BE(bytes.length);
    buffer.writeBuffer(bytes);
  },
});

/**
 * Opens a session at the master agent on `address` (unix:PATH, a path, or tcp:HOST:PORT) and registers `subtrees`. The
 * library's codec and sessions are used; it takes every piece of data for a whole message, so the
 * frames are cut here, and its table of values must be filled beforehand, so requests are answered by us.
 */
export function openAgentSession(address: string, subtrees: readonly string[], events: AgentEvents): AgentSession {
  const connected = connect(address);
  if (!connected.ok) {
    queueMicrotask(() => events.ended(connected.error));
    return { notify: () => {}, close: () => {} };
  }
  const agent = connected.value;
  const { socket } = agent;
  socket.removeAllListeners('data');
  let ended = false;
  const end = (reason: string | undefined): void => {
    if (ended) return;
    ended = true;
    socket.destroy();
    events.ended(reason);
  };
  const attempt = (step: () => void): void => {
    if (ended) return;
    try {
      step();
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  };
  agent.oid = '1.3.6.1.4.1.9586.100.5';
  agent.mib.registerProvider = () => {};
  const answer =
    (kind: AgentRequest['kind']) =>
    (pdu: Pdu): void =>
      events.request({
        kind,
        ranges: pdu.searchRangeList,
        nonRepeaters: pdu.nonRepeaters ?? 0,
        maximumRepetitions: pdu.maxRepetitions ?? 1,
        reply: (varbinds) => {
          attempt(() => agent.sendResponse(pdu.getResponsePduForRequest(), varbinds));
        },
      });
  agent.getRequest = answer('get');
  agent.getNextRequest = answer('next');
  agent.getBulkRequest = answer('bulk');
  const set =
    (step: SetRequest['step']) =>
    (pdu: Pdu): void =>
      events.set({
        step,
        transaction: pdu.transactionID,
        varbinds: pdu.varbinds ?? [],
        reply: (error, index) => {
          attempt(() => agent.sendResponse(Object.assign(pdu.getResponsePduForRequest(), { error, index }), []));
        },
      });
  agent.testSet = set('test');
  agent.commitSet = set('commit');
  agent.undoSet = set('undo');
  agent.cleanupSet = set('cleanup');
  socket.on('connect', () => {
    agent.open((_, { error }) => {
      if (error !== 0) {
        end(`refused with error ${error}`);
        return;
      }
      events.opened(library.version);
      for (const oid of subtrees) {
        agent.registerProvider({ oid }, (_, { error }) => {
          if (error !== 0) events.refused(oid, error);
        });
      }
    });
  });
  agent.on('error', ({ message }) => end(message));
  agent.on('close', () => end(undefined));
  readFrames(socket, (frame) => {
    attempt(() => agent.onMsg(frame));
  });
  return {
    notify: (trap, varbinds) => {
      attempt(() => agent.notify(trap, varbinds, () => {}));
    },
    close: () => {
      ended = true;
      socket.end();
    },
  };
}

/** RFC 2741, section 6.1: the header ends with the length of what follows it. */
function readFrames(socket: Socket, received: (frame: Buffer) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= HEADER_LENGTH) {
      const length = HEADER_LENGTH + pending.readUInt32BE(LENGTH_AT);
      if (pending.length < length) return;
      received(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  });
}

/** Node refuses a port above 65535 at once, everything else later. */
function connect(address: string): Result<Library, string> {
  const snmpLibrary = snmp as unknown as { createSubagent(options: object): Library };
  try {
    return ok(snmpLibrary.createSubagent({ debug: false, description: 'Keepalived', ...place(address) }));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** What the library calls a port may as well be the path of a Unix socket. An IPv6 address may stand in brackets. */
function place(address: string): { masterPort: number | string; master?: string } {
  const [, host, port] = /^tcp6?:(?:\[?(.*?)\]?:)?(\d+)$/.exec(address) ?? [];
  if (port !== undefined) return { master: host || 'localhost', masterPort: Number(port) };
  return { masterPort: address.replace(/^unix:/, '') };
}
