import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DumpSettings } from '../../../src/config/types.ts';
import { dataPath, nameOfData, reportPaths } from '../../../src/daemon/dump-files.ts';

const plain: DumpSettings = { useInstance: false, jsonVersion: 1 };
const identity = { namespace: 'blue', instance: 'a' };

describe('names of dump files', () => {
  it('are keepalived’s, one for each process', () => {
    const names = (['parent', 'vrrp', 'checker', 'bfd'] as const).map((owner) => dataPath(plain, {}, owner, '/tmp'));
    assert.deepEqual(names, [
      '/tmp/keepalived_parent.data',
      '/tmp/keepalived.data',
      '/tmp/keepalived_check.data',
      '/tmp/keepalived_bfd.data',
    ]);
    assert.deepEqual(reportPaths(plain, 'stats', '/var/tmp'), ['/var/tmp/keepalived.stats']);
    assert.equal(nameOfData('/tmp/keepalived.data', '/tmp'), 'dump file keepalived.data');
    assert.equal(nameOfData('/x/keepalived.data', '/tmp'), 'dump file /x/keepalived.data');
  });

  it('follow state_dump_file: absolute, in the temporary directory, or a directory', () => {
    const named = (statePath: string): string => dataPath({ ...plain, statePath }, {}, 'checker', '/tmp');
    assert.equal(named('/x/state.txt'), '/x/state_check.txt');
    assert.equal(named('state'), '/tmp/state_check');
    assert.equal(named('/x.d/'), '/x.d/keepalived_check.data');
  });

  it('are the usual ones and the configured ones for statistics and JSON', () => {
    const settings = { ...plain, jsonPath: '/x/k.json' };
    assert.deepEqual(reportPaths(settings, 'json', '/tmp'), ['/tmp/keepalived.json', '/x/k.json']);
    assert.deepEqual(reportPaths(settings, 'stats', '/tmp'), ['/tmp/keepalived.stats']);
  });

  it('say whose they are with data_use_instance', () => {
    const settings = { ...plain, useInstance: true };
    assert.equal(dataPath(settings, identity, 'vrrp', '/tmp'), '/tmp/keepalived.blue_a.data');
    assert.equal(dataPath(settings, identity, 'parent', '/tmp'), '/tmp/keepalived_parent.blue_a.data');
    assert.equal(dataPath(settings, {}, 'vrrp', '/tmp'), '/tmp/keepalived.data');
  });
});
