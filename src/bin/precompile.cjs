'use strict';
// Compiles the parts of the program in a directory for this very Node with these very options; loader.cjs looks for the result.
//
//   node [OPTION...] precompile.cjs DIRECTORY CONFIGURATION...
//
// The engine compiles a function when it is first called, so each module is run, and the configurations are read. Of the parts
// that a start goes through all functions are compiled.
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { runner } = require('./loader.cjs');

const [directory = '', ...configurations] = process.argv.slice(2);
/** The module that starts the program. */
const MAIN = './main.js';
const OF_A_START = [
  'parent-main',
  'load',
  'config-environment',
  'child-main',
  'vrrp-main',
  'checker-process',
  'bfd-process',
];

const parts = readdirSync(directory)
  .filter((file) => file.endsWith('.js'))
  .map((file) => {
    const filename = join(directory, file);
    const name = `./${file}`;
    const script = compile(filename, name === MAIN || OF_A_START.some((part) => isPart(name, part)));
    return { name, filename, script, modules: script.runInThisContext() };
  });
const anywhere = Object.assign({}, ...parts.map(({ modules }) => modules));

for (const { name, filename, script, modules } of parts) {
  const known = { ...anywhere, ...modules };
  const use = runner((one) => known[one], resolve(directory, 'keepalived.cjs'));
  for (const module of Object.keys(modules)) if (module !== MAIN) use(module);
  if (isPart(name, 'load'))
    readConfigurations(use(name), use(parts.find((part) => isPart(part.name, 'config-environment')).name));
  writeFileSync(`${filename}.${process.version}-${process.arch}`, script.createCachedData());
}

function compile(filename, whole) {
  if (whole) setFlagsFromString('--no-lazy');
  const script = new Script(readFileSync(filename, 'utf8'), { filename });
  // What is compiled counts for a process with the flags of the moment in which it is written.
  setFlagsFromString('--lazy');
  return script;
}

/** Names of parts end in a hash. */
function isPart(name, beginning) {
  return name.replace(/-[^-]*$/, '') === `./${beginning}`;
}

function readConfigurations({ loadConfig }, { openConfigEnvironment }) {
  for (const path of configurations) {
    loadConfig(path, openConfigEnvironment(), { configId: 'build', test: false, includeCheck: false });
  }
}
