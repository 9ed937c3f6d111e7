export interface KeyedDiff<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly kept: readonly { readonly before: T; readonly after: T }[];
}

/** Pairs two lists by key, each in its own order. A later duplicate key replaces an earlier one. */
export function diffByKey<T>(before: Iterable<T>, after: Iterable<T>, key: (item: T) => string): KeyedDiff<T> {
  const old = new Map<string, T>();
  for (const item of before) old.set(key(item), item);
  const next = new Map<string, T>();
  for (const item of after) next.set(key(item), item);
  return {
    added: [...next].filter(([k]) => !old.has(k)).map(([, item]) => item),
    removed: [...old].filter(([k]) => !next.has(k)).map(([, item]) => item),
    kept: [...next].flatMap(([k, item]) => (old.has(k) ? [{ before: old.get(k) as T, after: item }] : [])),
  };
}
