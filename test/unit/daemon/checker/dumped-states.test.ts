import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RealServer, VirtualServer, VirtualServerGroup } from '../../../../src/config/types.ts';
import {
  formerStates,
  groupEntryState,
  realServerState,
  virtualServerState,
} from '../../../../src/daemon/checker/dumped-states.ts';
import type { ServiceView } from '../../../../src/daemon/checker/services.ts';
import { config, ip } from '../../report/examples.ts';

const [example] = config.virtualServers;
assert.ok(example);
const [sample] = example.realServers;
assert.ok(sample);

const line = { kind: 'range', first: ip('10.0.0.1'), last: ip('10.0.0.1'), port: 80 } as const;
const group: VirtualServerGroup = { name: 'g', entries: [line] };

interface Setting {
  readonly inhibit?: boolean;
  readonly sorry?: 'absent' | 'inhibited';
  readonly sorryActive?: boolean;
  readonly protocol?: 'TCP' | 'UDP';
}

/** Two real servers, the first alive and the second down. */
function service({ inhibit = false, sorry, sorryActive = false, protocol = 'TCP' }: Setting) {
  const { sorryServer: _, ...rest } = example as VirtualServer;
  const real = (address: string): RealServer => ({
    ...(sample as RealServer),
    ...{ address: ip(address), inhibitOnFailure: inhibit },
  });
  const server: VirtualServer = {
    ...rest,
    key: { kind: 'group', group: 'g', ordinal: 0, protocol },
    family: 4,
    realServers: [real('10.9.0.11'), real('10.9.0.12')],
    ...(sorry && {
      sorryServer: {
        address: ip('10.9.0.90'),
        port: 80,
        forwardingMethod: 'NAT',
        inhibitOnFailure: sorry === 'inhibited',
      },
    }),
  };
  const realServers = [true, false].map((alive) => ({ alive, weight: 3, failedCheckers: alive ? 0 : 1 }));
  const state = { quorumUp: !sorryActive, sorryActive, realServers };
  return { server, state: state as unknown as ServiceView['state'] };
}

const first = formerStates([], []);
const sets = (setting: Setting): (boolean | undefined)[] => {
  const one = service(setting);
  return one.server.realServers.map((real) => realServerState(one.server, real, one, first)?.set);
};

describe('states in dumps', () => {
  test('a real server is set while the kernel has it, be it at weight 0', () => {
    assert.deepEqual(sets({}), [true, false]);
    assert.deepEqual(sets({ inhibit: true }), [true, true]);
    assert.deepEqual(sets({ sorry: 'absent', sorryActive: true }), [false, false]);
    assert.deepEqual(sets({ inhibit: true, sorry: 'absent', sorryActive: true }), [true, true]);
  });

  test('so is a sorry server', () => {
    const set = (setting: Setting) => virtualServerState(service(setting), first)?.sorryServerSet;
    assert.equal(set({ sorry: 'absent' }), false);
    assert.equal(set({ sorry: 'absent', sorryActive: true }), true);
    assert.equal(set({ sorry: 'inhibited' }), true);
  });

  test('a line of a group counts all that are set', () => {
    const tcp = (setting: Setting) => groupEntryState(group, line, [service(setting)], first).tcp;
    assert.equal(tcp({}), 1);
    assert.equal(tcp({ inhibit: true }), 2);
    assert.equal(tcp({ inhibit: true, sorry: 'inhibited' }), 3);
    assert.equal(tcp({ sorry: 'absent', sorryActive: true }), 1);
  });

  test('a reload is seen wherever something stays, under another name too', () => {
    const before = formerStates([service({})], [group]);
    const now = service({ protocol: 'UDP' });
    const [real] = now.server.realServers;
    assert.ok(real);
    const { previousEffectiveWeight, reloaded } = realServerState(now.server, real, now, before) ?? {};
    assert.deepEqual([previousEffectiveWeight, reloaded], [3, true]);
    assert.equal(virtualServerState(now, before)?.reloaded, true);
    assert.equal(groupEntryState(group, line, [now], before).reloaded, true);
    assert.equal(groupEntryState(group, { ...line, port: 81 }, [now], before).reloaded, false);
  });
});
