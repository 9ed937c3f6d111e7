import type { Scope } from '../../keyword.ts';

interface Named {
  readonly name?: unknown;
}

/** A block at the top level, read so far, with this keyword and name. */
export function namedAtTop(scope: Scope, keyword: string, name: string): object | undefined {
  let top = scope;
  while (top.parent) top = top.parent;
  const blocks = (top.values[keyword] ?? []) as readonly Named[];
  return blocks.find((one) => one.name === name);
}
