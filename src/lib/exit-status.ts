/** How a process of this program ends: as keepalived's does (KEEPALIVED_EXIT_*), or with EX_SOFTWARE of sysexits.h. */
export const exitStatus = {
  fatal: 1,
  config: 2,
  missingPermission: 4,
  noConfig: 6,
  /** A broken promise of our own, which keepalived never ends with. */
  programError: 70,
} as const;
