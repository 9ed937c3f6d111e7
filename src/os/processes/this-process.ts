export function processId(): number {
  return process.pid;
}

/** 1, or that of a subreaper, once the process that started this one is gone. */
export function parentProcessId(): number {
  return process.ppid;
}

/** Calls back with every exception and rejection that nobody else catches, which then no longer ends the process. */
export function onUncaught(tell: (error: unknown) => void): void {
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}
