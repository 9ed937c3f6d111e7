import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '../../../../src/lib/duration.ts';
import { RouterBench } from '../../../fakes/router-bench.ts';
import { instance } from '../../vrrp/support.ts';

describe('a master that lost an address', () => {
  it('competes from when it has given the others up, so that an equal router that hears of it comes first', () => {
    const bench = new RouterBench([instance({ name: 'A', priority: 128 })], []);
    bench.start();
    bench.run(4);
    bench.transmit = () => {
      bench.now = instant(bench.now + 5000);
    };
    const lostAt = bench.now;
    bench.loseAddress('A');
    assert.equal(bench.deadline(), lostAt + 5000 + 500_000);
  });
});
