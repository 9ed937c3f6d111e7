import { connect as connectTls } from 'node:tls';
import type { CheckerConnection } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DialFailure, ReadFailure, Stream } from '../ports/dial.ts';

/** One TLS connection whose server's certificate is not judged; `serverName` goes into the handshake. */
export function connectSecurely(
  { address: host, port, connectTimeout }: CheckerConnection,
  serverName: string | undefined,
  signal: AbortSignal,
): Promise<Result<Stream, DialFailure>> {
  return new Promise((resolve) => {
    const socket = connectTls({
      ...{ host, port, signal, rejectUnauthorized: false },
      ...(serverName !== undefined && { servername: serverName }),
    });
    const parts = socket[Symbol.asyncIterator]();
    const limit = setTimeout(() => {
      socket.destroy();
      resolve(err({ kind: 'timeout' }));
    }, connectTimeout / 1000);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      resolve(err({ kind: 'failed', code: error.code ?? 'EIO' }));
    });
    socket.once('secureConnect', () => {
      clearTimeout(limit);
      resolve(
        ok({
          write: (data) => void socket.write(data),
          read: (within) => readPart(parts, within),
          close: () => void socket.destroy(),
        }),
      );
    });
  });
}

async function readPart(
  parts: AsyncIterator<Uint8Array>,
  within: Duration,
): Promise<Result<Uint8Array | 'end', ReadFailure>> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), within / 1000);
  });
  try {
    const part = await Promise.race([parts.next(), limit]);
    if (part === 'late') return err({ kind: 'timeout' });
    return ok(part.done === true ? 'end' : part.value);
  } catch (error) {
    return err({ kind: 'failed', code: error instanceof Error && 'code' in error ? String(error.code) : 'EIO' });
  } finally {
    clearTimeout(timer);
  }
}
