import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Announcer } from '../../../../src/daemon/vrrp/announcer.ts';
import { RouterLoop, type RouterLoopHost } from '../../../../src/daemon/vrrp/router-loop.ts';
import { instant } from '../../../../src/lib/duration.ts';
import { RouterBench } from '../../../fakes/router-bench.ts';
import { instance } from '../../vrrp/support.ts';

const silent = { deadline: () => undefined, expire() {} } as unknown as Announcer;

/** Two instances on a clock that is behind the real one, so that each timer expires at once: so many µs before its deadline. */
function play(early: readonly number[]): Promise<string[]> {
  const said: string[] = [];
  const left = [...early];
  const bench = new RouterBench([instance({ name: 'A' }), instance({ name: 'B', priority: 200 })], []);
  return new Promise((resolve) => {
    const host: RouterLoopHost = {
      now: () => bench.now,
      due(deadline = bench.now) {
        const before = left.shift();
        if (before === undefined) {
          loop.close();
          resolve([...said]);
        }
        bench.now = instant(deadline - (before ?? 0));
        return bench.now;
      },
      acted: ({ instance: { name }, state }) => void (left.length < early.length && said.push(`${name} ${state.name}`)),
      rehearse: ({ instance: { name } }) => void said.push(`${name} rehearses`),
    };
    const loop = new RouterLoop(host, silent);
    for (const router of bench.routers) loop.actAlone(router, () => router.start(bench.now, bench.now));
  });
}

test('a takeover is rehearsed shortly before, the next one soon afterwards is not', async () => {
  assert.deepEqual(await play([3000, 0, 0]), ['B rehearses', 'B master', 'A master']);
});

test('where nothing was woken in time there is no rehearsal', async () => {
  assert.deepEqual(await play([0, 0]), ['B master', 'A master']);
});

test('what is due later is not rehearsed yet', async () => {
  assert.deepEqual(await play([5000, 4000, 0]), ['B rehearses', 'B master']);
});
