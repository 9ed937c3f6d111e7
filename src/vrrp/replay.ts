import type { AuthHmac } from '../config/types.ts';
import { inSeconds } from '../lib/duration.ts';
import type { IpAddress } from '../lib/ip.ts';
import type { SenderMark } from './wire-state.ts';

/** Senders of multicast adverts that are remembered; the one silent longest makes room. */
const MULTICAST_SENDERS = 4;

/** Wall time, in microseconds since 1970, as the seconds, fraction and zero counter of a trailer. */
export function clockSequence(wallClock: number): bigint {
  const seconds = Math.floor(wallClock / 1e6);
  const fraction = Math.floor(((wallClock - seconds * 1e6) * 0x10000) / 1e6);
  return BigInt.asUintN(64, (BigInt(seconds) << 32n) | (BigInt(fraction) << 16n));
}

/** Whether `a` comes after `b`, the numbers going round. */
export function isLater(a: bigint, b: bigint): boolean {
  return BigInt.asIntN(64, a - b) > 0n;
}

/**
 * The sequence of the next trailer: the clock's, or one more than the last where the clock stands still or went back. By time,
 * one that has run ahead of the clock by more than the window returns to it, since nobody would accept it.
 */
export function nextSequence(settings: AuthHmac, last: bigint | undefined, wallClock: number): bigint {
  const clock = clockSequence(wallClock);
  if (last === undefined || isLater(clock, last)) return clock;
  if (settings.antiReplay === 'time' && secondsBetween(last, clock) > windowSeconds(settings)) return clock;
  return BigInt.asUintN(64, last + 1n);
}

/** Whole seconds of the window. */
export function windowSeconds({ timeWindow }: AuthHmac): number {
  return Math.floor(inSeconds(timeWindow));
}

/** Our clock less theirs, in whole seconds. */
export function clockSkew(theirSeconds: number, wallClock: number): number {
  return (Math.floor(wallClock / 1e6) - theirSeconds) | 0;
}

/**
 * The marks after hearing `sequence` from `sender`; undefined when it, or a later one, was heard before. By time, a mark further
 * from now than the window is forgotten: its clock was wrong, or it is long gone.
 */
export function markSequence(
  settings: AuthHmac,
  marks: readonly SenderMark[],
  heard: SenderMark,
  { wallClock, peers }: { readonly wallClock: number; readonly peers: number | undefined },
): readonly SenderMark[] | undefined {
  const known = marks.find(({ sender }) => sender === heard.sender);
  if (known && !isForgotten(settings, known, wallClock) && !isLater(heard.sequence, known.sequence)) return undefined;
  return [heard, ...without(marks, heard.sender)].slice(0, peers ?? MULTICAST_SENDERS);
}

function isForgotten(settings: AuthHmac, { sequence }: SenderMark, wallClock: number): boolean {
  if (settings.antiReplay !== 'time') return false;
  return Math.abs(secondsBetween(sequence, clockSequence(wallClock))) > windowSeconds(settings);
}

function without(marks: readonly SenderMark[], gone: IpAddress): SenderMark[] {
  return marks.filter(({ sender }) => sender !== gone);
}

function secondsBetween(a: bigint, b: bigint): number {
  return Number(BigInt.asIntN(64, a - b) >> 32n);
}
