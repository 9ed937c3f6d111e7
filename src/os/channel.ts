import { deserialize, serialize } from 'node:v8';
import { errno } from '../lib/errno.ts';
import { MessageReader } from './message-reader.ts';
import { native, type ReceivedMessage, type Watch } from './native.ts';
import { ReadySocket, WRITABLE } from './sockets/ready-sockets.ts';

/** Messages both ways between two processes of this program, as structured clones, in order. */
export interface Channel {
  /** Messages that arrive before this is called wait for it. */
  onMessage(received: (message: unknown) => void): void;
  /** Called once, after the last message, when the other end has been closed or its process is gone. */
  onDisconnect(disconnected: () => void): void;
  /** False when the other end is gone. */
  send(message: object): boolean;
  /** Resolves when everything sent so far has been handed to the kernel, or nobody is there any more to have it. */
  flushed(): Promise<void>;
  /** Once everything sent so far has been handed to the kernel. Whoever closes is not told of a disconnection. */
  close(): void;
  /** Of the end whose process is gone: hands out all that has come from there, and closes. */
  finish(): void;
}

/** Names the descriptor of the channel to the parent, CHANNEL of native/spawn.c, in the environment of a child. */
export const CHANNEL_VARIABLE = 'EVENKEEL_CHANNEL';

/** Opens the channel to the parent, once; undefined when this process was not started by a parent of ours. */
export function openParentChannel(): Channel | undefined {
  const fd = process.env[CHANNEL_VARIABLE];
  // What this process starts has no such channel.
  delete process.env[CHANNEL_VARIABLE];
  return fd === undefined ? undefined : openChannel(Number(fd));
}

/** Opens an end of socketpair(2), and owns it. Not by node:net, whose streams take longer to load than a start has. */
export function openChannel(fd: number): Channel {
  return new SocketChannel(fd);
}

const received: ReceivedMessage = { length: 0, addressLength: 0, controlLength: 0, flags: 0 };

class SocketChannel implements Channel {
  readonly #fd: number;
  readonly #watch: Watch;
  /** There while the kernel takes no more. */
  #full: ReadySocket | undefined;
  readonly #reader = new MessageReader((bytes) => this.#received(deserialize(bytes)));
  readonly #waiting: unknown[] = [];
  readonly #disconnected: (() => void)[] = [];
  #unsent: Uint8Array[] = [];
  #flushed: (() => void)[] = [];
  #open = true;
  #closing = false;
  #received = (message: unknown): void => void this.#waiting.push(message);

  constructor(fd: number) {
    this.#fd = fd;
    this.#watch = native.watch(fd, () => void this.#read());
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#received = listener;
    for (const message of this.#waiting.splice(0)) listener(message);
  }

  onDisconnect(listener: () => void): void {
    if (this.#open) this.#disconnected.push(listener);
    else setImmediate(listener);
  }

  send(message: object): boolean {
    if (!this.#open || this.#closing) return false;
    this.#unsent.push(MessageReader.frame(serialize(message)));
    if (!this.#full) this.#write();
    return true;
  }

  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unsent.length === 0) resolve();
      else this.#flushed.push(resolve);
    });
  }

  close(): void {
    this.#closing = true;
    if (this.#unsent.length === 0) this.#end();
  }

  finish(): void {
    let more = true;
    while (more && this.#open) more = this.#read();
    if (this.#open) this.#lose();
  }

  /** False when there is nothing. */
  #read(): boolean {
    const length = native.recvmsg(this.#fd, this.#reader.space(), null, null, 0, received);
    if (length > 0) this.#reader.filled(length);
    else if (length !== -errno.EAGAIN) this.#lose();
    return length > 0;
  }

  /** Hands the kernel what it takes. That the other end is gone shows when reading. */
  #write(): void {
    for (;;) {
      const [first] = this.#unsent;
      if (first === undefined) break;
      const sent = native.sendmsg(this.#fd, first, null, null, 0);
      if (sent === first.length) this.#unsent.shift();
      else if (sent >= 0) this.#unsent[0] = first.subarray(sent);
      else if (sent === -errno.EAGAIN) break;
      // Nobody will have it.
      else this.#unsent = [];
    }
    if (this.#unsent.length > 0) {
      this.#full ??= new ReadySocket(this.#fd, WRITABLE, () => this.#write());
      return;
    }
    this.#full?.release();
    this.#full = undefined;
    for (const tell of this.#flushed.splice(0)) tell();
    if (this.#closing) this.#end();
  }

  #lose(): void {
    this.#end();
    for (const tell of this.#disconnected.splice(0)) tell();
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#unsent = [];
    this.#watch.close();
    this.#full?.release();
    native.close(this.#fd);
    for (const tell of this.#flushed.splice(0)) tell();
  }
}
