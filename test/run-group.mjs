// run-group.mjs GROUP CONCURRENCY RETRIES REPORT: runs the compiled test files of a group and writes "passed failed skipped"
// to REPORT. Files with failures are run again, one after the other, as often as RETRIES says: tests that time real daemons may
// lose to a busy machine once, not twice. What needed that is named at the end.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const [group, concurrency, retries, report] = process.argv.slice(2);
const sources = readdirSync(join('test', group), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .sort();
if (sources.length === 0) throw new Error(`no tests in test/${group}`);
const files = sources.map((name) => join(process.cwd(), 'dist/test', group, name.replace(/\.ts$/, '.js')));

/** Milliseconds for one file, far more than any takes: one that hangs fails, and ends. */
const FILE_TIMEOUT = 1_800_000;

/** Passed, failed and skipped tests of each file. */
const results = new Map();
const again = [];
await play(files, Number(concurrency));
for (let attempt = 0; attempt < Number(retries); attempt++) {
  const failed = [...results].filter(([, { fail }]) => fail > 0).map(([file]) => file);
  if (failed.length === 0) break;
  again.push(...failed);
  console.log(`\nrunning ${failed.length} files with failures again, one after the other`);
  await play(failed, 1);
}

const total = (kind) => [...results.values()].reduce((sum, counts) => sum + counts[kind], 0);
for (const file of new Set(again)) console.log(`ran again: ${file} (${results.get(file).fail} failures left)`);
writeFileSync(report, `${total('pass')} ${total('fail')} ${total('skip')}\n`);
process.exitCode = total('fail') === 0 ? 0 : 1;

async function play(chosen, atOnce) {
  for (const file of chosen) results.set(file, { pass: 0, fail: 0, skip: 0 });
  const stream = run({ files: chosen, concurrency: atOnce, timeout: FILE_TIMEOUT });
  const count = (kind) => (event) => {
    // A suite fails by its tests, which are counted, or by a hook of its own.
    if (event.details?.type === 'suite' && event.details.error?.failureType !== 'hookFailed') return;
    const counts = results.get(event.file) ?? results.get(chosen.find((file) => file === event.name));
    if (!counts) return;
    if (kind === 'pass' && event.skip !== undefined) counts.skip++;
    else counts[kind]++;
  };
  stream.on('test:pass', count('pass'));
  stream.on('test:fail', count('fail'));
  for await (const text of stream.compose(spec)) process.stdout.write(text);
}
