/** A flag is written only where it is set. */
export function on(set: boolean): true | undefined {
  return set ? true : undefined;
}
