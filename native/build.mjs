// Builds the addon with node-gyp, without a download when Node's headers are on this machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const directory = dirname(fileURLToPath(import.meta.url));

function isRunnable(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

function missingTools() {
  const compiler = process.env.CC?.split(' ')[0] ?? 'cc';
  return ['python3', 'make', compiler].filter((tool) => !isRunnable(tool));
}

function nodeGyp() {
  const npmRoot = () => execFileSync('npm', ['root', '-g'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const inNpm = 'node_modules/node-gyp/bin/node-gyp.js';
  const places = [
    () => process.env.npm_config_node_gyp,
    () => process.env.npm_execpath && join(dirname(process.env.npm_execpath), '..', inNpm),
    () => join(dirname(process.execPath), '../lib/node_modules/npm', inNpm),
    () => join(npmRoot().trim(), 'npm', inNpm),
    () => '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
  ];
  for (const place of places) {
    const path = place();
    if (path && existsSync(path)) return path;
  }
  return undefined;
}

function headers() {
  const places = [process.env.npm_config_nodedir, join(dirname(process.execPath), '..')];
  return places.find((place) => place && existsSync(join(place, 'include/node/node_api.h')));
}

function fail(message) {
  console.error(`evenkeel: cannot build native/: ${message}`);
  process.exit(1);
}

if (process.platform !== 'linux') fail('it needs Linux.');
const missing = missingTools();
if (missing.length > 0) {
  fail(`not found: ${missing.join(', ')}. On Debian: apt-get install build-essential python3`);
}
const builder = nodeGyp();
if (!builder) fail('node-gyp not found. It comes with npm; or: npm install --global node-gyp');
const nodedir = headers();
const options = nodedir ? [`--nodedir=${nodedir}`] : [];
const result = spawnSync(process.execPath, [builder, 'configure', 'build', '--loglevel=error', ...options], {
  cwd: directory,
  stdio: ['ignore', process.env.npm_config_loglevel === 'silent' ? 'ignore' : 'inherit', 'inherit'],
});
if (result.status !== 0) fail('node-gyp failed; its messages are above.');
