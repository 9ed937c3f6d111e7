import type { State } from './state.ts';

/** Monotonic times in the life of a virtual router. */
export interface Milestones {
  /** The last change of state; 0 before the first. */
  readonly transition: number;
  /** When it was first backup or master. */
  readonly working?: number;
}

/** After a step that led from `before` to `next`. */
export function passed(known: Milestones, before: State['name'], next: State['name'], now: number): Milestones {
  if (before === next) return known;
  const working = known.working ?? (next === 'backup' || next === 'master' ? now : undefined);
  return { transition: now, ...(working !== undefined && { working }) };
}
