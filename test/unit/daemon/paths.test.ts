import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultOptions } from '../../../src/daemon/command/options.ts';
import { identSuffix, pidPaths } from '../../../src/daemon/paths.ts';

describe('file names', () => {
  it('are those of keepalived', () => {
    assert.deepEqual(pidPaths(defaultOptions(), {}), {
      parent: '/run/keepalived.pid',
      vrrp: '/run/vrrp.pid',
      checker: '/run/checkers.pid',
      bfd: '/run/bfd.pid',
    });
  });

  it('lie in a directory of their own for a named daemon', () => {
    assert.equal(pidPaths(defaultOptions(), { instance: 'a' }).vrrp, '/run/keepalived/vrrp_a.pid');
    assert.equal(pidPaths(defaultOptions(), { namespace: 'blue' }).vrrp, '/run/keepalived/vrrp.pid');
  });

  it('give way to the command line', () => {
    const options = { ...defaultOptions(), vrrpPidFile: 'v' };
    assert.equal(pidPaths(options, { instance: 'a' }).vrrp, 'v');
  });

  it('go with a suffix of the syslog ident', () => {
    assert.equal(identSuffix({}), '');
    assert.equal(identSuffix({ namespace: 'blue', instance: 'a' }), '_blue_a');
  });
});
