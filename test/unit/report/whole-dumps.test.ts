import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/types.ts';
import { err } from '../../../src/lib/result.ts';
import { dumpCheckers, dumpGlobal, dumpVrrp, dumpVrrpGlobal } from '../../../src/report/dump.ts';
import { printStatistics } from '../../../src/report/statistics.ts';
import { vrrpJsonParts } from '../../../src/report/vrrp-json.ts';
import { fakeConfigEnvironment } from '../../fakes/config-environment.ts';
import { projectRoot } from '../../support/machine.ts';
import { instanceRuntime, running } from './running.ts';

/* Files that keepalived 2.4.3 wrote, whole, of the configurations beside them. */

const read = (name: string) => readFileSync(join(projectRoot, 'test/vectors/dumps', name), 'utf8');
const lines = (name: string) => read(name).replace(/\n$/, '').split('\n');

/** On a machine without the usual script user whose /bin is a link. */
function load(name: string): Config {
  const system = fakeConfigEnvironment({ 'keepalived.conf': read(name) });
  const environment = {
    ...system,
    hostName: 'vm',
    user: (user: string) => (user === 'keepalived_script' ? undefined : system.user(user)),
    findScript: (path: string, user: { uid: number; gid: number }) =>
      path.startsWith('/bin/') ? err('inhibited' as const) : system.findScript(path, user),
  };
  const { config } = loadConfig('keepalived.conf', environment, { configId: 'vm', test: false, includeCheck: false });
  assert.ok(config);
  return config;
}

test('the parent of an LVS director', () => {
  assert.deepEqual(dumpGlobal(load('lvs.conf'), 'parent'), lines('lvs.parent'));
});

test('the parent of a VRRP router', () => {
  assert.deepEqual(dumpGlobal(load('vrrp.conf'), 'parent'), lines('vrrp.parent'));
});

const atWork = {
  ...running(),
  group: () => ({ state: 'MASTER', membersInFault: 0, membersInInit: 0 }) as const,
};

test('a VRRP router at work', () => {
  const config = load('vrrp.conf');
  assert.deepEqual([...dumpVrrpGlobal(config), ...dumpVrrp(config, atWork)], lines('vrrp.data'));
});

test('the same as JSON', () => {
  assert.equal([...vrrpJsonParts(load('vrrp.conf'), atWork)].join(''), read('vrrp.json.txt'));
});

test('its counters, a second before', () => {
  const sent: Readonly<Record<string, number>> = { VI_A: 3, VI_B: 6 };
  const routers = load('vrrp.conf').instances.map((instance) => {
    const { statistics } = instanceRuntime(instance);
    return { name: instance.name, statistics: { ...statistics, advertSent: sent[instance.name] ?? 0 } };
  });
  assert.equal(printStatistics(routers), read('vrrp.stats'));
});

test('the checker process before its checks have run', () => {
  const config = load('lvs.conf');
  const runtime = {
    groupEntry: (_group: unknown, { kind }: { kind: string }) =>
      kind === 'range'
        ? { tcp: 2, udp: 0, sctp: 0, ipv4: 0, ipv6: 0, reloaded: false }
        : { tcp: 0, udp: 0, sctp: 0, ipv4: 2, ipv6: 0, reloaded: false },
    virtualServer: () => ({
      ...{ alive: true, quorumUp: true, reloaded: false },
      ...{ sorryServerSet: false, sorryServerAlive: false },
    }),
    realServer: (_server: unknown, { weight }: { weight: number }) => ({
      ...{ effectiveWeight: weight, previousEffectiveWeight: 0, failedCheckers: 0 },
      ...{ alive: true, set: true, reloaded: false },
    }),
    checker: () => ({ enabled: true, up: true, hasRun: false, currentWeight: 0, retries: 0 }),
  };
  assert.deepEqual([...dumpGlobal(config, 'checker'), ...dumpCheckers(config, runtime)], lines('lvs.check'));
});
