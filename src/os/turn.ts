/** Calls back once the events that are already waiting have been handled. */
export function atEndOfTurn(callback: () => void): void {
  setImmediate(callback);
}

/** Calls back when the time is over, unless the process has ended by then: nobody waits for it. */
export function unlessEnded(milliseconds: number, callback: () => void): void {
  setTimeout(callback, milliseconds).unref();
}
