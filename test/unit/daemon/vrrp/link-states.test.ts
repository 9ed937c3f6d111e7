import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, LinkbeatInterface } from '../../../../src/config/types.ts';
import { Interfaces } from '../../../../src/daemon/vrrp/interfaces.ts';
import { LinkStates } from '../../../../src/daemon/vrrp/link-states.ts';
import { monotonicClock } from '../../../../src/os/clock.ts';

test('a reload that asks a device in another way is followed', () => {
  const states = new LinkStates(monotonicClock, new Interfaces([], []), () => {});
  const asking = (method: LinkbeatInterface['method']) => {
    const linkbeatInterfaces = [{ interface: 'lo', ...(method && { method }) }];
    states.configure({
      ...{ interfaceDelays: [], instances: [], linkbeatInterfaces },
      global: {},
    } as unknown as Config);
    return states.pollingOf('lo');
  };
  assert.deepEqual([asking('ETHTOOL'), asking('ETHTOOL'), asking('IOCTL')], ['ETHTOOL', 'ETHTOOL', 'IOCTL']);
  states.close();
});
