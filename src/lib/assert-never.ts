/** Makes the compiler prove that a `switch` covers every case; reaching it is a broken promise of our own. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
