import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { adoptable, alreadyAs, plan } from '../../../src/ipvs/plan.ts';
import {
  type Command,
  type Destination,
  destinationId,
  type IpvsTable,
  ipvsTable,
  type Service,
  serviceId,
} from '../../../src/ipvs/types.ts';
import { errno } from '../../../src/lib/errno.ts';
import { FakeIpvs } from '../../fakes/ipvs-kernel.ts';
import { ip, tables } from './arbitrary.ts';

/** A kernel that holds `table`. */
function kernelWith(table: IpvsTable): FakeIpvs {
  const kernel = new FakeIpvs();
  for (const command of plan(new Map(), table)) assert.equal(kernel.run(command), 0);
  return kernel;
}

test('applying a plan gives the desired state without one refusal', () => {
  fc.assert(
    fc.property(tables, tables, (current, desired) => {
      const kernel = kernelWith(current);
      for (const command of plan(current, desired)) assert.equal(kernel.run(command), 0, command.kind);
      assert.deepEqual(plan(kernel.table, desired), []);
      assert.equal(kernel.table.size, desired.size);
    }),
  );
});

test('planning equal states gives nothing', () => {
  fc.assert(
    fc.property(tables, (table) => {
      assert.deepEqual(plan(table, table), []);
      assert.deepEqual(plan(kernelWith(table).table, table), []);
    }),
  );
});

test('a plan from what can be adopted corrects ours and leaves the rest', () => {
  fc.assert(
    fc.property(tables, tables, (others, desired) => {
      const kernel = kernelWith(others);
      for (const command of plan(adoptable(kernel.table, desired), desired)) assert.equal(kernel.run(command), 0);
      assert.deepEqual(plan(adoptable(kernel.table, desired), desired), []);
      for (const [id, entry] of others) {
        for (const destination of entry.destinations.keys()) {
          assert.ok(kernel.table.get(id)?.destinations.has(destination));
        }
      }
    }),
  );
});

test('what is there in another form is offered as new, and the kernel leaves it', () => {
  fc.assert(
    fc.property(tables, tables, (others, desired) => {
      const kernel = kernelWith(others);
      const before = structuredClone(kernel.table);
      for (const command of plan(alreadyAs(desired, adoptable(kernel.table, desired)), desired)) {
        assert.ok(command.kind === 'newService' || command.kind === 'newDestination');
        const held = before.get(serviceId(command.service.key));
        const isThere =
          command.kind === 'newService'
            ? held !== undefined
            : held?.destinations.has(destinationId(command.destination)) === true;
        assert.equal(kernel.run(command), isThere ? errno.EEXIST : 0);
      }
      for (const [id, { service, destinations }] of before) {
        const now = kernel.table.get(id);
        assert.deepEqual(now?.service, service);
        for (const [key, one] of destinations) assert.deepEqual(now?.destinations.get(key), one);
      }
      for (const [id, { destinations }] of desired) {
        for (const key of destinations.keys()) assert.ok(kernel.table.get(id)?.destinations.has(key));
      }
    }),
  );
});

const service: Service = {
  key: { kind: 'address', address: ip('10.0.0.1'), port: 80, protocol: 'TCP' },
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: ip('255.255.255.255'),
};
const other: Service = { ...service, key: { kind: 'fwmark', fwmark: 3, family: 4 } };

function destination(address: string, weight = 1): Destination {
  const base = { port: 80, forwardingMethod: 'DR', upperThreshold: 0, lowerThreshold: 0 } as const;
  return { address: ip(address), weight, ...base };
}

function words(commands: readonly Command[]): string[] {
  return commands.map((command) =>
    'destination' in command ? `${command.kind} ${command.destination.address}` : command.kind,
  );
}

test('make before break: new and changed destinations, then removals, then services that are gone', () => {
  const current = ipvsTable([
    [other, [destination('10.1.1.9')]],
    [service, [destination('10.1.1.1'), destination('10.1.1.2')]],
  ]);
  const desired = ipvsTable([
    [{ ...service, scheduler: 'wrr' }, [destination('10.1.1.2', 5), destination('10.1.1.3')]],
  ]);
  assert.deepEqual(words(plan(current, desired)), [
    'setService',
    'newDestination 10.1.1.3',
    'setDestination 10.1.1.2',
    'deleteDestination 10.1.1.1',
    'deleteService',
  ]);
});

test('an address of this machine shows as LOCAL, which is no difference', () => {
  const wanted = ipvsTable([[service, [destination('10.1.1.1')]]]);
  const held = ipvsTable([[service, [{ ...destination('10.1.1.1'), forwardingMethod: 'LOCAL' }]]]);
  assert.deepEqual(plan(held, wanted), []);
});

test('of two services with one key the first counts, and both bring their destinations', () => {
  const table = ipvsTable([
    [service, [destination('10.1.1.1')]],
    [{ ...service, scheduler: 'lc' }, [destination('10.1.1.1', 9), destination('10.1.1.2')]],
  ]);
  const [entry] = table.values();
  assert.equal(table.size, 1);
  assert.equal(entry?.service.scheduler, service.scheduler);
  assert.deepEqual([...(entry?.destinations.values() ?? [])], [destination('10.1.1.1'), destination('10.1.1.2')]);
});

test('a changed forwarding method or tunnel is a changed destination', () => {
  const from = (item: Destination): IpvsTable => ipvsTable([[service, [item]]]);
  const direct = destination('10.1.1.1');
  const tunnelled: Destination = { ...direct, forwardingMethod: 'TUN' };
  const gue: Destination = { ...tunnelled, tunnel: { type: 'gue', port: 6080, flags: 0 } };
  assert.deepEqual(words(plan(from(direct), from(tunnelled))), ['setDestination 10.1.1.1']);
  assert.deepEqual(words(plan(from(tunnelled), from(gue))), ['setDestination 10.1.1.1']);
  assert.deepEqual(plan(from(gue), from({ ...gue })), []);
});
