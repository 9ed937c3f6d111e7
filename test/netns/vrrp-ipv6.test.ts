import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import { hex } from './frame.ts';
import { seconds } from './processes.ts';
import { becomes } from './states.ts';
import { adverts, arpFrames } from './transcript.ts';

const ipv6 = { ipv6: true };
const addresses = ['fe80::9:200', '2001:db8:9::200/64'];
const instance = ['version 3'];

duel(
  'IPv6: a higher priority takes over, and the other when it ends',
  async ({ a, b }) => {
    b.start(configuration(b, { priority: 100, addresses, instance }));
    await becomes(b, 'MASTER');
    await seconds(1.2);
    a.start(configuration(a, { priority: 150, addresses, instance }));
    await becomes(a, 'MASTER');
    await becomes(b, 'BACKUP', 2);
    await seconds(1.2);
    await a.stop();
    await becomes(b, 'MASTER', 3);
    await seconds(0.5);
    assert.ok(arpFrames(b).some((frame) => frame.startsWith('333300000001')));
    await b.stop();
  },
  ipv6,
);

duel(
  'IPv6 at a tenth of a second, to a group of its own, with IPv4 addresses beside',
  async ({ a, b }) => {
    const own = ['version 3', 'mcast_dst_ip ff02::1:9', 'virtual_ipaddress_excluded {', '    10.9.0.201', '}'];
    const fast = (priority: number) => ({ priority, addresses, instance: [...own, 'advert_int 0.1'] });
    a.start(configuration(a, fast(150)));
    await becomes(a, 'BACKUP');
    b.start(configuration(b, fast(100)));
    await becomes(a, 'MASTER');
    await becomes(b, 'BACKUP');
    await seconds(1);
    a.setLink('down');
    await becomes(a, 'FAULT', 3);
    await becomes(b, 'MASTER', 3);
    await seconds(0.5);
    a.setLink('up');
    await becomes(a, 'MASTER', 6);
    await becomes(b, 'BACKUP', 2);
    assert.ok(adverts(a).every(({ bytes }) => hex(bytes).startsWith('333300010009')));
    await seconds(0.5);
    await a.stop();
    await b.stop();
  },
  ipv6,
);

duel(
  'IPv6 to a peer, with limits of the hop count',
  async ({ a, b }) => {
    const peer = (own: number, other: number) => [
      'version 3',
      `unicast_src_ip fe80::ff:fe00:90${own}`,
      'unicast_ttl 33',
      'unicast_peer {',
      `    fe80::ff:fe00:90${other} min_ttl 33 max_ttl 33`,
      '}',
    ];
    a.start(configuration(a, { priority: 100, addresses, instance: peer(1, 2) }));
    await becomes(a, 'MASTER');
    b.start(configuration(b, { priority: 150, addresses, instance: peer(2, 1) }));
    await becomes(b, 'MASTER');
    await becomes(a, 'BACKUP', 2);
    await seconds(0.5);
    await b.stop();
    await becomes(a, 'MASTER', 3);
    await seconds(0.5);
    await a.stop();
  },
  ipv6,
);
