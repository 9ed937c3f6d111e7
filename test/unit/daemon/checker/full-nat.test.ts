import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, RealServer } from '../../../../src/config/types.ts';
import { FullNat } from '../../../../src/daemon/checker/full-nat.ts';
import type { FullNatHost } from '../../../../src/daemon/checker/full-nat-host.ts';
import { tableMessage } from '../../../../src/firewall/numbers.ts';
import { ByteWriter } from '../../../../src/lib/byte-writer.ts';
import { realServer, virtualServer } from '../../checkers/examples.ts';

const CONNTRACK = 'net/ipv4/vs/conntrack';

/** A machine that outlives the processes on it; `nat`: its nftables can translate. */
function machine(nat = true) {
  let journal = new Map<string, string>();
  const settings = new Map([[CONNTRACK, '0']]);
  /** By family: rules stand. */
  const standing = { nftables: new Set<number>(), iptables: new Set<string>() };
  const log: string[] = [];
  const host: FullNatHost = {
    readSetting: (path) => settings.get(path),
    writeSetting: (path, value) => settings.has(path) && settings.set(path, value) !== undefined,
    transact(requests) {
      if (!nat) return 'No such file or directory';
      for (const { type, body } of requests) {
        const writer = new ByteWriter();
        body?.(writer);
        const family = writer.written()[0] as number;
        const kind = type & 0xff;
        if (kind === tableMessage.newTable) standing.nftables.add(family);
        if (kind === tableMessage.deleteTable) standing.nftables.delete(family);
      }
      return undefined;
    },
    iptables(family, _words, input) {
      if (input?.includes('-X ')) standing.iptables.delete(family);
      else if (input !== undefined) standing.iptables.add(family);
      return { ok: true, reason: '' };
    },
    recall: () => new Map(journal),
    remember(values) {
      journal = new Map(values);
    },
  };
  return { host, settings, standing, log, start: () => new FullNat(({ message }) => void log.push(message), host) };
}

function configuration(...realServers: RealServer[]): Config {
  return { global: {}, virtualServers: [virtualServer(realServers)], virtualServerGroups: [] } as unknown as Config;
}
const translating = configuration({ ...realServer('10.0.0.2'), forwardingMethod: 'FNAT' });
const masquerading = configuration(realServer('10.0.0.2'));

function run(fullNat: FullNat, config: Config): void {
  fullNat.prepare(config, []);
  fullNat.settle();
}

for (const [filter, nat] of [
  ['nftables', true],
  ['iptables', false],
] as const) {
  test(`${filter}: rules and connection tracking come with the first FNAT server and go with the last`, () => {
    const { start, standing, settings, host } = machine(nat);
    const fullNat = start();
    run(fullNat, masquerading);
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK)], [0, '0']);
    run(fullNat, translating);
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK)], [1, '1']);
    run(fullNat, masquerading);
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK)], [0, '0']);
    assert.equal(host.recall().size, 0);
  });

  test(`${filter}: what a killed predecessor left is taken over, and put back at the end`, () => {
    const { start, standing, settings, host } = machine(nat);
    run(start(), translating);
    const next = start();
    run(next, translating);
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK)], [1, '1']);
    next.close();
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK), host.recall().size], [0, '0', 0]);
  });

  test(`${filter}: what a killed predecessor left goes at once when nobody wants it`, () => {
    const { start, standing, settings, host, log } = machine(nat);
    run(start(), translating);
    run(start(), masquerading);
    assert.deepEqual([standing[filter].size, settings.get(CONNTRACK), host.recall().size], [0, '0', 0]);
    assert.deepEqual(log, []);
  });
}

for (const [filter, nat] of [
  ['nftables', true],
  ['iptables', false],
] as const)
  test(`${filter}: a reload brings back what somebody has removed`, () => {
    const { start, standing } = machine(nat);
    const fullNat = start();
    run(fullNat, translating);
    standing[filter].clear();
    run(fullNat, translating);
    assert.equal(standing[filter].size, 1);
    fullNat.close();
    assert.equal(standing[filter].size, 0);
  });

test('where iptables refuses one family, the other has its rules, and loses them at the end', () => {
  const { host, standing, log } = machine(false);
  let locked = true;
  const iptables: FullNatHost['iptables'] = (family, words, input) =>
    family === 'ip6' && locked ? { ok: false, reason: 'locked' } : host.iptables(family, words, input);
  const fullNat = new FullNat(({ message }) => void log.push(message), { ...host, iptables });
  const both = configuration(
    { ...realServer('10.0.0.2'), forwardingMethod: 'FNAT' },
    { ...realServer('fd00::2'), forwardingMethod: 'FNAT' },
  );
  run(fullNat, both);
  assert.deepEqual([...standing.iptables], ['ip']);
  assert.equal(log[0], 'FNAT: sources cannot be translated by ip6tables: locked');
  locked = false;
  run(fullNat, both);
  assert.deepEqual([...standing.iptables].sort(), ['ip', 'ip6']);
  locked = true;
  fullNat.close();
  assert.deepEqual([...standing.iptables], ['ip6']);
});

test('connections that were tracked before stay tracked', () => {
  const { start, settings } = machine();
  settings.set(CONNTRACK, '1');
  run(start(), translating);
  const next = start();
  run(next, translating);
  next.close();
  assert.equal(settings.get(CONNTRACK), '1');
});

test('what nftables has refused is asked for again by a reload', () => {
  const { host, standing } = machine();
  let full = false;
  const transact: FullNatHost['transact'] = (requests) => (full ? 'Cannot allocate memory' : host.transact(requests));
  const log: string[] = [];
  const fullNat = new FullNat(({ message }) => void log.push(message), { ...host, transact });
  run(fullNat, translating);
  full = true;
  run(fullNat, masquerading);
  assert.equal(log[0], 'nftables refused a change of table evenkeel_fnat: Cannot allocate memory');
  assert.equal(standing.nftables.size, 1);
  full = false;
  run(fullNat, masquerading);
  assert.equal(standing.nftables.size, 0);
});
