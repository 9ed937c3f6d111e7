import { execFileSync } from 'node:child_process';
import { createSocket, type RemoteInfo, type Socket as Datagram } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** Servers of one test file on 127.0.0.1, which do to each client what they are told. */
export class Loopback {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #datagrams: Datagram[] = [];

  /** The port of a TCP server. */
  async tcp(treat: (socket: Socket) => void): Promise<number> {
    return this.#listen(createServer({ allowHalfOpen: true }, (socket) => this.#welcome(socket, treat)));
  }

  /** The port of a TLS server. */
  async tls(certificate: Certificate & TlsOptions, treat: (socket: TLSSocket) => void): Promise<number> {
    const server = createTlsServer({ ...certificate, allowHalfOpen: true }, (socket) => this.#welcome(socket, treat));
    server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    server.on('tlsClientError', () => {});
    return this.#listen(server);
  }

  /** The port of a UDP server. */
  async udp(treat: (data: Buffer, answer: (data: Uint8Array) => void) => void): Promise<number> {
    const socket = createSocket('udp4', (data: Buffer, from: RemoteInfo) => {
      treat(data, (answer) => socket.send(answer, from.port, from.address));
    });
    this.#datagrams.push(socket);
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket.address().port;
  }

  /** A port where nobody listens. */
  async closedPort(): Promise<number> {
    const server = createServer();
    const port = await this.#listen(server);
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    for (const socket of this.#datagrams) socket.close();
  }

  #welcome<S extends Socket>(socket: S, treat: (socket: S) => void): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    treat(socket);
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
}

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** A self-signed certificate; with `expired` of a time long past. */
export function selfSigned(expired = false): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert, request] = ['key.pem', 'cert.pem', 'request.pem'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'ignore' });
  try {
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      ...['-keyout', key],
      ...['-out', request, '-subj', '/CN=server'],
    );
    openssl('x509', '-req', '-in', request, '-signkey', key, '-out', cert, '-days', expired ? '-1' : '2');
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
