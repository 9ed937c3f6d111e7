import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../support/machine.ts';

const source = (name: string): string => join(projectRoot, 'src/bin', name);
const module = (name: string, body: string): string => `"./${name}.js": (function (exports, require) {${body}})`;
const counter = module('counter', 'let n = 0; exports.next = () => ++n;');
const parts: Readonly<Record<string, string>> = {
  'main.js': module('main', "console.log(require('node:os').EOL.length, require('./a.js').n, require('./b.js').n);"),
  'a.js': `${module('a', "exports.n = require('./counter.js').next();")},\n${counter}`,
  'b.js': `${module('b', "exports.n = require('./counter.js').next();")},\n${counter}`,
};

function inDirectory(use: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'parts-'));
  try {
    for (const [name, text] of Object.entries(parts)) writeFileSync(join(directory, name), `({\n${text}\n})\n`);
    copyFileSync(source('loader.cjs'), join(directory, 'keepalived.cjs'));
    use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const run = (...words: string[]): string => spawnSync(process.execPath, words, { encoding: 'utf8' }).stdout;

test('a module that is in two parts runs once', () => {
  inDirectory((directory) => assert.equal(run(join(directory, 'keepalived.cjs')), '1 1 2\n'));
});

test('parts run the same when they are precompiled, or compiled by something else', () => {
  inDirectory((directory) => {
    run(source('precompile.cjs'), directory);
    const compiled = readdirSync(directory).filter((name) => name.endsWith(`.js.${process.version}-${process.arch}`));
    assert.equal(compiled.length, Object.keys(parts).length);
    assert.equal(run(join(directory, 'keepalived.cjs')), '1 1 2\n');
    for (const name of compiled) writeFileSync(join(directory, name), 'of another engine');
    assert.equal(run(join(directory, 'keepalived.cjs')), '1 1 2\n');
  });
});

test('what was precompiled for these options is taken, for others it is not', () => {
  inDirectory((directory) => {
    run('--max-semi-space-size=1', source('precompile.cjs'), directory);
    const rejected = `const { Script } = require('node:vm'), { readFileSync } = require('node:fs');
      const path = ${JSON.stringify(join(directory, 'a.js'))};
      const cachedData = readFileSync(path + '.' + process.version + '-' + process.arch);
      console.log(new Script(readFileSync(path, 'utf8'), { cachedData }).cachedDataRejected);`;
    assert.equal(run('--max-semi-space-size=1', '-e', rejected), 'false\n');
    assert.equal(run('--no-flush-bytecode', '-e', rejected), 'true\n');
  });
});

test('an upgrade under a running program takes none of its parts away', () => {
  inDirectory((directory) => {
    const upgrade = `require('node:fs').rmSync(${JSON.stringify(join(directory, 'b.js'))});`;
    const main = module('main', `${upgrade} console.log(require('./a.js').n, require('./b.js').n);`);
    writeFileSync(join(directory, 'main.js'), `({\n${main}\n})\n`);
    assert.equal(run(join(directory, 'keepalived.cjs')), '1 2\n');
  });
});
