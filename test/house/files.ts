import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** All files under some folders of `root` whose name ends so, absolute, sorted; a folder that is missing has none. */
export function filesUnder(root: string, folders: readonly string[], ending: RegExp): readonly string[] {
  return folders
    .flatMap((folder) => walk(join(root, folder)))
    .filter((file) => ending.test(file))
    .sort();
}

function walk(folder: string): string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (entry.name === 'build' || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

/** First components of the paths that git tracks. */
export function trackedTopLevel(root: string): readonly string[] {
  const paths = execFileSync('git', ['-c', 'safe.directory=*', '-C', root, 'ls-files'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return [...new Set(paths.map((path) => path.split('/')[0]!))].sort();
}
