import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandLineLines, startLines } from '../../../../src/daemon/parent/start-lines.ts';

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

describe('the kernel in the log', () => {
  const line = (release: string) => {
    const facts = { kernel: { name: 'Linux', release, version: '#1' }, headers: '6.1.187', nodeVersion: 'v20' };
    return startLines({ ...facts, distribution: 'Debian' }, [])[1]?.message;
  };

  it('is one that we were built for, or older', () => {
    assert.equal(line('6.18.44-fc'), 'Running on Linux 6.18.44-fc #1 (built for Linux 6.1.187)');
    assert.equal(line('6.1.187'), 'Running on Linux 6.1.187 #1 (built for Linux 6.1.187)');
    const older = 'WARNING - keepalived was built for newer Linux 6.1.187, running on Linux 6.1.176 #1';
    assert.equal(line('6.1.176'), older);
  });
});
