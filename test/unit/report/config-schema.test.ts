import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { printConfigJson } from '../../../src/report/config-json.ts';
import { projectRoot } from '../../support/machine.ts';
import { load } from '../config/loading.ts';

const schema = JSON.parse(readFileSync(`${projectRoot}/docs/config.schema.json`, 'utf8')) as object;

test('docs/config.schema.json is what the types say', () => {
  execFileSync(process.execPath, ['src/bin/schema.mjs', '--check'], { cwd: projectRoot });
});

test('the JSON of every configuration keeps to the schema', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  const directories = ['examples', 'test/vectors/config', 'test/vectors/corpus'];
  let checked = 0;
  for (const directory of directories) {
    for (const name of readdirSync(`${projectRoot}/${directory}`)) {
      if (!name.endsWith('.conf')) continue;
      const { config } = load(readFileSync(`${projectRoot}/${directory}/${name}`, 'utf8'));
      if (!config) continue;
      validate(JSON.parse(printConfigJson(config)));
      assert.deepEqual(validate.errors ?? [], [], `${directory}/${name}`);
      checked++;
    }
  }
  assert.ok(checked > 20, `${checked} configurations`);
});
