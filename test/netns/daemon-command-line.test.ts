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

  it('says its version where exporters look for it', () => {
    const { status, stdout, stderr } = sandbox.finish(evenkeel, '-v');
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr.split('\n')[0] ?? '', /^Keepalived v(\d+\.\d+\.\d+) \((\d+\/\d+),(\d+)\)$/);
  });
});

/** A last option that lacks its argument must stay the last word. */
function beforeRest(words: readonly string[], all: readonly string[]): readonly string[] {
  return words.at(-1) === '-p' ? words : all;
}
