import type { CheckerConnection } from '../../src/config/types.ts';
import { err, ok, type Result } from '../../src/lib/result.ts';
import type { Dial, DialFailure, ReadFailure, Stream } from '../../src/ports/dial.ts';

/** One read: bytes, the end, or why there is nothing. */
export type ScriptedRead = string | Uint8Array | ReadFailure | { readonly kind: 'end' };

/** What a connection attempt meets: a refusal, or a server that answers read by read and then ends. */
export type ScriptedServer = DialFailure | { readonly kind: 'open'; readonly reads: readonly ScriptedRead[] };

export interface ScriptedDial extends Dial {
  /** What was written, one text a connection. */
  readonly requests: readonly string[];
  readonly dialled: readonly CheckerConnection[];
  /** Connections not closed again. */
  open(): number;
}

/** A network of servers that follow a script; a read is over at once, whatever its limit. */
export function scriptedDial(answer: (connection: CheckerConnection) => ScriptedServer): ScriptedDial {
  const requests: string[] = [];
  const dialled: CheckerConnection[] = [];
  let openStreams = 0;
  return {
    requests,
    dialled,
    open: () => openStreams,
    async probe(connection, signal) {
      const dialled = await this.connect(connection, signal);
      if (!dialled.ok) return dialled.error;
      dialled.value.close();
      return undefined;
    },
    connect(connection): Promise<Result<Stream, DialFailure>> {
      dialled.push(connection);
      const server = answer(connection);
      if (server.kind !== 'open') return Promise.resolve(err(server));
      openStreams += 1;
      const reads = [...server.reads];
      return Promise.resolve(
        ok<Stream>({
          write: (data) => void requests.push(new TextDecoder().decode(data)),
          read: () => Promise.resolve(take(reads.shift() ?? { kind: 'end' })),
          close: () => {
            openStreams -= 1;
          },
        }),
      );
    },
  };
}

function take(read: ScriptedRead): Result<Uint8Array | 'end', ReadFailure> {
  if (typeof read === 'string') return ok(new TextEncoder().encode(read));
  if (read instanceof Uint8Array) return ok(read);
  return read.kind === 'end' ? ok('end') : err(read);
}
