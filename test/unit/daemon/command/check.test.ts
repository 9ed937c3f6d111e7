import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCheckOptions } from '../../../../src/daemon/command/check.ts';

function parsed(...argv: string[]): unknown {
  const result = parseCheckOptions(argv);
  return result.ok ? result.value : result.error;
}

test('files and options in any order', () => {
  const plain = { files: ['a.conf'], portable: false, strict: false, format: 'text' };
  assert.deepEqual(parsed('a.conf'), plain);
  assert.deepEqual(parsed('--portable', 'a.conf', '--strict', 'b.conf'), {
    ...plain,
    files: ['a.conf', 'b.conf'],
    portable: true,
    strict: true,
  });
  assert.deepEqual(parsed('-i', 'lb1', '--format=sarif', 'a.conf'), { ...plain, configId: 'lb1', format: 'sarif' });
});

test('a wrong call is refused with a reason', () => {
  assert.equal(parsed(), 'Name at least one file to check');
  assert.equal(parsed('--strict=no', 'a.conf'), 'Unknown option --strict=no');
  assert.equal(parsed('a.conf', '--config-id'), 'Missing parameter for option --config-id');
  assert.equal(parsed('a.conf', '--format', 'toString'), 'Unknown format toString');
});
