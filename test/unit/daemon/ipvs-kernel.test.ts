import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openIpvs } from '../../../src/daemon/ipvs-kernel.ts';
import { plan } from '../../../src/ipvs/plan.ts';
import { type Destination, ipvsTable, type Service } from '../../../src/ipvs/types.ts';
import { carried, FakeIpvs } from '../../fakes/ipvs-kernel.ts';
import { ip, tables } from '../ipvs/arbitrary.ts';

function open(fake = new FakeIpvs()) {
  const lines: string[] = [];
  const socket = fake.socket();
  const opened = openIpvs(({ message }) => lines.push(message), {
    openSocket: () => socket,
    loadModule: () => false,
  });
  assert.ok(opened.ok);
  return { kernel: opened.value, fake, lines, socket };
}

const service: Service = {
  key: { kind: 'address', address: ip('10.0.0.1'), port: 80, protocol: 'TCP' },
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: ip('255.255.255.255'),
};
const destination: Destination = {
  address: ip('10.1.0.1'),
  port: 80,
  forwardingMethod: 'DR',
  weight: 2,
  upperThreshold: 0,
  lowerThreshold: 0,
};

test('a missing module is loaded once', () => {
  const fake = new FakeIpvs();
  fake.loaded = false;
  const asked: string[] = [];
  const opened = openIpvs(() => {}, {
    openSocket: () => fake.socket(),
    loadModule: (name) => {
      asked.push(name);
      fake.loaded = true;
      return true;
    },
  });
  assert.ok(opened.ok);
  assert.deepEqual(asked, ['ip_vs']);
});

test('a kernel without IPVS is a refusal with the line to log, and the socket is closed', () => {
  const fake = new FakeIpvs();
  fake.loaded = false;
  const socket = fake.socket();
  const opened = openIpvs(() => {}, { openSocket: () => socket, loadModule: () => false });
  assert.deepEqual(opened, { ok: false, error: "IPVS: Can't initialize ipvs: No such file or directory" });
  assert.ok(socket.closed);
});

test('version and hash table size are read', () => {
  assert.deepEqual(open().kernel.info(), { ok: true, value: { version: '1.2.1', connectionTableSize: 4096 } });
});

test('what is applied is read back', () => {
  fc.assert(
    fc.property(tables, (table) => {
      const { kernel, lines } = open();
      assert.deepEqual(kernel.apply(plan(new Map(), table)), []);
      assert.deepEqual(plan(kernel.read(), table), []);
      assert.deepEqual(lines, []);
    }),
    { numRuns: 30 },
  );
});

test('services of others can be left unread', () => {
  const { kernel, socket } = open();
  const other: Service = { ...service, key: { kind: 'fwmark', fwmark: 3, family: 4 } };
  kernel.apply(
    plan(
      new Map(),
      ipvsTable([
        [service, [destination]],
        [other, [destination]],
      ]),
    ),
  );
  const before = socket.batches.length;
  const ours = kernel.read(ipvsTable([[service, []]]));
  assert.deepEqual([...ours.keys()], ['tcp|10.0.0.1|80']);
  assert.equal(socket.batches.length - before, 2);
});

test('what already is so is logged but no failure', () => {
  const { kernel, lines } = open();
  const commands = plan(new Map(), ipvsTable([[service, [destination]]]));
  kernel.apply(commands);
  assert.deepEqual(kernel.apply(commands), []);
  assert.deepEqual(kernel.apply([{ kind: 'deleteService', service }]), []);
  assert.deepEqual(kernel.apply([{ kind: 'deleteService', service }]), []);
  assert.deepEqual(lines, [
    'IPVS cmd IP_VS_SO_SET_ADD(1154) error: Service already exists(17) (10.0.0.1:tcp:80)',
    'IPVS cmd IP_VS_SO_SET_ADDDEST(1159) error: Destination already exists(17) (10.0.0.1:tcp:80 -> 10.1.0.1:80)',
    'IPVS cmd IP_VS_SO_SET_DEL(1156) error: No such file or directory(2) (10.0.0.1:tcp:80)',
  ]);
});

test('a changed destination that is not there is made, without a word', () => {
  const { kernel, fake, lines } = open();
  kernel.apply([{ kind: 'newService', service }]);
  assert.deepEqual(kernel.apply([{ kind: 'setDestination', service, destination }]), []);
  assert.deepEqual(plan(fake.table, ipvsTable([[service, [destination]]])), []);
  assert.deepEqual(lines, []);
});

test('a real failure is logged and returned, and the rest is carried out', () => {
  const { kernel, fake, lines } = open();
  const command = { kind: 'newDestination', service, destination } as const;
  const failures = kernel.apply([command, { kind: 'newService', service }]);
  assert.deepEqual(failures, [{ command, errno: 3 }]);
  assert.equal(fake.table.size, 1);
  assert.equal(lines.length, 1);
});

test('two hundred commands are one datagram', () => {
  const { kernel, socket } = open();
  const before = socket.batches.length;
  const commands = Array.from({ length: 200 }, (_, i) => {
    const key = { kind: 'fwmark', fwmark: i + 1, family: 4 } as const;
    return { kind: 'newService', service: { ...service, key } } as const;
  });
  kernel.apply(commands);
  assert.deepEqual(socket.batches.slice(before), [200]);
});

test('a flush empties the table', () => {
  const { kernel, fake } = open();
  kernel.apply([{ kind: 'newService', service }]);
  assert.deepEqual(kernel.flush(), []);
  assert.equal(fake.table.size, 0);
});

test('traffic is read 64 bits wide, for the services asked for', () => {
  const { kernel, fake } = open();
  for (const command of plan(new Map(), ipvsTable([[service, [destination]]]))) fake.run(command);
  const traffic = kernel.traffic(new Set(['tcp|10.0.0.1|80', 'fwmark|4|9']));
  assert.deepEqual([...traffic.keys()], ['tcp|10.0.0.1|80']);
  const { traffic: totals, destinations } = traffic.get('tcp|10.0.0.1|80') ?? assert.fail();
  assert.equal(totals.incomingPackets, carried.incomingPackets);
  assert.equal(totals.outgoingBytes, 0n);
  const one = destinations.get('10.1.0.1|80');
  assert.equal(one?.incomingByteRate, 9n);
  assert.equal(one?.activeConnections, 3);
  assert.equal(kernel.traffic(new Set()).size, 0);
});
