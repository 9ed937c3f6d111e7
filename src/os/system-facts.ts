import { closeSync, constants, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { hostname, release, type, version } from 'node:os';
import { native } from './native.ts';
import { type Duration, seconds } from '../lib/duration.ts';

/** uname(2). */
export function kernelFacts(): { readonly name: string; readonly release: string; readonly version: string } {
  return { name: type(), release: release(), version: version() };
}

/** Version of the kernel headers that the addon was built with, as linux/version.h packs it: "6.1.187". */
export function kernelHeaders(): string {
  const code = native.constants.LINUX_VERSION_CODE;
  return `${code >> 16}.${(code >> 8) & 0xff}.${code & 0xff}`;
}

/** PRETTY_NAME of os-release(5). */
export function distributionName(): string {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      const name = /^PRETTY_NAME=(['"]?)(.*)\1$/m.exec(readFileSync(path, 'utf8'))?.[2];
      if (name !== undefined) return name;
    } catch {
      // The other place may have it.
    }
  }
  return 'unknown';
}

/** The node's name up to its first dot: what `@ID` lines are compared with. */
export function nodeName(): string {
  return hostname().split('.')[0] ?? '';
}

/** At most the first `limit` bytes of a file as text; undefined when it cannot be read. A pipe is not waited for. */
export function readBeginning(path: string, limit: number): string | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.allocUnsafe(limit);
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, limit, null));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

export function nodeVersion(): string {
  return process.version;
}

/** TMPDIR where it is an absolute path to a directory, else /tmp. */
export function temporaryDirectory(): string {
  const wanted = process.env.TMPDIR;
  if (wanted?.startsWith('/') && statSync(wanted, { throwIfNoEntry: false })?.isDirectory()) return wanted;
  return '/tmp';
}

/** Microseconds since the machine started; undefined when /proc does not tell. */
export function uptime(): Duration | undefined {
  const text = readBeginning('/proc/uptime', 64);
  const elapsed = Number.parseFloat(text ?? '');
  return Number.isNaN(elapsed) ? undefined : seconds(elapsed);
}
