import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { isArp } from './frame.ts';
import type { Host } from './host.ts';
import { seconds } from './processes.ts';
import { becomes, hasAddress } from './states.ts';
import { arpFrames } from './transcript.ts';

/** Seconds from the first gratuitous ARP to the first of each later burst. */
function bursts(host: Host): readonly number[] {
  const times = host.frames.filter(isArp).map((frame) => frame.at);
  const first = times[0]!;
  return times.filter((at, index) => index === 0 || at - times[index - 1]! > 0.3).map((at) => at - first);
}

duel('prefix lengths, scope, label and broadcast', async ({ a, b }) => {
  const addresses = [
    '10.9.0.200/24',
    '10.9.0.201/32',
    '10.9.0.202/24 brd 10.9.0.255',
    '10.9.0.203/24 brd + dev eth0',
    '10.8.0.1/16 dev eth0 scope link',
    '10.9.0.204/24 dev eth0 label eth0:one',
    '192.0.2.1 dev lo',
  ];
  a.start(configuration(a, { priority: 100, addresses }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, addresses }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  for (const address of ['10.9.0.200', '10.9.0.204', '10.8.0.1', '192.0.2.1'])
    assert.ok(hasAddress(a, address), address);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  await b.stop();
});

duel('excluded addresses are set but not advertised', async ({ a, b }) => {
  const instance = ['virtual_ipaddress_excluded {', '    10.9.0.210', '    10.9.0.211/24 dev eth0', '}'];
  const addresses = ['10.9.0.200', '10.9.0.201'];
  a.start(configuration(a, { priority: 100, addresses, instance }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, addresses, instance }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  assert.ok(hasAddress(a, '10.9.0.210') && hasAddress(a, '10.9.0.211'));
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  assert.ok(!hasAddress(a, '10.9.0.210') && hasAddress(b, '10.9.0.211'));
  await b.stop();
});

duel('gratuitous ARP: five rounds at once, five more after five seconds', async ({ a, b }) => {
  const addresses = ['10.9.0.200', '10.9.0.201/24', '10.9.0.202'];
  a.start(configuration(a, { priority: 100, addresses }));
  await becomes(a, 'MASTER');
  await seconds(6);
  assert.equal(a.frames.filter(isArp).length, 2 * 5 * addresses.length);
  assert.equal(bursts(a).length, 2);
  assert.ok(Math.abs(bursts(a)[1]! - 5) < 0.3, `the second burst came after ${bursts(a)[1]} s`);
  a.remarks.push(...arpFrames(a));
  await a.stop();
  await b.stop();
});

// keepalived 2.2 counts the first refresh from the start as master, 2.4 from the end of the delay.
duel('gratuitous ARP as configured: delay, repeats and refresh', async ({ a, b }) => {
  const instance = [
    'garp_master_delay 2',
    'garp_master_repeat 3',
    'garp_master_refresh 3',
    'garp_master_refresh_repeat 2',
  ];
  a.start(configuration(a, { priority: 100, instance, addresses: ['10.9.0.200', '10.9.0.201'] }));
  await becomes(a, 'MASTER');
  await seconds(9);
  const times = bursts(a);
  assert.ok(Math.abs(times[1]! - 2) < 0.3, `bursts at ${times.join(', ')} s`);
  assert.ok(Math.abs(times.at(-1)! - times.at(-2)! - 3) < 0.3, `bursts at ${times.join(', ')} s`);
  await a.stop();
  await b.stop();
});

duel('gratuitous ARP with an interval between the frames', async ({ a, b }) => {
  const global = ['vrrp_garp_interval 0.1'];
  const instance = ['garp_master_delay 1', 'garp_master_repeat 2'];
  a.start(configuration(a, { priority: 100, global, instance, addresses: ['10.9.0.200', '10.9.0.201'] }));
  await becomes(a, 'MASTER');
  await seconds(2.5);
  const times = a.frames.filter(isArp).map((frame) => frame.at);
  assert.ok(Math.abs(times[1]! - times[0]! - 0.1) < 0.08, `the second frame came after ${times[1]! - times[0]!} s`);
  await a.stop();
  await b.stop();
});

duel('a hundred addresses', async ({ a, b }) => {
  const addresses = Array.from({ length: 100 }, (_, index) => `10.9.1.${index + 1}/24`);
  a.start(configuration(a, { priority: 100, addresses }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, addresses }));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  await a.stop();
  await becomes(b, 'MASTER', 3);
  await seconds(0.5);
  await b.stop();
});
