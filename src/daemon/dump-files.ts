import type { DumpSettings } from '../config/types.ts';
import { type Identity, identSuffix } from './paths.ts';

/** Whose data file: the parent's, or a child's. */
export type DumpOwner = 'parent' | 'vrrp' | 'checker' | 'bfd';

const OWNER_SUFFIXES: Readonly<Record<DumpOwner, string>> = {
  parent: '_parent',
  vrrp: '',
  checker: '_check',
  bfd: '_bfd',
};

/** Where a SIGUSR1 dump goes: keepalived.data in the temporary directory, or state_dump_file. */
export function dataPath(settings: DumpSettings, identity: Identity, owner: DumpOwner, temporary: string): string {
  const base = completed(settings.statePath, `${temporary}/`, 'keepalived.data');
  const dot = base.lastIndexOf('.');
  const suffix = OWNER_SUFFIXES[owner];
  const named = suffix + instanceSuffix(settings, identity);
  return dot > base.lastIndexOf('/') ? base.slice(0, dot) + named + base.slice(dot) : base + named;
}

/** How complaints call a data file: one in the temporary directory goes without it. */
export function nameOfData(path: string, temporary: string): string {
  return `dump file ${path.startsWith(`${temporary}/`) ? path.slice(temporary.length + 1) : path}`;
}

/**
 * Where statistics or JSON go, whosever they are: the place that monitoring knows, and the configured one, which
 * keepalived accepts and then does not use.
 */
export function reportPaths(settings: DumpSettings, kind: 'stats' | 'json', temporary: string): readonly string[] {
  const configured = kind === 'stats' ? settings.statisticsPath : settings.jsonPath;
  const usual = `${temporary}/keepalived.${kind}`;
  const wanted = completed(configured, `${temporary}/`, `keepalived.${kind}`);
  return wanted === usual ? [usual] : [usual, wanted];
}

/** A name is in the temporary directory unless it says otherwise; one that ends in a slash is a directory. */
function completed(configured: string | undefined, temporary: string, usual: string): string {
  const name = configured === undefined || configured.endsWith('/') ? `${configured ?? ''}${usual}` : configured;
  return name.startsWith('/') ? name : temporary + name;
}

/** data_use_instance: ".NAMESPACE_INSTANCE". */
function instanceSuffix({ useInstance }: DumpSettings, identity: Identity): string {
  const suffix = identSuffix(identity);
  return useInstance && suffix !== '' ? `.${suffix.slice(1)}` : '';
}
