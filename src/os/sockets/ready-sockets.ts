import { native, type ReadinessSet } from '../native.ts';

/** EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP (sys/epoll.h). */
export const READABLE = 0x1;
export const WRITABLE = 0x4;
export const FAILED = 0x8 | 0x10;

let set: ReadinessSet | undefined;
let lastToken = 0;
const waiting = new Map<number, (events: number) => void>();

/**
 * A socket under the one descriptor set of this process; `ready` gets the EPOLL bits. A token of its own tells it from
 * a later socket that was given the same descriptor.
 */
export class ReadySocket {
  readonly fd: number;
  readonly #token: number;
  #events: number;

  constructor(fd: number, events: number, ready: (events: number) => void) {
    set ??= native.readiness((token, happened) => waiting.get(token)?.(happened));
    this.fd = fd;
    this.#token = ++lastToken;
    this.#events = events;
    waiting.set(this.#token, ready);
    set.add(fd, events, this.#token);
  }

  /** What to wait for from now on. */
  await(events: number): void {
    if (events === this.#events) return;
    this.#events = events;
    set?.change(this.fd, events, this.#token);
  }

  /** Leaves the set; the descriptor is the caller's again. */
  release(): void {
    if (waiting.delete(this.#token)) set?.remove(this.fd);
  }

  close(): void {
    if (waiting.delete(this.#token)) native.close(this.fd);
  }
}
