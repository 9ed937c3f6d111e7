import type { CheckerConnection } from '../../config/types.ts';
import { hostIsLittleEndian } from '../../lib/byte-order.ts';
import { errno } from '../../lib/errno.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Dial, DialFailure, NotAsked, Stream } from '../../ports/dial.ts';
import { bindFailure, checkerSocket, serverAddress } from './checker-socket.ts';
import { native, type NativeError } from '../native.ts';
import { afterPendingInput } from '../patience.ts';
import { ReadySocket, WRITABLE } from './ready-sockets.ts';
import { SocketStream } from './socket-stream.ts';

const { SOCK_STREAM, SOL_SOCKET, SO_ERROR } = native.constants;
const EINPROGRESS = 115;
/** What the other side may have said by the time connect(2) returns. */
const ANSWERS: ReadonlySet<number> = new Set([errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT]);

/** TCP connections of this process's network namespace. */
export const dial: Dial = {
  async connect(connection, signal) {
    const connected = await connectedSocket(connection, signal);
    return typeof connected === 'number' ? ok<Stream>(new SocketStream(connected, signal)) : err(connected);
  },
  async probe(connection, signal) {
    const connected = await connectedSocket(connection, signal);
    if (typeof connected !== 'number') return connected;
    native.close(connected);
    return undefined;
  },
};

/** A connected descriptor, for those who bring their own stream. */
export async function connectDescriptor(
  connection: CheckerConnection,
  signal: AbortSignal,
): Promise<Result<number, DialFailure>> {
  const connected = await connectedSocket(connection, signal);
  return typeof connected === 'number' ? ok(connected) : err(connected);
}

function connectedSocket(
  connection: CheckerConnection,
  signal: AbortSignal,
): DialFailure | number | Promise<DialFailure | number> {
  if (signal.aborted) return { kind: 'aborted' };
  let fd: number;
  let answer: number;
  try {
    fd = checkerSocket(connection, SOCK_STREAM);
  } catch (error) {
    return bindFailure(error as NativeError, connection);
  }
  try {
    answer = native.connect(fd, serverAddress(connection));
  } catch (error) {
    answer = -(error as NativeError).errno;
  }
  if (answer === 0) return fd;
  if (answer === -EINPROGRESS) return connecting(fd, connection, signal);
  native.close(fd);
  const failure = connectFailure(-answer, connection);
  return failure.kind === 'failed' && !ANSWERS.has(-answer) ? notAsked(-answer) : failure;
}

function connecting(fd: number, connection: CheckerConnection, signal: AbortSignal): Promise<DialFailure | number> {
  return new Promise((resolve) => {
    const settle = (failure?: DialFailure): void => {
      limit.cancel();
      signal.removeEventListener('abort', aborted);
      if (failure) socket.close();
      else socket.release();
      resolve(failure ?? fd);
    };
    const aborted = (): void => settle({ kind: 'aborted' });
    const socket = new ReadySocket(fd, WRITABLE, () => {
      const error = socketError(fd);
      settle(error === 0 ? undefined : connectFailure(error, connection));
    });
    const limit = afterPendingInput(connection.connectTimeout, () => settle({ kind: 'timeout' }));
    signal.addEventListener('abort', aborted);
  });
}

/** What connect(2) refused without asking the server. */
export function notAsked(number: number): NotAsked {
  const [code, message] = native.describeError(number);
  return { kind: 'notAsked', code, message, errno: number };
}

function connectFailure(number: number, { bindPort, bindAddress }: CheckerConnection): DialFailure {
  const [code, message] = native.describeError(number);
  const ownAddressTaken = number === errno.EADDRINUSE || number === errno.EADDRNOTAVAIL;
  if (ownAddressTaken && (bindPort !== undefined || bindAddress !== undefined)) return { kind: 'bind', message };
  return { kind: 'failed', code };
}

function socketError(fd: number): number {
  return new DataView(native.getsockopt(fd, SOL_SOCKET, SO_ERROR, 4).buffer).getInt32(0, hostIsLittleEndian);
}
