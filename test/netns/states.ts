import { isAdvert } from './frame.ts';
import type { Host } from './host.ts';
import { until } from './processes.ts';

/** The state the notify FIFO told last, or undefined before the first. */
export function stateOf(host: Host): string | undefined {
  return host.fifo.findLast((line) => /^INSTANCE "VI_1" (MASTER|BACKUP|FAULT|STOP) /.test(line))?.split(' ')[2];
}

/** Waits until the notify FIFO tells the state and, for MASTER, the capture has an advert. */
export async function becomes(host: Host, state: string, limit = 8): Promise<void> {
  await until(`state ${state}`, limit, () => stateOf(host) === state);
  if (state === 'MASTER') await until('an advert is captured', 1, () => host.frames.some(isAdvert));
}

export function hasAddress(host: Host, address: string): boolean {
  return host.configured.some((line) => line.includes(` ${address}/`));
}
