import type { SyncGroup, TrackedItem, VrrpInstance } from '../config/types.ts';

/** The kinds of objects that can be tracked. */
export type TrackKind = 'interface' | 'script' | 'file' | 'process' | 'bfd';

/** Names a tracked object among all of them. */
export type TrackKey = `${TrackKind} ${string}`;

/** One object that an instance tracks, by itself or with its sync group. */
export interface Tracked {
  readonly kind: TrackKind;
  readonly item: TrackedItem;
}

const LISTS = [
  ['interface', 'trackInterfaces'],
  ['script', 'trackScripts'],
  ['file', 'trackFiles'],
  ['process', 'trackProcesses'],
  ['bfd', 'trackBfds'],
] as const;

/**
 * What an instance tracks, its sync group's objects among them. For an object in both lists the group's weight counts,
 * unless the instance's makes a failure a fault, as it does for its own interface.
 */
export function trackedBy(instance: VrrpInstance, group: SyncGroup | undefined): readonly Tracked[] {
  return LISTS.flatMap(([kind, list]) => {
    const items = new Map(instance[list].map((item) => [item.name, item]));
    for (const item of group?.[list] ?? []) {
      const own = items.get(item.name);
      const isOwn = kind === 'interface' && instance.trackPrimaryInterface && item.name === instance.interface;
      if (own === undefined ? !isOwn : own.weight !== 0) items.set(item.name, item);
    }
    return [...items.values()].map((item) => ({ kind, item }));
  });
}
