import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { configuration, type InstanceOptions } from './configuration.ts';
import { duel, play, type Script } from './duel.ts';
import type { Host } from './host.ts';
import { seconds } from './processes.ts';
import { becomes } from './states.ts';

/** The better router loses what it needs and its partner takes over; it gets that back, and the addresses with it. */
function losesAndRegains(
  lose: (host: Host) => void,
  regain: (host: Host) => void,
  settings: Partial<InstanceOptions> = {},
): Script {
  return async ({ a, b }) => {
    a.start(configuration(a, { priority: 150, ...settings }));
    await becomes(a, 'MASTER');
    b.start(configuration(b, { priority: 100, ...settings }));
    await becomes(b, 'BACKUP');
    await seconds(1.2);
    lose(a);
    await becomes(a, 'FAULT', 3);
    await becomes(b, 'MASTER', 5);
    await seconds(0.5);
    regain(a);
    await becomes(a, 'MASTER', 8);
    await becomes(b, 'BACKUP', 2);
    await seconds(1.2);
    await a.stop();
    await b.stop();
  };
}

const setDown = (host: Host) => host.setInterface('down');
const setUp = (host: Host) => host.setInterface('up');

duel(
  'an interface that vanishes is a fault, and one that returns is used again',
  losesAndRegains(
    (host) => host.removeInterface(),
    (host) => host.returnInterface('10.9.0.1/24'),
    { global: ['dynamic_interfaces'] },
  ),
);

duel('an interface set down and up again', losesAndRegains(setDown, setUp));

duel(
  'IPv6: an interface set down loses its addresses, and is used again when it has one',
  losesAndRegains(setDown, setUp, { addresses: ['fe80::9:200', '2001:db8:9::200/64'], instance: ['version 3'] }),
  { ipv6: true },
);

duel(
  'a source address that goes and comes',
  losesAndRegains(
    (host) => host.removeAddress('10.9.0.1/24'),
    (host) => host.addAddress('10.9.0.1/24'),
  ),
);

play('an interface that is gone before its coming was noticed ends nothing', async ({ a, b }) => {
  const other = [
    'vrrp_instance OTHER {',
    'interface eth7',
    'virtual_router_id 60',
    'virtual_ipaddress {',
    '10.6.0.9',
    '}',
    '}',
  ];
  a.start(configuration(a, { priority: 255, state: 'MASTER', global: ['dynamic_interfaces'], blocks: other }));
  await becomes(a, 'MASTER');
  const comeAndGo = ['link add eth7 type veth peer name far7', 'link del eth7', ''].join('\n');
  writeFileSync(a.path('batch'), comeAndGo.repeat(20));
  a.ip('-batch', a.path('batch'));
  await seconds(0.5);
  assert.equal(
    a.log.find((line) => line.includes('crashed')),
    undefined,
  );
  await a.stop();
  await b.stop();
});
