import { createRequire } from 'node:module';
import { createServer, type Server, type Socket } from 'node:net';
import type { BusMessage } from '../../src/os/message-bus.ts';

const library = createRequire(import.meta.url)('@homebridge/dbus-native/lib/message.js') as {
  unmarshalMessages(stream: Socket, received: (message: BusMessage) => void, options: object): void;
  marshall(message: BusMessage): Buffer;
};

/** A system bus with one client, which keeps what that client sends and lets it have what a test wants it to have. */
export class SystemBus {
  readonly address: string;
  readonly seen: BusMessage[] = [];
  readonly #path: string;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();
  #socket: Socket | undefined;
  #serial = 0;

  constructor(path: string) {
    this.#path = path;
    this.address = `unix:path=${path}`;
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('error', () => {});
      authenticate(socket, () => {
        library.unmarshalMessages(socket, (message) => this.#received(message), {});
      });
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.#path, resolve));
  }

  /** Sends a message, whose bytes `spoil` may change; its serial number. */
  send(message: BusMessage, spoil: (bytes: Buffer) => void = () => {}): number {
    const serial = ++this.#serial;
    const bytes = library.marshall({ ...message, serial });
    spoil(bytes);
    this.#socket?.write(bytes);
    return serial;
  }

  /** What the bus itself tells whoever asked for a name: NameAcquired or NameLost. */
  tell(member: string, name: string): void {
    const bus = 'org.freedesktop.DBus';
    const path = '/org/freedesktop/DBus';
    this.send({ type: 4, sender: bus, path, interface: bus, member, signature: 's', body: [name] });
  }

  /** Resolves once the client has sent such a message. */
  async saw(wanted: (message: BusMessage) => boolean): Promise<BusMessage> {
    for (;;) {
      const found = this.seen.find(wanted);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }

  #received(message: BusMessage): void {
    this.seen.push(message);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** The server's side of "Authentication Protocol" of the D-Bus specification: whoever comes is taken at his word. */
function authenticate(socket: Socket, done: () => void): void {
  let text = '';
  const read = (): void => {
    for (let byte = socket.read(1) as Buffer | null; byte !== null; byte = socket.read(1) as Buffer | null) {
      text += byte.toString('latin1');
      if (!text.endsWith('\r\n')) continue;
      const line = text.trim();
      text = '';
      if (line.endsWith('BEGIN')) {
        socket.removeListener('readable', read);
        // A new listener hears of what is there already only once the old one is forgotten.
        setImmediate(done);
        return;
      }
      socket.write('OK 0123456789abcdef0123456789abcdef\r\n');
    }
  };
  socket.on('readable', read);
}
