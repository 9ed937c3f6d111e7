import { Socket } from 'node:net';
import type { CheckerConnection } from '../config/types.ts';
import type { Duration } from '../lib/duration.ts';
import { addressFamily, type IpAddress, isLinkLocal } from '../lib/ip.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Dial, DialFailure, ReadFailure, Stream } from '../ports/dial.ts';
import { native } from './native.ts';
import { internetAddress } from './socket-address.ts';

interface SocketFailure extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
}

/** TCP connections of this process's network namespace. */
export const dial: Dial = { connect };

function connect(connection: CheckerConnection, signal: AbortSignal): Promise<Result<Stream, DialFailure>> {
  if (signal.aborted) return Promise.resolve(err({ kind: 'aborted' }));
  let socket: Socket;
  try {
    socket = needsOwnSocket(connection) ? preparedSocket(connection) : new Socket();
  } catch (error) {
    return Promise.resolve(err({ kind: 'bind', message: failureText(error as SocketFailure) }));
  }
  return new Promise((resolve) => {
    const settle = (result: Result<Stream, DialFailure>): void => {
      limit.cancel();
      signal.removeEventListener('abort', aborted);
      socket.off('connect', connected);
      socket.off('error', failed);
      if (!result.ok) socket.on('error', ignore).destroy();
      resolve(result);
    };
    const aborted = (): void => settle(err({ kind: 'aborted' }));
    const connected = (): void => settle(ok(new SocketStream(socket, signal)));
    const failed = (error: SocketFailure): void => settle(err(connectFailure(error, connection)));
    const limit = afterPendingInput(milliseconds(connection.connectTimeout), () => settle(err({ kind: 'timeout' })));
    signal.addEventListener('abort', aborted);
    socket.on('connect', connected);
    socket.on('error', failed);
    socket.connect({
      host: scopedHost(connection),
      port: connection.port,
      ...(!needsOwnSocket(connection) && connection.bindAddress && { localAddress: connection.bindAddress }),
      ...(!needsOwnSocket(connection) && connection.bindPort && { localPort: connection.bindPort }),
    });
  });
}

/** A connected socket, paused except while somebody reads. */
class SocketStream implements Stream {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #failure: ReadFailure | undefined;
  #ended = false;
  #waiting: (() => void) | undefined;
  readonly #aborted = (): void => this.#fail({ kind: 'aborted' });

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    signal.addEventListener('abort', this.#aborted);
    socket.on('readable', () => this.#wake());
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('error', (error: SocketFailure) => this.#fail({ kind: 'failed', code: error.code ?? 'EIO' }));
  }

  write(data: Uint8Array): void {
    this.#socket.write(data);
  }

  async read(limit: Duration): Promise<Result<Uint8Array | 'end', ReadFailure>> {
    const expires = performance.now() + milliseconds(limit);
    for (;;) {
      const data: Uint8Array | null = this.#socket.read();
      if (data) return ok(data);
      if (this.#failure) return err(this.#failure);
      if (this.#ended) return ok('end');
      if (!(await this.#activity(expires - performance.now()))) return err({ kind: 'timeout' });
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
    this.#socket.destroy();
  }

  /** True once something happened, false when `limit` milliseconds passed first. */
  #activity(limit: number): Promise<boolean> {
    return new Promise((resolve) => {
      const expired = afterPendingInput(limit, () => {
        this.#waiting = undefined;
        resolve(false);
      });
      this.#waiting = () => {
        expired.cancel();
        this.#waiting = undefined;
        resolve(true);
      };
    });
  }

  #wake(): void {
    this.#waiting?.();
  }

  #fail(failure: ReadFailure): void {
    this.#failure ??= failure;
    this.#wake();
  }
}

/** node:net can bind an address and port, but neither mark a socket nor tie it to an interface. */
function needsOwnSocket({ bindInterface, fwmark }: CheckerConnection): boolean {
  return bindInterface !== undefined || fwmark !== undefined;
}

/** A socket with its options set, bound where asked. Throws a NativeError. */
function preparedSocket(connection: CheckerConnection): Socket {
  const { AF_INET, AF_INET6, SOCK_STREAM, SOL_SOCKET, SO_MARK, SO_BINDTODEVICE } = native.constants;
  const { address, bindAddress, bindPort, bindInterface, fwmark } = connection;
  const fd = native.socket(addressFamily(address) === 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
  try {
    if (fwmark !== undefined) native.setsockopt(fd, SOL_SOCKET, SO_MARK, fwmark);
    if (bindInterface !== undefined) {
      native.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${bindInterface}\0`));
    }
    if (bindAddress !== undefined || bindPort !== undefined) {
      const local = bindAddress ?? anyAddress(address);
      const scope = bindInterface !== undefined && isLinkLocal(local) ? native.interfaceIndex(bindInterface) : 0;
      native.bind(fd, internetAddress(local, bindPort ?? 0, scope));
    }
    return new Socket({ fd, readable: true, writable: true });
  } catch (error) {
    native.close(fd);
    throw error;
  }
}

function anyAddress(address: IpAddress): IpAddress {
  return (addressFamily(address) === 4 ? '0.0.0.0' : '::') as IpAddress;
}

function scopedHost({ address, bindInterface }: CheckerConnection): string {
  return bindInterface !== undefined && isLinkLocal(address) ? `${address}%${bindInterface}` : address;
}

function connectFailure(error: SocketFailure, { bindPort }: CheckerConnection): DialFailure {
  const ownPortTaken = error.code === 'EADDRINUSE' && bindPort !== undefined;
  if (error.syscall === 'bind' || ownPortTaken) return { kind: 'bind', message: failureText(error) };
  return { kind: 'failed', code: error.code ?? 'EIO' };
}

function failureText(error: SocketFailure): string {
  return error.errno === undefined ? error.message : native.describeError(Math.abs(error.errno))[1];
}

/**
 * Calls back when the time is over and what the kernel had ready by then has been handed out: timers come first in a
 * turn of the event loop, so a busy process would otherwise call servers late that have long answered.
 */
function afterPendingInput(delay: number, callback: () => void): { cancel(): void } {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(callback);
  }, delay);
  return {
    cancel() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}

function milliseconds(span: Duration): number {
  return Math.max(1, Math.ceil(span / 1000));
}

function ignore(): void {}
