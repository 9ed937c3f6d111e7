import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TranslatedDestination } from '../../../src/firewall/full-nat.ts';
import { fullNatRestore } from '../../../src/firewall/full-nat-iptables.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';

const ip = (text: string): IpAddress => parseIp(text) as IpAddress;
const one = (first: string, last = first) => ({ first: ip(first), last: ip(last) });

test('rules name what the client asked for and where IPVS sends it; narrower services come first', () => {
  const rules: TranslatedDestination[] = [
    {
      service: { kind: 'fwmark', fwmark: 7, family: 4 },
      destination: { address: ip('10.0.0.2'), port: 80 },
      sources: [],
    },
    {
      service: { kind: 'address', address: ip('10.0.0.1'), port: 0, protocol: 'UDP' },
      destination: { address: ip('10.0.0.2'), port: 0 },
      sources: [one('10.0.0.9')],
    },
    {
      service: { kind: 'address', address: ip('10.0.0.1'), port: 80, protocol: 'TCP' },
      destination: { address: ip('10.0.0.2'), port: 8080 },
      sources: [one('10.0.0.7'), one('10.0.0.9', '10.0.0.11')],
    },
  ];
  const tcp = '-A EVENKEEL_FNAT -d 10.0.0.2 -p tcp -m tcp --dport 8080 -m ipvs --vmethod masq';
  assert.deepEqual(fullNatRestore(rules, false).trimEnd().split('\n'), [
    '*nat',
    ':EVENKEEL_FNAT - [0:0]',
    '-I POSTROUTING -m ipvs --ipvs -j EVENKEEL_FNAT',
    `${tcp} --vproto tcp --vaddr 10.0.0.1 --vport 80 -m statistic --mode random --probability 0.250000000 -j SNAT --to-source 10.0.0.7`,
    `${tcp} --vproto tcp --vaddr 10.0.0.1 --vport 80 -j SNAT --to-source 10.0.0.9-10.0.0.11`,
    '-A EVENKEEL_FNAT -d 10.0.0.2 -p udp -m ipvs --vmethod masq --vproto udp --vaddr 10.0.0.1 -j SNAT --to-source 10.0.0.9',
    '-A EVENKEEL_FNAT -d 10.0.0.2 -m mark --mark 7 -m ipvs --vmethod masq -j MASQUERADE',
    'COMMIT',
  ]);
});

test('the chain goes with the last rule', () => {
  const gone = ['*nat', ':EVENKEEL_FNAT - [0:0]', '-D POSTROUTING -m ipvs --ipvs -j EVENKEEL_FNAT', '-X EVENKEEL_FNAT'];
  assert.equal(fullNatRestore([], true), `${[...gone, 'COMMIT'].join('\n')}\n`);
  assert.ok(!fullNatRestore([], false).includes('POSTROUTING'));
});
