import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RouterBench } from '../../../fakes/router-bench.ts';
import { instance } from '../../vrrp/support.ts';

describe('an address owner that another one does not obey', () => {
  const demoted = (): RouterBench => {
    const bench = new RouterBench([instance({ name: 'A', priority: 255, initialState: 'master' })], []);
    const other = '10.9.0.0' as Parameters<RouterBench['hear']>[2];
    bench.start();
    bench.run(0.1);
    bench.hear('A', 255, other);
    bench.run(2.5);
    bench.hear('A', 255, other);
    return bench;
  };

  it('goes by priority 254, which scripts and dumps are told', () => {
    const bench = demoted();
    assert.equal(bench.router('A').effectivePriority, 254);
    assert.equal(bench.router('A').totalPriority, 254);
    bench.told();
    bench.hear('A', 255);
    assert.deepEqual(bench.told(), ['INSTANCE A BACKUP 254']);
  });

  it('has its own again as master', () => {
    const bench = demoted();
    bench.hear('A', 255);
    bench.told();
    bench.run(4);
    assert.deepEqual(bench.told(), ['INSTANCE A MASTER 255']);
    assert.equal(bench.router('A').effectivePriority, 255);
  });
});
