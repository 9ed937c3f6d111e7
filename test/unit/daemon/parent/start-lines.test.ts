import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandLineLines } from '../../../../src/daemon/parent/start-lines.ts';

const daemon = ['/usr/sbin/keepalived', '-n', '-l', '-f', '/nonexist', '-i'];

describe('the command line in the log', () => {
  it('breaks where keepalived does', () => {
    const words = [
      '/usr/sbin/keepalived',
      '-n',
      '-l',
      '-D',
      '-f',
      '/tmp/par/v.conf',
      '-p',
      '/tmp/par/p',
      '-r',
      '/tmp/par/r',
    ];
    assert.deepEqual(commandLineLines([...words, '-c', '/tmp/par/c', '-b', '/tmp/par/b']), [
      "Command line: '/usr/sbin/keepalived' '-n' '-l' '-D' '-f' '/tmp/par/v.conf' '-p' '/tmp/par/p' '-r'",
      "              '/tmp/par/r' '-c' '/tmp/par/c' '-b' '/tmp/par/b'",
    ]);
  });

  it('fills a line to 102 columns', () => {
    assert.deepEqual(
      commandLineLines([...daemon, 'x'.repeat(31)]).map((line) => line.length),
      [102],
    );
    assert.deepEqual(
      commandLineLines([...daemon, 'x'.repeat(32)]).map((line) => line.length),
      [68, 48],
    );
  });

  it('lets a word that is too long for any line stand alone', () => {
    assert.deepEqual(
      commandLineLines(['x'.repeat(200), 'y']).map((line) => line.length),
      [216, 17],
    );
  });
});
