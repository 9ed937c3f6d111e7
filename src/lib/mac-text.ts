import { hexText } from './hex.ts';

/** `00:00:5e:00:01:33` of a hardware address of any length. */
export function macText(address: Iterable<number>): string {
  return hexText(address, ':');
}
