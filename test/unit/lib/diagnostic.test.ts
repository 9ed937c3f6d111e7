import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfigClass, configClasses, testExitStatus } from '../../../src/lib/diagnostic.ts';

const statusOf = (...classes: ConfigClass[]) => testExitStatus(classes.map((one) => ({ class: one, message: '' })));

test('the exit status follows from the gravest class', () => {
  const four: readonly ConfigClass[] = ['file-not-found', 'bad-interface', 'fatal'];
  for (const one of configClasses) {
    const expected = one === 'ok' ? 0 : four.includes(one) ? 4 : one === 'security-error' ? 6 : 5;
    assert.equal(statusOf(one), expected, one);
    assert.equal(statusOf('ok', one, 'ok'), expected, one);
  }
  assert.equal(statusOf(), 0);
  assert.equal(statusOf('warning', 'fatal'), 5, 'a mere warning hides a fatal error');
  assert.equal(statusOf('deprecated', 'security-error', 'fatal'), 6);
});

test('what only the log says does not count', () => {
  assert.equal(testExitStatus([{ class: 'fatal', message: '', logOnly: true }]), 0);
  assert.equal(
    testExitStatus([
      { class: 'security-error', message: '', logOnly: true },
      { class: 'fatal', message: '' },
    ]),
    4,
  );
});
