import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/machine.ts';
import { filesUnder } from './files.ts';
import { breaches } from './imports.ts';

const sources = (root: string) => filesUnder(root, ['src', 'grammar'], /\.ts$/);

test('every room imports only what the table allows', () => {
  assert.deepEqual(breaches(projectRoot, sources(projectRoot)), []);
});

/** Each pair is one file with one import, and what the check says about it. */
const planted: readonly (readonly [file: string, source: string, expected: RegExp])[] = [
  ['src/vrrp/a.ts', "import { plan } from '../ipvs/plan.ts';", /vrrp may not import ipvs/],
  ['src/ipvs/a.ts', "import type { State } from '../vrrp/state.ts';", /ipvs may not import vrrp/],
  ['src/ipvs/deep/a.ts', "import { x } from '../../vrrp/deep/state.ts';", /ipvs may not import vrrp/],
  ['src/lib/a.ts', "import { readFileSync } from 'node:fs';", /lib may not import node:fs/],
  ['src/config/a.ts', "const fs = await import('node:fs');", /config may not import node:fs/],
  ['src/config/a.ts', "type Stats = typeof import('node:fs');", /config may not import node:fs/],
  ['src/config/a.ts', "export { x } from '../os/files.ts';", /config may not import os/],
  ['src/config/a.ts', "export * from '../os/files.ts';", /config may not import os/],
  ['src/netlink/a.ts', "import '../os/native.ts';", /netlink may not import os/],
  ['src/netlink/a.ts', "const x = require('../os/native.ts');", /netlink may not import os/],
  ['src/rtnetlink/a.ts', "import {\n  one,\n  two,\n} from '../config/load.ts';", /only types from config/],
  ['src/vrrp/a.ts', "import { type Config, defaults } from '../config/types.ts';", /only types from config/],
  ['src/os/a.ts', "import { start } from '../daemon/parent.ts';", /os may not import daemon/],
  ['src/daemon/a.ts', "import { spawn } from 'node:child_process';", /daemon may not import node:child_process/],
  ['src/checkers/a.ts', "import winston from 'winston';", /may not import the package winston/],
  ['grammar/a.ts', "import { load } from '../src/config/load.ts';", /grammar may not import config/],
  ['src/lib/a.ts', "import { x } from './other.js';", /no \.ts extension/],
  ['src/extras/a.ts', "import { x } from '../lib/x.ts';", /extras is not a room/],
];

for (const [file, source, expected] of planted) {
  test(`a planted breach is caught: ${file}, ${source.replace(/\s+/g, ' ')}`, () => {
    const found = inTree({ [file]: source }, (root) => breaches(root, sources(root)));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0]!, expected);
  });
}

test('what the table allows is not a breach', () => {
  const tree = {
    'src/vrrp/a.ts':
      "import type { Config } from '../config/types.ts';\nimport { type B } from '../config/b.ts';\nimport { c } from './c.ts';",
    'src/lib/a.ts': "// import { x } from '../vrrp/x.ts';\n/* import '../os/x.ts' */\nexport const from = 1;",
    'src/os/a.ts': "import { spawn } from 'node:child_process';\nimport type { Clock } from '../ports/timer.ts';",
    'src/daemon/a.ts': "import { open } from '../os/a.ts';\nconst later = import('../vrrp/a.ts');",
    'src/main.ts': "import { parent } from './daemon/parent.ts';",
    'grammar/a.ts': "import { Lexer } from 'chevrotain';\nimport { ok } from '../src/lib/result.ts';",
  };
  assert.deepEqual(
    inTree(tree, (root) => breaches(root, sources(root))),
    [],
  );
});

test('a tree without files is not a tree without breaches', () => {
  assert.throws(() => inTree({}, (root) => breaches(root, sources(root))), /no source files/);
});

function inTree<T>(files: Readonly<Record<string, string>>, work: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
