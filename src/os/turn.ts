/** Calls back once the events that are already waiting have been handled. */
export function atEndOfTurn(callback: () => void): void {
  setImmediate(callback);
}
