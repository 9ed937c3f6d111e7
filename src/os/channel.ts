/** The child's end of the channel that child_process.fork opened. */
export interface ParentChannel {
  /** Messages that arrive before this is called wait for it. */
  onMessage(received: (message: unknown) => void): void;
  /** Called once, when the parent has closed its end or died. */
  onDisconnect(disconnected: () => void): void;
  /** False when the parent is gone. */
  send(message: object): boolean;
  /** Resolves when everything sent so far has been handed to the kernel. */
  flushed(): Promise<void>;
}

/** Opens the channel; undefined when this process was not forked by a parent of ours. */
export function openParentChannel(): ParentChannel | undefined {
  if (process.send === undefined) return undefined;
  let pending = 0;
  let idle: (() => void) | undefined;
  const settle = (): void => {
    pending -= 1;
    if (pending === 0) idle?.();
  };
  return {
    onMessage: (received) => void process.on('message', received),
    onDisconnect: (disconnected) => void process.once('disconnect', disconnected),
    send: (message) => {
      if (!process.connected) return false;
      pending += 1;
      process.send?.(message, undefined, undefined, settle);
      return true;
    },
    flushed: () =>
      new Promise((resolve) => {
        if (pending === 0) resolve();
        else idle = resolve;
      }),
  };
}
