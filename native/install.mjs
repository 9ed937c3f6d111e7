// What `npm install` runs: builds the addon, unless the one that came along loads and no source is newer.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const directory = import.meta.dirname;
const addon = join(directory, 'build/Release/evenkeel.node');

function isCurrent() {
  try {
    const built = statSync(addon).mtimeMs;
    const sources = readdirSync(directory).filter((name) => /\.(c|h|gyp)$/.test(name));
    return sources.every((name) => statSync(join(directory, name)).mtimeMs <= built);
  } catch {
    return false;
  }
}

// In another process: an addon for another machine may take its process along.
function loads() {
  return spawnSync(process.execPath, ['-e', 'require(process.argv[1])', addon], { stdio: 'ignore' }).status === 0;
}

if (!isCurrent() || !loads()) await import('./build.mjs');
