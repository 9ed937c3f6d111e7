'use strict';
// The way in. The program is in parts, one file for all that a process or a command needs from some moment on; a part is a
// script whose value is its modules by name. A module runs once in a process, in however many parts it is.
const { closeSync, openSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** What a module exports, or Node's own of that name; `definitionOf` finds the module, `filename` is where it says it is. */
function runner(definitionOf, filename) {
  const running = new Map();
  return function use(name) {
    if (!name.startsWith('./')) return require(name);
    let module = running.get(name);
    if (module === undefined) {
      const definition = definitionOf(name);
      module = { exports: {} };
      running.set(name, module);
      definition(module.exports, use, module, filename);
    }
    return module.exports;
  };
}

const definitions = new Map();

/** What is not known yet begins a part that has not been read. */
function definitionOf(name) {
  if (!definitions.has(name)) readPart(name);
  return definitions.get(name);
}

const held = new Map();

/** Keeps all parts open: a daemon goes on with its own when an upgrade has put others in their place. */
function holdParts() {
  for (const name of readdirSync(__dirname))
    if (name.endsWith('.js')) held.set(`./${name}`, openSync(join(__dirname, name), 'r'));
}

function textOf(name) {
  const descriptor = held.get(name);
  const text = readFileSync(descriptor ?? join(__dirname, name), 'utf8');
  if (descriptor !== undefined) closeSync(descriptor);
  held.delete(name);
  return text;
}

function readPart(name) {
  const filename = join(__dirname, name);
  const script = new Script(textOf(name), { filename, cachedData: compiled(filename) });
  for (const [one, definition] of Object.entries(script.runInThisContext())) definitions.set(one, definition);
}

/** The part as compiled by precompile.cjs for such a Node. Undefined, or what the engine refuses, only costs time. */
function compiled(filename) {
  try {
    return readFileSync(`${filename}.${process.version}-${process.arch}`);
  } catch {
    return undefined;
  }
}

module.exports = { runner };
if (require.main === module) {
  holdParts();
  runner(definitionOf, __filename)('./main.js');
}
