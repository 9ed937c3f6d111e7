import type { Scope } from './keyword.ts';

/** The scope of what stands outside every block. */
export function rootOf(scope: Scope): Scope {
  let root = scope;
  while (root.parent) root = root.parent;
  return root;
}

/** Fact of the outermost scope: all that global_defs says, where that is known beforehand. */
export const wholeGlobal = 'global_defs';

/** What global_defs says, by keyword; so far, unless the whole is known. */
export function globalSettings(scope: Scope): Readonly<Record<string, unknown>> {
  const { facts, values } = rootOf(scope);
  return (facts.get(wholeGlobal) ?? values.global_defs ?? {}) as Readonly<Record<string, unknown>>;
}

interface Named {
  readonly name?: unknown;
}

/** The block outside of all others that has this keyword and name, if it stands before. */
export function definedBefore(scope: Scope, keyword: string, name: string): object | undefined {
  const blocks = (rootOf(scope).values[keyword] ?? []) as readonly Named[];
  return blocks.find((one) => one.name === name);
}
