import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/load.ts';
import type { Diagnostic } from '../../../src/lib/diagnostic.ts';
import { err, ok } from '../../../src/lib/result.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';
import { projectRoot } from '../../support/machine.ts';

/*
 * Configurations that people run, with what a configuration test of keepalived 2.4.3 said of each, on a machine with a
 * few interfaces and hardly any of their scripts. Statuses are equal throughout; where the words are not, it says why.
 */

const directory = join(projectRoot, 'test/vectors/corpus');
const workingDirectory = '/etc/keepalived';

interface Verdict {
  readonly status: number;
  /** `LINE: message`, or the message alone; each once, whichever of keepalived's processes said it. */
  readonly complaints: readonly string[];
}

const verdicts = JSON.parse(readFileSync(join(directory, 'verdicts.json'), 'utf8')) as Readonly<
  Record<string, Verdict>
>;

interface Difference {
  readonly reason: string;
  readonly absent?: readonly RegExp[];
  readonly added?: readonly RegExp[];
}

/** Files that are judged alike in other words. */
const differences: Readonly<Record<string, Difference>> = {
  '029.conf': {
    reason: 'lvs_id, which tutorials still have, is understood as router_id',
    absent: [/^9: Unknown keyword 'lvs_id'$/],
    added: [/^9: lvs_id is deprecated/],
  },
  '057.conf': {
    reason: 'no-break spaces are read as blanks, so the mistakes are those in the words',
    absent: [/Unknown keyword '[\u00a0}]+'$/, /Unexpected '\{'/, /^18: No script set/, /^51: Virtual server /],
    added: [/^15: Unicode blanks/, /Unknown keyword '(nat_mask|nb_get_retry)'$/, /^Disabling track script/],
  },
  '162.conf': {
    reason: 'lvs_id, which tutorials still have, is understood as router_id',
    absent: [/^16: Unknown keyword 'lvs_id'$/],
    added: [/^16: lvs_id is deprecated/],
  },
};

const interfaces = new Set(['eth0', 'eth1', 'ens160', 'ens33', 'bond0', 'enp0s3']);
const programs = new Set(['killall', 'pidof', 'ps', '/usr/bin/killall', '/usr/bin/pidof', '/bin/true']);

function judge(file: string): { status: number; complaints: Set<string> } {
  const system = fakeConfigEnvironment({
    [file]: readFileSync(join(directory, file), 'utf8'),
    '/etc/iproute2/rt_realms': '0 cosmos\n',
  });
  const usual = system.interfaceFacts('eth0');
  const environment = {
    ...system,
    interfaceFacts: (name: string) =>
      interfaces.has(name) ? usual : name === 'lo' ? system.interfaceFacts('lo') : undefined,
    user: (name: string) => (name === 'keepalived_script' ? undefined : system.user(name)),
    trackedFile: (path: string) =>
      !path.includes('/track_files/')
        ? { special: false }
        : { special: false, problem: 'realpath() error 2 (No such file or directory)' },
    findScript: (path: string) =>
      programs.has(path) ? ok({ path, writtenPath: path, insecure: false }) : err('not-found' as const),
  };
  const options = { configId: 'vm', test: true, includeCheck: false };
  const { testStatus, diagnostics } = loadConfig(file, environment, options);
  return { status: testStatus, complaints: new Set(diagnostics.filter((one) => !one.logOnly).map(worded)) };
}

function worded({ line, message }: Diagnostic): string {
  return line === undefined ? message : `${line}: ${message}`;
}

test('every file has a verdict', () => {
  const files = readdirSync(directory).filter((file) => file.endsWith('.conf'));
  assert.deepEqual(files.sort(), Object.keys(verdicts).sort());
});

for (const [file, verdict] of Object.entries(verdicts)) {
  test(file, () => {
    const { status, complaints } = judge(file);
    assert.equal(status, verdict.status);
    const known = differences[file];
    const beside = (texts: Iterable<string>, allowed: readonly RegExp[] = []) =>
      [...texts].filter((text) => !allowed.some((one) => one.test(text)));
    const expected = new Set(verdict.complaints.map((text) => text.replaceAll('$PWD', workingDirectory)));
    const absent = [...expected].filter((text) => !complaints.has(text));
    const added = [...complaints].filter((text) => !expected.has(text));
    assert.deepEqual(beside(absent, known?.absent), [], 'absent');
    assert.deepEqual(beside(added, known?.added), [], 'added');
    if (known) assert.ok(absent.length + added.length > 0, `no difference any more: ${known.reason}`);
  });
}
