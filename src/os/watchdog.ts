import type { NotifySocket } from './sockets/notify-socket.ts';

/** Signs of life for as long as the event loop turns, where the service manager wants them. */
export function feedWatchdog(manager: NotifySocket): void {
  const interval = watchdogInterval();
  if (interval !== undefined) setInterval(() => manager.notify('WATCHDOG=1'), interval).unref();
}

/**
 * How often the service manager wants a sign of life, in milliseconds: half of WATCHDOG_USEC (sd_watchdog_enabled(3)).
 * Undefined when it wants none, or wants it from another process than `pid`.
 */
export function watchdogInterval(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  pid: number = process.pid,
): number | undefined {
  const { WATCHDOG_USEC: span = '', WATCHDOG_PID: wanted = `${pid}` } = environment;
  if (!/^[1-9]\d*$/.test(span) || wanted !== `${pid}`) return undefined;
  return Math.max(1, Math.floor(Number(span) / 2000));
}
