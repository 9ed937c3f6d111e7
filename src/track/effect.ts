import type { TrackedItem } from '../config/types.ts';
import { highestPriority } from '../lib/priority.ts';

/** How a tracked object is; unknown before its first result. */
export type TrackStatus = 'up' | 'down' | 'unknown';

/** What a tracked object does to a virtual router. */
export type TrackEffect =
  | { readonly kind: 'weight'; readonly weight: number }
  /** `status`: what a file's number comes to. */
  | { readonly kind: 'fault'; readonly status?: number }
  /** The first result decides whether it may work at all. */
  | { readonly kind: 'waiting' };

/** It changes nothing. */
export const noEffect: TrackEffect = { kind: 'weight', weight: 0 };
const FAULT: TrackEffect = { kind: 'fault' };
/**
 * Interfaces, scripts, processes and BFD sessions: a positive weight counts while up, a negative one while down, and
 * without a weight being down is a fault. Reversed, the weight counts the other way round.
 */
export function effectOfStatus({ weight, reverse }: TrackedItem, status: TrackStatus): TrackEffect {
  if (weight === 0) {
    if (status === 'unknown') return { kind: 'waiting' };
    return (status === 'down') !== reverse ? FAULT : noEffect;
  }
  const counts = weight > 0 ? status === 'up' : status === 'down';
  if (!counts) return noEffect;
  return { kind: 'weight', weight: reverse ? -weight : weight };
}

/** Files: their number times the weight, which is limited to 254, and a fault from -254; without a weight any but 0 is one. */
export function effectOfFile({ weight, reverse }: TrackedItem, value: number): TrackEffect {
  if (weight === 0) return (value !== 0) !== reverse ? { kind: 'fault', status: -highestPriority } : noEffect;
  const status = value * weight * (reverse ? -1 : 1);
  return status <= -highestPriority
    ? { kind: 'fault', status }
    : { kind: 'weight', weight: Math.min(highestPriority, status) };
}

/** Sum of the weights in force. */
export function totalWeight(effects: Iterable<TrackEffect>): number {
  let total = 0;
  for (const effect of effects) if (effect.kind === 'weight') total += effect.weight;
  return total;
}
