import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printConfigJson } from '../../../src/report/config-json.ts';
import { config } from './examples.ts';

test('JSON holds the configuration, but no password', () => {
  const text = printConfigJson(config);
  assert.doesNotMatch(text, /s3cr3t/);
  const read: unknown = JSON.parse(text.replace('********', 's3cr3t'));
  assert.deepEqual(read, config);
});
