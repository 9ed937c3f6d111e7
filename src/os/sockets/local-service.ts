import { chmodSync } from 'node:fs';
import type { Socket } from 'node:net';
import { builtin } from '../builtin.ts';
import { removeFile } from '../files/pid-file.ts';

/** Only root, or whoever runs the daemon, may ask. */
const MODE = 0o600;
const MOST_CALLERS = 16;
/** Milliseconds that a caller may take to fetch its answer. */
const PATIENCE = 10_000;

export interface LocalService {
  /** Removes the socket. */
  close(): void;
}

/**
 * Gives everybody who connects to the stream socket at `path` one answer (unix(7)). What lies there is taken for a former run's and
 * removed. `failed` hears why it cannot be made, with the call and its errno.
 */
export function openLocalService(
  path: string,
  answer: () => Promise<string>,
  failed: (error: Error) => void,
): LocalService {
  removeFile(path);
  const callers = new Set<Socket>();
  const server = builtin.net().createServer((socket) => {
    callers.add(socket);
    socket.on('close', () => callers.delete(socket));
    // A caller that goes away early misses its answer, and nothing else.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(PATIENCE, () => socket.destroy());
    void answer().then((whole) => socket.end(whole));
  });
  server.maxConnections = MOST_CALLERS;
  server.on('error', failed);
  server.listen(path, () => {
    try {
      chmodSync(path, MODE);
    } catch (error) {
      if (error instanceof Error) failed(error);
    }
  });
  server.unref();
  return {
    close: () => {
      server.close();
      for (const socket of callers) socket.destroy();
    },
  };
}

/** The answer of the service at `path`. Rejects with the error of connect(2) or read(2), its `code` included. */
export function askLocalService(path: string): Promise<string> {
  const socket = builtin.net().connect(path);
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer from ${path}`)));
  return builtin.streamConsumers().text(socket);
}
