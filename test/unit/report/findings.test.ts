import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlaceIndex } from '../../../src/config/places.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { type Finding, findingsOf } from '../../../src/report/findings.ts';
import { printFindingsJson, printSarif } from '../../../src/report/findings-sarif.ts';
import { printCount, printFindings } from '../../../src/report/findings-text.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';

const file = '/etc/keepalived/keepalived.conf';

function findingsIn(text: string): readonly Finding[] {
  const places = new PlaceIndex();
  const environment = fakeConfigEnvironment({ 'keepalived.conf': text });
  const { diagnostics } = loadConfig(file, environment, { configId: 'a', test: true, includeCheck: true, places });
  return findingsOf(diagnostics, places);
}

const instance = (...lines: readonly string[]): string =>
  [
    'vrrp_instance VI_1 {',
    '    interface eth0',
    '    virtual_router_id 51',
    ...lines.map((line) => `    ${line}`),
    '}',
  ].join('\n');

test('a misspelt block is one mistake, with what was probably meant', () => {
  const findings = findingsIn(
    instance('virtual_ipadress {', '    10.0.0.1', '}', 'virtual_ipaddress {', '10.0.0.2', '}'),
  );
  assert.equal(findings.length, 1);
  const [finding] = findings;
  assert.equal(finding?.severity, 'error');
  assert.deepEqual([finding?.line, finding?.column, finding?.length], [4, 5, 16]);
  assert.equal(finding?.hint, "did you mean 'virtual_ipaddress'?");
  assert.match(finding?.documentation ?? '', /^virtual_ipaddress: /);
});

test('a brace that is missing at the end is told where its block begins', () => {
  const [finding] = findingsIn(`global_defs {\n}\n${instance('virtual_ipaddress {', '10.0.0.2').replace(/\}$/, '')}`);
  assert.deepEqual([finding?.severity, finding?.line, finding?.column], ['error', 3, 1]);
  assert.match(finding?.expected ?? '', /for this block/);
});

test('a keyword of another block is told where it belongs', () => {
  const [finding] = findingsIn(instance('virtual_ipaddress {', '10.0.0.2', '}', 'lb_algo rr'));
  assert.equal(finding?.hint, 'it belongs in virtual_server');
});

test('a refused number is said once, by the keyword', () => {
  const findings = findingsIn(instance('virtual_ipaddress {', '10.0.0.2', '}', 'priority 300'));
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.message ?? '', /Priority not valid/);
});

test('a check made after reading points at the keyword it names', () => {
  const text = instance('state MASTER', 'nopreempt', 'virtual_ipaddress {', '10.0.0.2', '}');
  const [finding] = findingsIn(text);
  assert.match(finding?.message ?? '', /nopreempt/);
  assert.equal(finding?.line, 5);
});

test('the line is shown with a caret under the word, whatever blanks stand before it', () => {
  const [finding] = findingsIn(
    `vrrp_instance VI_1 {\n\tinterface eth0\n\tvirtual_router_id 51\n\tpriorty\t100\n\tvirtual_ipaddress { 10.0.0.2 }\n}`,
  );
  assert.ok(finding);
  const lines = printFindings([finding], (_, line) => (line === 4 ? '\tpriorty\t100' : undefined));
  assert.deepEqual(lines.slice(0, 3), [
    `${file}:4:2: error: Unknown keyword 'priorty'`,
    ' 4 |  priorty 100',
    '   |  ^^^^^^^',
  ]);
});

test('a very long line is cut around the word', () => {
  const text = `${'x'.repeat(5000)} bad`;
  const finding: Finding = { severity: 'error', rule: 'r', message: 'm', file, line: 1, column: 5002, length: 3 };
  const [, shown, caret] = printFindings([finding], () => text);
  assert.ok((shown?.length ?? 0) < 120);
  assert.equal(shown?.slice((caret ?? '').indexOf('^'), (caret ?? '').indexOf('^') + 3), 'bad');
});

test('what machines read agrees with what people read', () => {
  const findings = findingsIn(
    instance('priorty 100', 'nopreempt', 'state MASTER', 'virtual_ipaddress {', '10.0.0.2', '}'),
  );
  const json = JSON.parse(printFindingsJson(findings, [])) as { errors: number; warnings: number; findings: unknown[] };
  assert.equal(
    printCount(findings),
    `${json.errors} error, ${json.warnings} warnings and 0 pieces of advice`.replace('1 warnings', '1 warning'),
  );
  assert.equal(json.findings.length, findings.length);
  const sarif = JSON.parse(printSarif(findings, '1.0.0')) as {
    version: string;
    runs: { results: { ruleId: string; level: string; locations: { physicalLocation: { region: object } }[] }[] }[];
  };
  assert.equal(sarif.version, '2.1.0');
  const result = sarif.runs[0]?.results.find(({ ruleId }) => ruleId === 'unknown-keyword');
  assert.equal(result?.level, 'error');
  assert.deepEqual(result?.locations[0]?.physicalLocation.region, { startLine: 4, startColumn: 5, endColumn: 12 });
});

test('a mistake in an expansion names the place of use and that of the definition', () => {
  const [single] = findingsIn('$PRIORITY=900\n\nvrrp_instance VI_1 {\npriority $PRIORITY\n}\n');
  assert.equal(single?.line, 4);
  assert.deepEqual(single?.related, [{ message: 'in the value of $PRIORITY, defined', file, line: 1 }]);
  const text = '$BLOCK= \\\nvrrp_script $NAME { \\\n  scirpt /bin/true \\\n}\n$NAME=a\n$BLOCK\n';
  const typing = findingsIn(text).find(({ rule }) => rule === 'unknown-keyword');
  assert.equal(typing?.line, 6);
  assert.deepEqual(typing?.related, [{ message: 'in the value of $BLOCK, defined', file, line: 3 }]);
  assert.match(
    printFindings([typing as Finding], () => '$BLOCK').join('\n'),
    /= in the value of \$BLOCK, defined at .*:3/,
  );
});

test('a file name with blanks is a proper address in SARIF', () => {
  const finding: Finding = { severity: 'error', rule: 'fatal', message: 'x', file: 'lb one.conf', line: 1 };
  assert.match(printSarif([finding], '1.0.0'), /"uri": "lb%20one\.conf"/);
});
