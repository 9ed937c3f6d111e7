import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { SecureContext, SecureContextOptions, TLSSocket } from 'node:tls';
import type { CheckerConnection, SslSettings } from '../../config/types.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DialFailure, HandshakeOptions, SecureDial, Stream } from '../../ports/dial.ts';
import { builtin } from '../builtin.ts';
import { connectDescriptor } from './dial.ts';
import { native } from '../native.ts';
import { afterPendingInput } from '../patience.ts';
import { TlsStream } from './tls-stream.ts';

/** TLS connections with the client certificate of `settings`; when its files cannot be used, lines that say so. */
export function openSecureDial(settings: SslSettings = {}): Result<SecureDial, readonly string[]> {
  let context: SecureContext | undefined;
  let reading = '';
  let files: SecureContextOptions = {};
  // One after the other, so that it is known which cannot be used.
  const load = (what: string, path: string | undefined, use: (content: Buffer) => SecureContextOptions): void => {
    if (path === undefined) return;
    reading = what;
    files = { ...files, ...use(readFileSync(path)) };
    context = builtin.tls().createSecureContext(files);
  };
  const { ca, certificate, key, password } = settings;
  try {
    load('certificate', certificate, (cert) => ({ cert }));
    load('key', key, (content) => ({ key: content, ...(password !== undefined && { passphrase: password }) }));
    load('CA', ca, (content) => ({ ca: content }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err([`SSL error : Cant load ${reading} file...`, `SSL error : ${reason}`]);
  }
  return ok({
    connect: async (connection, handshake, signal) => {
      const connected = await connectDescriptor(connection, signal);
      if (!connected.ok) return connected;
      const socket = wrapped(connected.value);
      context ??= builtin.tls().createSecureContext();
      return socket ? shakeHands(socket, context, connection, handshake, signal) : err({ kind: 'aborted' });
    },
  });
}

/** The event loop's own kind of socket, which TLS needs. */
function wrapped(fd: number): Socket | undefined {
  try {
    return new (builtin.net().Socket)({ fd, readable: true, writable: true });
  } catch {
    native.close(fd);
    return undefined;
  }
}

/** The server's certificate is not judged: expired, self-signed or another's, it is a server that answers. */
function shakeHands(
  socket: Socket,
  secureContext: SecureContext,
  { connectTimeout }: CheckerConnection,
  { serverName, closesFully }: HandshakeOptions,
  signal: AbortSignal,
): Promise<Result<Stream, DialFailure>> {
  return new Promise((resolve) => {
    const named = serverName !== undefined && builtin.net().isIP(serverName) === 0;
    const secured: TLSSocket = builtin.tls().connect({
      socket,
      secureContext,
      rejectUnauthorized: false,
      ...(named && { servername: serverName }),
    });
    const settle = (result: Result<Stream, DialFailure>): void => {
      limit.cancel();
      signal.removeEventListener('abort', aborted);
      secured.off('secureConnect', connected).off('error', failed).off('close', closed);
      if (!result.ok) {
        secured.on('error', ignore).destroy();
        socket.on('error', ignore).destroy();
      }
      resolve(result);
    };
    const aborted = (): void => settle(err({ kind: 'aborted' }));
    const connected = (): void => settle(ok(new TlsStream(secured, socket, signal, closesFully, connectTimeout)));
    const failed = (error: NodeJS.ErrnoException): void => settle(err({ kind: 'failed', code: systemCode(error) }));
    const closed = (): void => settle(err({ kind: 'failed', code: 'ECONNRESET' }));
    const limit = afterPendingInput(connectTimeout, () => settle(err({ kind: 'timeout' })));
    signal.addEventListener('abort', aborted);
    secured.on('secureConnect', connected).on('error', failed).on('close', closed);
  });
}

/** EPROTO when the other side does not speak TLS as it should. */
function systemCode({ code }: NodeJS.ErrnoException): string {
  return code === undefined || code.startsWith('ERR_') ? 'EPROTO' : code;
}

function ignore(): void {}
