import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { printConf } from '../../../src/config/print-conf.ts';
import { dumpCheckers, dumpGlobal, dumpVrrp } from '../../../src/report/dump.ts';
import { printDiagnostic } from '../../../src/report/diagnostics.ts';
import { projectRoot } from '../../support/machine.ts';
import { load } from './loading.ts';
import { asPrinted } from '../../support/as-printed.ts';

/*
 * Each x.conf has beside it x.errors, what a configuration test says of it with the exit status at the end, and x.dump,
 * the configuration in force. UPDATE=1 rewrites both: read the difference, commit only what you understand.
 */

const directory = join(projectRoot, 'test/vectors/config');
const names = readdirSync(directory)
  .filter((file) => file.endsWith('.conf'))
  .map((file) => file.slice(0, -'.conf'.length));

test('there are vectors', () => assert.ok(names.length > 10));

for (const name of names) {
  test(name, () => {
    const loaded = load(readFileSync(join(directory, `${name}.conf`), 'utf8'));
    const errors = [
      ...loaded.diagnostics.map((one) => `${one.logOnly ? 'log: ' : ''}${printDiagnostic(one)}`),
      `-t exit ${loaded.testStatus}, start exit ${loaded.startStatus}`,
    ];
    compare(`${name}.errors`, errors);
    const { config } = loaded;
    if (!config) return;
    const dump = [...dumpGlobal(config, 'parent'), ...dumpVrrp(config), ...dumpCheckers(config)];
    compare(`${name}.dump`, dump);
    const again = load(printConf(config));
    assert.deepEqual(asPrinted(again.config), asPrinted(config));
  });
}

function compare(file: string, lines: readonly string[]): void {
  const path = join(directory, file);
  const text = `${lines.join('\n')}\n`;
  if (process.env.UPDATE) writeFileSync(path, text);
  assert.ok(existsSync(path), `${file} is missing; UPDATE=1 writes it`);
  assert.equal(text, readFileSync(path, 'utf8'));
}
