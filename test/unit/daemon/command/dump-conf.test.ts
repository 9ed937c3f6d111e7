import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDumpOptions } from '../../../../src/daemon/command/dump-conf.ts';
import { DEFAULT_CONFIG_FILE } from '../../../../src/daemon/command/options.ts';

function parsed(...argv: string[]) {
  const result = parseDumpOptions(argv);
  return result.ok ? [result.value.file, result.value.configId] : result.error;
}

test('options may stand alone, attached or after an equals sign', () => {
  assert.deepEqual(parsed(), [DEFAULT_CONFIG_FILE, undefined]);
  assert.deepEqual(parsed('-f', 'a.conf', '-i', 'lb1'), ['a.conf', 'lb1']);
  assert.deepEqual(parsed('-fa.conf', '--config-id=lb1', '--format=json'), ['a.conf', 'lb1']);
  assert.deepEqual(parsed('--use-file', 'a.conf', '--format', 'conf'), ['a.conf', undefined]);
});

test('a wrong call is refused with a reason', () => {
  assert.equal(parsed('-x'), 'Unknown option -x');
  assert.equal(parsed('a.conf'), 'Unknown option a.conf');
  assert.equal(parsed('-f'), 'Missing parameter for option -f');
  assert.equal(parsed('--use-file='), 'Missing parameter for option --use-file');
  assert.equal(parsed('--format', 'xml'), 'Unknown format xml');
  assert.equal(parsed('--format', 'toString'), 'Unknown format toString');
  assert.equal(parsed('valueOf', 'x'), 'Unknown option valueOf');
});

test('a long name may be cut short', () => {
  assert.deepEqual(parsed('--use=a.conf', '--conf', 'lb1'), ['a.conf', 'lb1']);
});
