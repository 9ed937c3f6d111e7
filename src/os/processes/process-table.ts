import { readdirSync, readFileSync } from 'node:fs';

/** Every process there is now, kernel threads among them. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Name (at most 15 bytes) and, where asked for, command line of a process; undefined when it is gone. */
export function processIdentity(
  pid: number,
  withCommandLine: boolean,
): { readonly name: string; readonly words: readonly string[] } | undefined {
  try {
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').replace(/\n$/, '');
    if (!withCommandLine) return { name, words: [] };
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return { name, words: text === '' ? [] : text.replace(/\0$/, '').split('\0') };
  } catch {
    return undefined;
  }
}

/** Whether it has ended and only its parent has not noticed. */
export function isZombie(pid: number): boolean {
  try {
    const [state] = statFields(pid);
    return state === 'Z' || state === 'X';
  } catch {
    return true;
  }
}

/** Fields of proc(5)'s stat from the third on; the second, a name in parentheses, may contain anything. Throws when it is gone. */
export function statFields(pid: number | 'self'): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
