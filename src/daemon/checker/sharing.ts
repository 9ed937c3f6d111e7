interface Sharer {
  /** Of its services in the kernel's table. */
  readonly ids: readonly string[];
}

/** Virtual servers that share a service of the kernel change together: `changed` and those, in the order of `all`. */
export function sharing<T extends Sharer>(all: readonly T[], changed: ReadonlySet<T>): T[] {
  const affected = new Set([...changed].flatMap(({ ids }) => ids));
  let before = 0;
  while (affected.size > before) {
    before = affected.size;
    for (const { ids } of all) {
      if (ids.some((id) => affected.has(id))) for (const id of ids) affected.add(id);
    }
  }
  return all.filter(({ ids }) => ids.some((id) => affected.has(id)));
}
