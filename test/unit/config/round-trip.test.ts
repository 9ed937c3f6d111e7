import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { printConf } from '../../../src/config/print-conf.ts';
import { hasTwins } from '../../support/config-fuzz.ts';
import { projectRoot } from '../../support/machine.ts';
import { complaints, load } from './loading.ts';
import { configurationText, damagedText } from './random-text.ts';
import { asPrinted } from '../../support/as-printed.ts';

test('any configuration printed as keepalived.conf reads back to the same', () => {
  let usable = 0;
  fc.assert(
    fc.property(configurationText, (text) => {
      const { config } = load(text);
      if (!config || hasTwins(config)) return;
      usable++;
      const printed = printConf(config);
      assert.deepEqual(asPrinted(load(printed).config), asPrinted(config), printed);
    }),
  );
  assert.ok(usable > 10, `only ${usable} configurations were usable`);
});

test('damaged text always ends in a verdict', () => {
  fc.assert(
    fc.property(damagedText, (text) => {
      const { testStatus, startStatus } = load(text);
      assert.ok([0, 2, 4, 5, 6].includes(testStatus));
      assert.ok([0, 2, 6].includes(startStatus));
    }),
  );
});

test('any text at all ends in a verdict', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void load(text)));
});

const examples = ['examples', 'examples/tutorials'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith('.conf'))
    .map((file) => join(folder, file)),
);

for (const file of examples) {
  test(`${file} can be used, and reads back from its own print`, () => {
    const loaded = load(readFileSync(join(projectRoot, file), 'utf8'));
    assert.ok(loaded.config, complaints(loaded).join('\n'));
    assert.deepEqual(asPrinted(load(printConf(loaded.config)).config), asPrinted(loaded.config));
  });
}
