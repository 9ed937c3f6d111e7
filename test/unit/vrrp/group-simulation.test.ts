import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SyncGroup } from '../../../src/config/types.ts';
import type { IpAddress } from '../../../src/lib/ip.ts';
import { GroupNetwork } from '../../fakes/group-network.ts';
import { RouterBench } from '../../fakes/router-bench.ts';
import { instance } from './support.ts';

const names = ['A', 'B', 'C'] as const;
const group: SyncGroup = {
  ...{ name: 'G', members: names, notify: {}, smtpAlert: false, trackingWeight: true },
  trackInterfaces: [],
  trackScripts: [],
  trackFiles: [],
  trackProcesses: [],
  trackBfds: [],
};
const script = { name: 'check', weight: -100, reverse: false };

type Incident =
  | { readonly kind: 'link' | 'cut' | 'script'; readonly host: number; readonly router: number; readonly good: boolean }
  | { readonly kind: 'lost'; readonly host: number; readonly router: number };

const place = { host: fc.nat(3), router: fc.nat(2) };
const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('link' as const, 'cut' as const, 'script' as const),
    good: fc.boolean(),
    ...place,
  }),
  fc.record({ kind: fc.constant('lost' as const), ...place }),
);

const schedule = fc.record({
  priorities: fc.uniqueArray(fc.integer({ min: 110, max: 254 }), { minLength: 2, maxLength: 4 }),
  incidents: fc.array(fc.record({ after: fc.double({ min: 0.001, max: 4, noNaN: true }), incident }), {
    maxLength: 12,
  }),
  fates: fc.array(fc.array(fc.integer({ min: 50, max: 900_000 }), { maxLength: 2 }), { minLength: 1, maxLength: 30 }),
});

test('property: members of a sync group are masters all or none, and the best host ends as master of all', () => {
  fc.assert(
    fc.property(schedule, ({ priorities, incidents, fates }) => {
      const network = new GroupNetwork(priorities.map(hostOf));
      for (const host of network.hosts) host.start();
      let fate = 0;
      network.delivery = () => fates[fate++ % fates.length] ?? [];
      for (const { after, incident } of incidents) {
        network.run(after, () => allOrNone(network));
        apply(network, incident);
        allOrNone(network);
      }
      network.delivery = () => [100];
      network.cut.clear();
      for (const host of network.hosts) {
        for (const name of names) {
          host.setLink(name, true);
          host.track(name, script, 'up');
        }
      }
      network.run(20, () => allOrNone(network));
      const masters = network.hosts.filter(({ routers }) => routers.every(({ state }) => state.name === 'master'));
      assert.deepEqual(
        masters.map((host) => network.hosts.indexOf(host)),
        [priorities.indexOf(Math.max(...priorities))],
      );
    }),
    { numRuns: 500 },
  );
});

function hostOf(priority: number, index: number): RouterBench {
  const routers = names.map((name, position) => instance({ name, virtualRouterId: position + 1, priority }));
  return new RouterBench(routers, [group], `10.9.0.${index + 1}` as IpAddress);
}

function allOrNone({ hosts }: GroupNetwork): void {
  for (const { routers } of hosts) {
    const states = new Set(routers.map(({ state }) => state.name));
    if (states.has('master') || states.has('fault')) assert.equal(states.size, 1, [...states].join(' '));
  }
}

function apply(network: GroupNetwork, incident: Incident): void {
  const host = network.hosts[incident.host];
  const name = names[incident.router];
  if (!host || !name) return;
  switch (incident.kind) {
    case 'link':
      host.setLink(name, incident.good);
      break;
    case 'cut':
      if (incident.good) network.cut.delete(`${incident.host} ${name}`);
      else network.cut.add(`${incident.host} ${name}`);
      break;
    case 'script':
      for (const each of names) host.track(each, script, incident.good ? 'up' : 'down');
      break;
    case 'lost':
      host.loseAddress(name);
  }
}
