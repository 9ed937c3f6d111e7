// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to macros look like this.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../src/lib/diagnostic.ts';
import { noIncludeCheck } from '../../../src/config/includes.ts';
import { expandBraces } from '../../../src/lib/glob.ts';
import { preprocess } from '../../../src/config/preprocess.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';

function lines(text: string, files: Readonly<Record<string, string>> = {}, includeCheck = false) {
  const diagnostics: Diagnostic[] = [];
  const outcome = { filesRead: 0, includeFailed: false, plainIncludes: noIncludeCheck };
  const environment = fakeConfigEnvironment({ 'main.conf': text, ...files });
  const options = { configId: 'lb1', includeCheck };
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
  const found = [...preprocess('main.conf', environment, options, report, outcome)];
  return {
    texts: found.map((line) => line.text.trim()),
    places: found.map((line) => `${line.file}:${line.line}`),
    complaints: diagnostics.map((diagnostic) => diagnostic.message),
    outcome,
  };
}

const texts = (text: string) => lines(text).texts;

test('comments end lines, even within a word, but not within double quotes', () => {
  assert.deepEqual(texts('a # b\nw#x\n"x # y" z ! w\n\\#c \\!d\n\'a # b\'\n#\n'), [
    'a',
    'w',
    '"x # y" z',
    '#c !d',
    "'a",
  ]);
});

test('conditions compare the configuration identity', () => {
  assert.deepEqual(texts('@lb1 a\n@lb2 b\n@^lb1 c\n@^lb2 d\n@lb1\n@lb1 $A=5\nx$A { @lb2 no\ny ${A}'), [
    'a',
    'd',
    'x5 {',
    'y 5',
  ]);
});

test('macros are replaced where they may stand', () => {
  assert.deepEqual(texts('$A=1\n$B=${A}2\n$A $B,$A)\n$A.x "$A" $A/24 ${A}x $C ${C}'), [
    '1 12,1)',
    '$A.x "$A" $A/24 1x $C ${C}',
  ]);
  assert.deepEqual(texts('$A = 1'), ['$A = 1']);
  assert.deepEqual(texts('$A=${_HASH}x\ny $A'), ['y']);
});

test('a macro of several lines unfolds only at the end of a line', () => {
  assert.deepEqual(texts('$L=one \\\n  two three \\\n\n$L\npre $L\nx $L y'), [
    'one',
    'two three',
    'pre one',
    'two three',
    'x $L y',
  ]);
});

test('built-in macros', () => {
  assert.deepEqual(texts('${_PWD} ${_INSTANCE} ${_ENV ROLE}${_ENV NOTHING} ${_RANDOM} ${_RANDOM 10 13}'), [
    '/etc/keepalived lb1 primary 8192 11',
  ]);
});

test('a macro that stands for itself is refused, not followed', () => {
  const { texts: found, complaints } = lines('$A=$A\n$B=x$C\n$C=y$B\n$A\n$B\nok');
  assert.deepEqual(found, ['ok']);
  assert.equal(complaints.length, 2);
});

test('sequences count in every notation', () => {
  assert.deepEqual(texts('~SEQ(N, 3) a $N'), ['a 1', 'a 2', 'a 3']);
  assert.deepEqual(texts('~SEQ(N, 0) ${N}'), ['1', '0']);
  assert.deepEqual(texts('~SEQ(N, 10, -4, 1) ${N}'), ['10', '6', '2']);
  assert.deepEqual(texts('~SEQx(N, 0x0e, 020) ${N}'), ['e', 'f', '10']);
  assert.deepEqual(texts('$E=2\n~SEQ(N, $E) ~SEQ(M, ${N}, 2) ${N}${M}'), ['11', '12', '22']);
});

test('lists bind one or several names', () => {
  assert.deepEqual(texts('~LST(V, a, b) x ${V}'), ['x a', 'x b']);
  assert.deepEqual(texts('~LST({A, B}, {1, 2}, {3}) ${A}-${B}'), ['1-2', '3-']);
});

test('bad repetitions are reported and dropped', () => {
  for (const line of ['~SEQ bad', '~SEQ(N, 1, 0, 3) x', '~SEQ(N, 1, 1, 2, 3) x', '~LST(A) x', '~LST(A, {1,2}) x']) {
    const { texts: found, complaints } = lines(line);
    assert.deepEqual(found, [], line);
    assert.match(complaints.at(-1) ?? '', /^Invalid ~(SEQ|LST) specification/, line);
  }
});

test('includes are found beside the file that names them, and lines know their file', () => {
  const { texts: found, places } = lines('a\ninclude sub/*.conf\n b { include sub/one.conf\nc', {
    'sub/one.conf': 'one\ninclude two.txt\n',
    'sub/two.txt': '@lb1 two\n',
  });
  assert.deepEqual(found, ['a', 'one', 'two', 'b {', 'one', 'two', 'c']);
  assert.deepEqual(places.slice(0, 3), ['main.conf:1', 'sub/one.conf:1', 'two.txt:1']);
});

test('what counts about an include is said by its letter', () => {
  assert.equal(lines('include none.conf').outcome.includeFailed, false);
  assert.deepEqual(lines('include none.conf').complaints, ["Config files missing 'none.conf'."]);
  assert.equal(lines('includer none.conf').outcome.includeFailed, false);
  assert.equal(lines('includem none.conf').outcome.includeFailed, true);
  assert.equal(lines('includem *.none').outcome.includeFailed, false);
  assert.equal(lines('includew *.none').outcome.includeFailed, true);
  assert.equal(lines('includea *.none').outcome.includeFailed, true);
  assert.equal(lines('includeb {main,none}.conf').outcome.includeFailed, true);
});

test('with -e no letter makes an include count for less, and nothing is read of one that counts', () => {
  for (const line of ['include none.conf', 'includer *.none', 'includem {one,none}.conf']) {
    const { texts, outcome } = lines(`${line}\nb`, { 'one.conf': 'one' }, true);
    assert.deepEqual([texts, outcome.includeFailed], [['b'], true], line);
  }
  assert.deepEqual(lines('includem {one,none}.conf', { 'one.conf': 'one' }).texts, ['one']);
});

test('what is wrong with a sequence is said', () => {
  const why = (line: string) => lines(line).complaints[0]?.replace(` '${line}'`, '');
  assert.equal(why('~SEQ(N, x) a'), 'Invalid ~SEQ definition');
  assert.equal(why('~SEQ(N, 1, 2, 3, 4) a'), 'Invalid ~SEQ definition');
  assert.equal(why('~SEQ(N, 2 a'), '~SEQ parameter strings too long');
  assert.equal(why('~SEQx(N, -1) a'), '~SEQx is only valid for positive numbers');
  assert.equal(why('~SEQ(N, 1, 0, 3) a'), 'Invalid ~SEQ values');
});

test('a file that includes itself is read once', () => {
  const { texts: found, complaints } = lines('a\ninclude ./main.conf\ninclude *.conf\nb');
  assert.deepEqual(found, ['a', 'b']);
  assert.equal(complaints.length, 2);
});

test('alternatives in braces', () => {
  assert.deepEqual(expandBraces('a{b,c{d,e}}f'), ['abf', 'acdf', 'acef']);
  assert.deepEqual(expandBraces('a{b'), ['a{b']);
});

test('line ends, byte order marks and last lines without an end', () => {
  assert.deepEqual(texts('\ufeffa\r\n\r\nb\r\r\nc'), ['a', 'b', 'c']);
});

test('a line with a NUL is dropped, and all of an over-long one but its end', () => {
  const { texts: found, complaints, places } = lines(`a\0b\n${'x'.repeat(1500)}\n${'y'.repeat(1022)}\nc`);
  assert.deepEqual(
    found.map((text) => text.length),
    [477, 1022, 1],
  );
  assert.deepEqual(places, ['main.conf:3', 'main.conf:4', 'main.conf:5']);
  assert.equal(complaints.length, 2);
  assert.equal(lines('x'.repeat(1_000_000)).complaints.length, 977);
});

test('typographic quotes are mentioned once a file, and not in comments', () => {
  const { complaints } = lines('notify \u201c/bin/x\u201d\nb \u2019\n');
  assert.equal(complaints.length, 1);
  assert.match(complaints[0] as string, /Typographic quotes such as \u201c/);
  assert.deepEqual(lines('a # it\u2019s\n').complaints, []);
});

test('foreign blanks are spaces outside quotes, with one warning a file', () => {
  const { texts: found, complaints } = lines('\u00a0a\u3000b # \u00a0\n\u00a0c "d\u00a0e"\n');
  assert.deepEqual(found, ['a b', 'c "d\u00a0e"']);
  assert.equal(complaints.length, 1);
  assert.deepEqual(lines('a # \u00a0\n').complaints, []);
});

test('an empty value of a list is a value', () => {
  assert.deepEqual(texts('~LST(A,a,,b) x${A}y\n~LST(A,) z${A}\n'), ['xay', 'xy', 'xby', 'z']);
  assert.deepEqual(texts('~LST({A,B},{a,},{,b}) ${A}-${B}\n'), ['a-', '-b']);
});

test('alternatives of which none is there are missing alternatives, and nothing else', () => {
  assert.equal(lines('includeb {a,b}\n').outcome.includeFailed, true);
  assert.equal(lines('includew {a,b}\n').outcome.includeFailed, false);
  assert.deepEqual(lines('include {a,b*}\n').complaints, ["Config files missing '{a,b*}'."]);
  assert.deepEqual(lines('include {main.conf,b}\n').complaints[0], 'Some config files missing: "{main.conf,b}".');
});

test("wildcards without a match are nobody's business unless asked for", () => {
  assert.deepEqual(lines('include *.none').complaints, []);
  assert.deepEqual(lines('include none.d/*.conf').complaints, ["Config files missing 'none.d/*.conf'."]);
  assert.deepEqual(lines('includew *.none').complaints, ["No config files matched '*.none'."]);
  assert.deepEqual(lines('includea {main.conf,b*}').outcome.includeFailed, false);
});

test('nothing is read when one of the main files may not be', () => {
  const diagnostics: Diagnostic[] = [];
  const outcome = { filesRead: 0, includeFailed: false, plainIncludes: noIncludeCheck };
  const environment = fakeConfigEnvironment({ 'a.conf': 'a' });
  const unfit = {
    ...environment,
    glob: () => ['/etc/keepalived/a.conf', '/etc/keepalived/d.conf'],
    readFile: (path: string) =>
      path.endsWith('d.conf') ? ({ ok: false, error: 'directory' } as const) : ({ ok: true, value: 'a' } as const),
  };
  for (const includeCheck of [false, true]) {
    const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
    const found = [...preprocess('/etc/keepalived/*.conf', unfit, { configId: '', includeCheck }, report, outcome)];
    assert.deepEqual(found, []);
  }
  assert.deepEqual(
    diagnostics.map(({ class: gravity, message }) => [gravity, message]),
    [
      ['ok', "Configuration file '/etc/keepalived/d.conf/' is a directory - skipping"],
      ['file-not-found', "Configuration file '/etc/keepalived/d.conf/' is a directory - skipping"],
    ],
  );
});
