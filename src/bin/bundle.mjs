// Bundles src/main.ts into dist/lib, one part for each process and for what is loaded later, and installs the commands in
// dist/bin.
import { execFileSync } from 'node:child_process';
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
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';

const FRESH = 'dist/lib.new';

rmSync(FRESH, { recursive: true, force: true });
mkdirSync(FRESH, { recursive: true });

/**
 * The grammar, which brings Chevrotain with it, is for lines with quotes, and so are few configurations. It becomes a part of its
 * own, loaded when it is first called for, although whoever imports it has it at once.
 */
const grammarLater = {
  name: 'grammar-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/line-grammar\.ts$/ }, ({ kind, path, resolveDir }) =>
      kind === 'import-statement' ? { path, namespace: 'later', pluginData: { resolveDir } } : undefined,
    );
    onLoad({ filter: /./, namespace: 'later' }, ({ path, pluginData }) => ({
      contents: `export const grammarReader = () => atOnce(import(${JSON.stringify(path)})).grammarReader();`,
      resolveDir: pluginData.resolveDir,
    }));
  },
};
/** The addon is where it is, seen from dist/lib: finding it by name loads half of the engine's module loader. */
const nativeThere = {
  name: 'native-there',
  setup({ onResolve, onLoad }) {
    const there = '../../native/build/Release/evenkeel.node';
    onLoad({ filter: /\/src\/os\/native\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(/^const require = .*$/m, '').replace("require('#native')", `require('${there}')`);
      if (!contents.includes(`require('${there}')`)) throw new Error(`${path} asks for the addon in another way`);
      return { contents, loader: 'ts' };
    });
    onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** What the older module format makes of that. */
const AT_ONCE = /atOnce\(Promise\.resolve\(\)\.then\(\(\) => __toESM\((require\("[^"]+"\))\)\)\)/g;

const { metafile, outputFiles } = await build({
  entryPoints: ['src/main.ts'],
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  define: { 'import.meta.url': '__filename' },
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  legalComments: 'none',
  outdir: FRESH,
  logLevel: 'warning',
  plugins: [grammarLater, nativeThere],
  metafile: true,
});
const modules = new Map(outputFiles.map(({ path, text }) => [basename(path), moduleOf(path, text)]));

const parts = presentBefore('main.js');
for (const [name, present] of parts) writeFileSync(join(FRESH, name), await partOf(name, present));
copyFileSync('src/bin/loader.cjs', join(FRESH, 'keepalived.cjs'));
const options = readFileSync('src/bin/keepalived.sh', 'utf8')
  .match(/ --[a-z0-9=-]+/g)
  .map((word) => word.trim());
const examples = readdirSync('examples')
  .filter((name) => name.endsWith('.conf'))
  .map((name) => join('examples', name));
execFileSync(process.execPath, [...options, 'src/bin/precompile.cjs', FRESH, ...examples], { stdio: 'inherit' });
writeFileSync(join(FRESH, 'LICENSES'), licences(Object.keys(metafile.inputs)));

// A daemon that is just starting must find either all of the old parts or all of the new ones.
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

/** A module of the bundle: what it imports at once, and what when it is needed. */
function moduleOf(path, text) {
  const output = Object.entries(metafile.outputs).find(([name]) => basename(name) === basename(path))[1];
  const imported = (kind) =>
    output.imports.filter((one) => one.kind === kind && !one.external).map((one) => basename(one.path));
  return { text, needs: imported('import-statement'), needsLater: imported('dynamic-import') };
}

/** The module and all that it imports at once. */
function withNeeds(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const needed of modules.get(name).needs) withNeeds(needed, found);
  return found;
}

/** The modules that are imported later, and `first`, each with the modules that are certain to be there before. */
function presentBefore(first) {
  const before = new Map([[first, new Set()]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, present] of [...before]) {
      const own = withNeeds(name);
      const known = new Set([...present, ...own]);
      for (const later of [...own].flatMap((one) => modules.get(one).needsLater)) {
        const earlier = before.get(later);
        const common = earlier ? new Set([...earlier].filter((one) => known.has(one))) : known;
        changed ||= common.size !== earlier?.size;
        before.set(later, common);
      }
    }
  }
  return before;
}

async function partOf(name, present) {
  const names = [...withNeeds(name)].filter((one) => !present.has(one));
  const definitions = names.map(async (one) => {
    // The older module format loads faster.
    const { code } = await transform(modules.get(one).text, {
      format: 'cjs',
      target: 'node20',
      supported: { 'dynamic-import': false },
    });
    const text = code.replace(AT_ONCE, '$1');
    if (/\batOnce\(/.test(text)) throw new Error(`${one}: a part that is loaded at once has another form than AT_ONCE`);
    return `${JSON.stringify(`./${one}`)}: (function (exports, require, module, __filename) {\n${text}})`;
  });
  return `({\n${(await Promise.all(definitions)).join(',\n')}\n})\n`;
}

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
