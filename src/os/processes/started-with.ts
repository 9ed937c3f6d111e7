import { native } from '../native.ts';

const { RLIMIT_CORE, RLIMIT_NOFILE } = native.constants;

/** Set by the launcher: the soft limit of open files before the engine raised it to the hard one. */
export const DESCRIPTORS_STARTED_WITH = 'EVENKEEL_DESCRIPTORS';
/** Set by the parent for its children: the soft limit of core files before `allowCores` raised it. */
export const CORES_STARTED_WITH = 'EVENKEEL_CORES';

/** Has programs that this process starts get the soft limit of open files that it was started with itself. */
export function passOnDescriptorLimit(): void {
  passOn(RLIMIT_NOFILE, DESCRIPTORS_STARTED_WITH);
}

/** Has programs that this child starts get the limit of core files that the daemon was started with. */
export function passOnCoreLimit(): void {
  passOn(RLIMIT_CORE, CORES_STARTED_WITH);
}

/** Lets this process, and the children that it forks, leave core files of any size (core(5)). */
export function allowCores(): void {
  const [soft] = native.getResourceLimit(RLIMIT_CORE);
  process.env[CORES_STARTED_WITH] = soft === Infinity ? 'unlimited' : String(soft);
  native.setResourceLimit(RLIMIT_CORE, Infinity, Infinity);
}

function passOn(resource: number, variable: string): void {
  const soft = process.env[variable];
  if (soft === undefined || !/^(\d+|unlimited)$/.test(soft)) return;
  native.noteResourceLimit(resource, soft === 'unlimited' ? Infinity : Number(soft));
}
