import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Config, VirtualServer } from '../../../src/config/types.ts';
import { differenceFrom, withDifference } from '../../../src/ipc/config-difference.ts';
import { realServer, virtualServer } from '../checkers/examples.ts';

function config(virtualServers: readonly VirtualServer[], linkbeatInterfaces: readonly string[] = []): Config {
  return { linkbeatInterfaces, virtualServers } as unknown as Config;
}

const pool = Array.from({ length: 8 }, (_, index) => virtualServer([realServer(`10.0.0.${index + 1}`)]));
const some = fc.array(fc.nat({ max: pool.length - 1 }).map((index) => pool[index] as VirtualServer));

test('a difference, sent and applied, is the new configuration, with the old objects where they are', () => {
  fc.assert(
    fc.property(some, some, (before, after) => {
      const difference = structuredClone(differenceFrom(config(before), config(after, ['eth0'])));
      const result = withDifference(config(before), difference);
      assert.deepEqual(result, config(after, ['eth0']));
      for (const [index, server] of after.entries()) {
        assert.equal(result.virtualServers[index] === server, before.includes(server));
      }
    }),
  );
});

test('an unchanged configuration is one piece', () => {
  const whole = config(pool);
  assert.deepEqual(differenceFrom(whole, whole).servers, [{ from: 0, count: pool.length }]);
  assert.deepEqual(withDifference(config([]), differenceFrom(undefined, whole)), whole);
});
