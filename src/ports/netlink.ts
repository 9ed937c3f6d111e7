/** `overrun`: the kernel dropped messages for us (ENOBUFS); whatever was learned from this socket must be read again. */
export type NetlinkReceipt = Uint8Array | 'empty' | 'overrun';

/** One netlink socket. The kernel answers a request before `send` returns, so a transaction never waits. */
export interface NetlinkSocket {
  readonly portId: number;
  /** Sends one datagram of one or more messages. Throws a SystemError. */
  send(batch: Uint8Array): void;
  /** The next datagram, valid until the following call. */
  receive(): NetlinkReceipt;
  /** Calls back whenever `receive` may have something (event sockets). */
  onReadable(readable: () => void): void;
  close(): void;
}
