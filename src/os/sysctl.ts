import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = '/proc/sys';

/** The value of a kernel setting, `path` being as below /proc/sys; undefined where the kernel has none of the name. */
export function readSysctl(path: string): string | undefined {
  try {
    return readFileSync(`${ROOT}/${path}`, 'latin1').trim();
  } catch {
    // No such interface, or a kernel without this setting.
    return undefined;
  }
}

/** Whether the value could be set. */
export function writeSysctl(path: string, value: string): boolean {
  try {
    writeFileSync(`${ROOT}/${path}`, value);
    return true;
  } catch {
    // Read-only in a container, or gone with its interface.
    return false;
  }
}

/** The interfaces that have settings of a family, `all` and `default` among them. */
export function sysctlInterfaces(family: 'ipv4' | 'ipv6'): readonly string[] {
  try {
    return readdirSync(`${ROOT}/net/${family}/conf`);
  } catch {
    return [];
  }
}
