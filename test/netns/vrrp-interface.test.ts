import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { seconds } from './processes.ts';
import { becomes } from './states.ts';

duel('an interface that vanishes is a fault, and one that returns is used again', async ({ a, b }) => {
  const global = ['dynamic_interfaces'];
  a.start(configuration(a, { priority: 150, global }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100, global }));
  await becomes(b, 'BACKUP');
  await seconds(1.2);
  a.removeInterface();
  await becomes(a, 'FAULT', 3);
  await becomes(b, 'MASTER', 5);
  await seconds(0.5);
  a.returnInterface('10.9.0.1/24');
  await becomes(a, 'MASTER', 8);
  await becomes(b, 'BACKUP', 2);
  await seconds(1.2);
  await a.stop();
  await b.stop();
});

duel('an interface set down and up again', async ({ a, b }) => {
  a.start(configuration(a, { priority: 150 }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100 }));
  await becomes(b, 'BACKUP');
  await seconds(1.2);
  a.setInterface('down');
  await becomes(a, 'FAULT', 3);
  await becomes(b, 'MASTER', 5);
  await seconds(0.5);
  a.setInterface('up');
  await becomes(a, 'MASTER', 8);
  await becomes(b, 'BACKUP', 2);
  await seconds(1.2);
  await a.stop();
  await b.stop();
});

duel(
  'IPv6: an interface set down loses its addresses, and is used again when it has one',
  async ({ a, b }) => {
    const addresses = ['fe80::9:200', '2001:db8:9::200/64'];
    const instance = ['version 3'];
    a.start(configuration(a, { priority: 150, addresses, instance }));
    await becomes(a, 'MASTER');
    b.start(configuration(b, { priority: 100, addresses, instance }));
    await becomes(b, 'BACKUP');
    await seconds(1.2);
    a.setInterface('down');
    await becomes(a, 'FAULT', 3);
    await becomes(b, 'MASTER', 5);
    await seconds(0.5);
    a.setInterface('up');
    await becomes(a, 'MASTER', 8);
    await becomes(b, 'BACKUP', 2);
    await seconds(1.2);
    await a.stop();
    await b.stop();
  },
  { ipv6: true },
);

duel('a source address that goes and comes', async ({ a, b }) => {
  a.start(configuration(a, { priority: 150 }));
  await becomes(a, 'MASTER');
  b.start(configuration(b, { priority: 100 }));
  await becomes(b, 'BACKUP');
  await seconds(1.2);
  a.removeAddress('10.9.0.1/24');
  await becomes(a, 'FAULT', 3);
  await becomes(b, 'MASTER', 5);
  await seconds(0.5);
  a.addAddress('10.9.0.1/24');
  await becomes(a, 'MASTER', 8);
  await becomes(b, 'BACKUP', 2);
  await seconds(1.2);
  await a.stop();
  await b.stop();
});
