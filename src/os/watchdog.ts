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
