/**
 * One object for many that are equal: a function that gives what it was last given, if the two have the same values under the same
 * names, and otherwise the new one.
 */
export function shared<T extends object>(): (made: T) => T {
  let last: T | undefined;
  return (made) => {
    if (last === undefined || !hasAll(last, made) || !hasAll(made, last)) last = made;
    return last;
  };
}

function hasAll<T extends object>(one: T, other: T): boolean {
  for (const name in other) if (one[name] !== other[name] || !Object.hasOwn(one, name)) return false;
  return true;
}
