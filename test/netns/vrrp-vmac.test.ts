import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { seconds } from './processes.ts';
import { becomes, hasAddress } from './states.ts';

const addresses = ['10.9.0.200/24', '10.9.0.201'];

duel('addresses on an interface with the MAC address of the virtual router', async ({ a, b }) => {
  const instance = ['use_vmac'];
  a.start(configuration(a, { priority: 150, addresses, instance }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 100, addresses, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  assert.ok(hasAddress(a, '10.9.0.200'));
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  assert.ok(hasAddress(b, '10.9.0.200'));
  await b.stop();
});

duel('adverts from the interface below', async ({ a, b }) => {
  const instance = ['use_vmac vmac9', 'vmac_xmit_base'];
  a.start(configuration(a, { priority: 150, addresses, instance }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 100, addresses, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await b.stop();
});

duel('no_accept keeps the address and the election', async ({ a, b }) => {
  const instance = ['no_accept'];
  a.start(configuration(a, { priority: 150, addresses, instance }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 100, addresses, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await b.stop();
});
