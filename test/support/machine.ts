import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the nearest directory above this file with the package.json of the project. */
export const projectRoot = nearestPackage(dirname(fileURLToPath(import.meta.url)));

function nearestPackage(directory: string): string {
  const file = join(directory, 'package.json');
  if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'evenkeel') return directory;
  return nearestPackage(dirname(directory));
}

/** Our program, as a command line. */
export const evenkeel = join(projectRoot, 'dist/bin/keepalived');

/** Debian's keepalived, as a command line: what ours is compared with. */
export const reference = process.env.REFERENCE ?? '/usr/sbin/keepalived';

/** What a test of the machine may need. */
export type Need = 'root' | 'namespaces' | 'ipvs kernel' | `program ${string}`;

/**
 * Why this machine cannot run a test, or undefined if it can. With CI set, something that test/setup.sh installs and that
 * is missing is a failure and not a reason to skip: it throws.
 */
export function missing(needs: readonly Need[]): string | undefined {
  const absent = needs.filter((need) => !has(need));
  if (absent.length === 0) return undefined;
  const reason = `this machine lacks: ${absent.join(', ')}`;
  if (process.env.CI !== undefined) throw new Error(`${reason} (test/setup.sh provides it)`);
  return reason;
}

function has(need: Need): boolean {
  if (need === 'root') return process.getuid?.() === 0;
  if (need === 'namespaces') return succeeds('unshare', ['--net', 'true']);
  if (need === 'ipvs kernel') return existsSync('/proc/sys/net/ipv4/vs') || onPath('linux.uml');
  return onPath(need.slice('program '.length));
}

function onPath(program: string): boolean {
  if (program.includes('/')) return existsSync(program);
  return succeeds('sh', ['-c', 'command -v "$1"', 'sh', program]);
}

function succeeds(program: string, parameters: readonly string[]): boolean {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
