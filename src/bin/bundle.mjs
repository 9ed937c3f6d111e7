// Bundles src/main.ts into dist/lib, one chunk for each process, and installs the commands in dist/bin.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const FRESH = 'dist/lib.new';

rmSync(FRESH, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  legalComments: 'none',
  outdir: FRESH,
  logLevel: 'warning',
  metafile: true,
  // Packages in the older module format look for `require` when their chunk is evaluated.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; globalThis.require ??= requireFrom(import.meta.url);",
  },
});

writeFileSync(join(FRESH, 'LICENSES'), licences(Object.keys(metafile.inputs)));

// A daemon that is just starting must find either all of the old chunks or all of the new ones.
rmSync('dist/lib.old', { recursive: true, force: true });
renameIfPresent('dist/lib', 'dist/lib.old');
renameSync(FRESH, 'dist/lib');
rmSync('dist/lib.old', { recursive: true, force: true });

mkdirSync('dist/bin', { recursive: true });
copyFileSync('src/bin/keepalived.sh', 'dist/bin/keepalived.new');
chmodSync('dist/bin/keepalived.new', 0o755);
renameSync('dist/bin/keepalived.new', 'dist/bin/keepalived');
rmSync('dist/bin/evenkeel', { force: true });
symlinkSync('keepalived', 'dist/bin/evenkeel');
rmSync('dist/bin/genhash', { force: true });
symlinkSync('keepalived', 'dist/bin/genhash');

function renameIfPresent(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** The licence texts of the packages that `files` come from: they are part of what is handed on. */
function licences(files) {
  const homes = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  return [...homes].sort().map(licence).join('\n');
}

function licence(home) {
  const { name, version, license } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const texts = readdirSync(home).filter((file) => /^licen[cs]e/i.test(file));
  const text = texts.map((file) => readFileSync(join(home, file), 'utf8').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${text}\n`;
}
