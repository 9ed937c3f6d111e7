import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing, reference } from '../support/machine.ts';
import { type Ending, Sandbox } from './daemon.ts';

const skip = missing(['root', 'namespaces', `program ${reference}`]);

const CLEAN = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.99.0.7
  }
}
`;

/** Words whose answer must be keepalived's own: status and both outputs. */
const SAME: readonly (readonly string[])[] = [
  ['-t', '-f', 'clean.conf'],
  ['-t', '-f', 'missing.conf'],
  ['-t', '-e', '-f', 'missing.conf'],
  ['-t', '-f', 'clean.conf', '-Z'],
  ['-Z', '-Q'],
  ['--foo', '-t'],
  ['--dont'],
  ['--vr'],
  ['--dump-conf=x'],
  ['-p'],
  ['--pid=', '-t'],
  ['-t', '-f', 'clean.conf', 'a', 'b'],
  ['-S', '9', '-t', '-f', 'clean.conf'],
  ['-S', 'local7', '-t', '-f', 'clean.conf'],
  ['-S', '7', '-t', '-f', 'clean.conf'],
  ['-S', 'daemon', '-t', '-f', 'clean.conf'],
  ['-u', '022', '-t', '-f', 'clean.conf'],
  ['--signum=STOP'],
  ['--signum=RELOAD'],
  ['--signum=DATA'],
  ['--signum=STATS'],
  ['--signum=STATS_CLEAR'],
  ['--signum=JSON'],
  ['--signum', 'stats'],
  ['--signum='],
  ['--config-test=none/x', '-f', 'clean.conf'],
  ['-n', '-f', 'missing.conf'],
  ['-f', 'missing.conf'],
  ['-l', '-f', 'missing.conf'],
  ['-n', '-s', 'nosuch', '-f', 'clean.conf'],
  ['--debug', '-t', '-f', 'clean.conf'],
  ['--perf', '-t', '-f', 'clean.conf'],
  ['--config-fd=3', '-t', '-f', 'clean.conf'],
  ['-x', '-t', '-f', 'clean.conf'],
  ['--snmp', '-t', '-f', 'clean.conf'],
  ['-A', '/tmp/x', '-t', '-f', 'clean.conf'],
  ['-M', '-t', '-f', 'clean.conf'],
  ['-Mfoo', '-t', '-f', 'clean.conf'],
  ['--core-dump-pattern=foo', '-t', '-f', 'clean.conf'],
  ['-m', '-t', '-f', 'clean.conf'],
  ['-u', '0x1f', '-t', '-f', 'clean.conf'],
  ['-u', '', '-t', '-f', 'clean.conf'],
  ['-S', 'local8', '-t', '-f', 'clean.conf'],
  ['-S', 'user', '-t', '-f', 'clean.conf'],
  ['-S', '01', '-t', '-f', 'clean.conf'],
  ['-S', '8', '-t', '-f', 'clean.conf'],
  ['-S', 'local', '-t', '-f', 'clean.conf'],
  ['-S', 'DAEMON', '-t', '-f', 'clean.conf'],
  ['--signum=TDUMP'],
  ['--signum=FOO'],
  ['--sig=STOP'],
  ['--all', '-t', '-f', 'clean.conf'],
  ['-P', '-C', '-B', '-t', '-f', 'clean.conf'],
  ['-i', 'foo', '-t', '-f', 'clean.conf'],
  ['-t', '-t', '-f', 'clean.conf'],
  ['-tfoo/bar', '-f', 'clean.conf'],
  ['--config-test=', '-f', 'clean.conf'],
  ['--use-file=', '-t'],
  ['-t', '-f', '/tmp'],
  ['-t', '-f', 'clean.conf', '--', '-Z'],
  ['-lnDt', '-f', 'clean.conf'],
  ['-Dt', '-fclean.conf'],
  ['-fclean.conf', '-t', '-S', '3'],
  ['--vrrp=1', '-t', '-f', 'clean.conf'],
  ['-XVI', '-t', '-f', 'clean.conf'],
  ['--dont-respawn', '--dont-fork', '--dump-conf', '-t', '-f', 'clean.conf'],
  ['-', '-t', '-f', 'clean.conf'],
  ['-t', '-f', 'c*.conf'],
  ['--foo=bar'],
  ['-1'],
];

describe('the command line beside keepalived', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox('words');
    sandbox.write('clean.conf', CLEAN);
  });
  after(() => sandbox.close());

  const both = (words: readonly string[]): [Ending, Ending] => {
    const all = [...words, ...sandbox.pidOptions];
    return [sandbox.finish(evenkeel, ...beforeRest(words, all)), sandbox.finish(reference, ...beforeRest(words, all))];
  };

  for (const words of SAME) {
    it(`keepalived ${words.join(' ')}`, () => {
      const [ours, theirs] = both(words);
      assert.deepEqual(ours, theirs);
    });
  }

  it('appends the report of a configuration test to a file', () => {
    sandbox.write('broken.conf', 'vrrp_instance VI_1 {\n  interface eth0\n  no_such_word\n}\n');
    const report = sandbox.path('report');
    for (const program of [evenkeel, evenkeel]) {
      assert.equal(sandbox.finish(program, `-t${report}`, '-f', 'broken.conf').status, 5);
    }
    assert.equal(readFileSync(report, 'utf8').match(/Unknown keyword 'no_such_word'/g)?.length, 2);
  });

  it('says its version, its headers and its abilities where exporters look for them', () => {
    const [ours, theirs] = [sandbox.finish(evenkeel, '-v'), sandbox.finish(reference, '-v')];
    assert.deepEqual([ours.status, ours.stdout], [0, '']);
    assert.match(ours.stderr.split('\n')[0] ?? '', /^Keepalived v(\d+\.\d+\.\d+) \((\d+\/\d+),(\d+)\)$/);
    assert.match(ours.stderr, /^configure options: .*--enable-json\b/m);
    const beginnings = ({ stderr }: Ending): string[] =>
      stderr
        .split('\n')
        .flatMap((line) => /^(Built with kernel headers for|Running on|Distro:|\w+ options:)/.exec(line) ?? []);
    assert.deepEqual(beginnings(ours), beginnings(theirs));
  });

  it('is genhash with -T, whatever came before', () => {
    for (const words of [['-T'], ['-T', '-v'], ['--genhash', '-x'], ['-t', '-T', '-f', 'x'], ['-T', '-s', 'foo']]) {
      const [ours, theirs] = [sandbox.finish(evenkeel, ...words), sandbox.finish(reference, ...words)];
      const untilUsage = (text: string): string => text.slice(0, text.indexOf('Usage:'));
      assert.deepEqual([ours.status, untilUsage(ours.stderr)], [theirs.status, untilUsage(theirs.stderr)]);
    }
  });
});

/** A last option that lacks its argument must stay the last word. */
function beforeRest(words: readonly string[], all: readonly string[]): readonly string[] {
  return words.at(-1) === '-p' ? words : all;
}
