import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Observers } from '../../../../src/daemon/vrrp/observers.ts';
import type { VrrpView } from '../../../../src/daemon/vrrp/vrrp-snapshot.ts';
import type { Observation } from '../../../../src/ipc/observation.ts';
import { instant, seconds } from '../../../../src/lib/duration.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { config, instance, ip } from '../../report/examples.ts';

it('a flood of refused packets does not become a flood of traps', async () => {
  const clock = fakeClock();
  const told: Observation[] = [];
  const context = { clock, log: () => {}, tellObserver: (event: Observation) => void told.push(event) };
  const snmp = { ...config.global.snmp, traps: true, rfcV2: true };
  const view = {
    config: { ...config, global: { ...config.global, snmp } },
    routers: [],
    interfaces: { named: () => undefined },
  };
  const observers = new Observers(context, () => view as unknown as VrrpView);
  const flood = (): void => {
    for (let n = 0; n < 5000; n++) observers.complained(instance, { event: 'packetPassword', from: ip('10.20.0.9') });
  };
  flood();
  assert.equal(told.length, 100);
  await clock.advanceTo(instant(seconds(1)));
  flood();
  assert.equal(told.length, 200);
  assert.deepEqual(told[0], {
    ...{ type: 'refused', version: 2, family: 4, virtualRouterId: instance.virtualRouterId, interfaceIndex: 0 },
    ...{ from: '10.20.0.9', reason: 'authFailure' },
  });
});
