import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Instant } from '../../../src/lib/duration.ts';
import { VrrpNetwork } from '../../fakes/vrrp-network.ts';
import { parameters } from './support.ts';

const MASTER_DOWN_AT_MOST = 4_000_000;

type Incident =
  | { readonly kind: 'kill' | 'start' | 'fail' | 'recover' | 'stop'; readonly router: number }
  | { readonly kind: 'partition'; readonly router: number; readonly side: number };

const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('kill' as const, 'start' as const, 'fail' as const, 'recover' as const, 'stop' as const),
    router: fc.nat(4),
  }),
  fc.record({ kind: fc.constant('partition' as const), router: fc.nat(4), side: fc.nat(1) }),
);

const schedule = fc.record({
  priorities: fc.array(fc.integer({ min: 1, max: 254 }), { minLength: 2, maxLength: 5 }),
  incidents: fc.array(fc.record({ after: fc.integer({ min: 1000, max: 3_000_000 }), incident }), { maxLength: 12 }),
  /** Fate of successive adverts while the network is sick: copies and their delays. */
  fates: fc.array(fc.array(fc.integer({ min: 50, max: 900_000 }), { maxLength: 2 }), { minLength: 1, maxLength: 30 }),
});

test('property: once the network heals, exactly the best router is master and holds the addresses', () => {
  fc.assert(
    fc.property(schedule, ({ priorities, incidents, fates }) => {
      const network = new VrrpNetwork(priorities.map((priority, i) => parameters({ priority }, `10.20.0.${i + 1}`)));
      for (const router of network.routers) network.start(router);
      let fate = 0;
      network.delivery = () => fates[fate++ % fates.length] ?? [];
      const addressesFollowState = () => {
        for (const router of network.routers) assert.equal(router.holdsAddresses, router.state.name === 'master');
      };
      for (const { after, incident } of incidents) {
        network.run((network.now + after) as Instant, addressesFollowState);
        apply(network, incident);
      }
      network.delivery = () => [100];
      for (const router of network.routers) {
        router.partition = 0;
        if (router.state.name === 'initialize') network.start(router);
        network.feed(router, { type: 'faultsChanged', faulty: false });
      }
      network.run((network.now + 4 * MASTER_DOWN_AT_MOST) as Instant, addressesFollowState);
      const masters = network.masters(0).map((router) => network.routers.indexOf(router));
      assert.equal(masters.length, 1);
      assert.equal(priorities[masters[0] as number], Math.max(...priorities));
    }),
    { numRuns: 1000 },
  );
});

test('property: a master that stops hands over within the skew time of the next', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 254 }), (priority) => {
      const network = new VrrpNetwork([
        parameters({ priority }, '10.20.0.1'),
        parameters({ priority: priority - 1 }, '10.20.0.2'),
      ]);
      const [first, second] = network.routers;
      assert.ok(first && second);
      network.start(first);
      network.start(second);
      network.run((2 * MASTER_DOWN_AT_MOST) as Instant);
      network.feed(first, { type: 'shutdown' });
      const skew = Math.floor(((256 - (priority - 1)) * 1_000_000) / 256);
      network.run((network.now + skew + 99) as Instant);
      assert.equal(second.state.name, 'backup');
      network.run((network.now + 1) as Instant);
      assert.equal(second.state.name, 'master');
    }),
  );
});

function apply(network: VrrpNetwork, incident: Incident): void {
  const router = network.routers[incident.router];
  if (!router) return;
  switch (incident.kind) {
    case 'kill':
      network.kill(router);
      break;
    case 'start':
      if (router.state.name === 'initialize') network.start(router);
      break;
    case 'fail':
      network.feed(router, { type: 'faultsChanged', faulty: true });
      break;
    case 'recover':
      network.feed(router, { type: 'faultsChanged', faulty: false });
      break;
    case 'stop':
      network.feed(router, { type: 'shutdown' });
      break;
    case 'partition':
      router.partition = incident.side;
  }
}
