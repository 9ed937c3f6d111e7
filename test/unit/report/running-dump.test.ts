import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VrrpInstance } from '../../../src/config/types.ts';
import { seconds } from '../../../src/lib/duration.ts';
import { dumpVrrp, dumpVrrpGlobal } from '../../../src/report/dump.ts';
import { config } from './examples.ts';
import { running } from './running.ts';

/** Lines of `wanted` that `lines` lacks, when both are gone through in order. */
function missingInOrder(wanted: readonly string[], lines: readonly string[]): string[] {
  let at = 0;
  return wanted.filter((line) => {
    const found = lines.indexOf(line, at);
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

describe('the dump of a running VRRP process', () => {
  it('shows what the packet filter that an instance needs drops', () => {
    const [first, ...others] = config.instances;
    const strict = { ...config, instances: [{ ...first!, accept: false }, ...others] };
    const lines = [...dumpVrrpGlobal(strict), ...dumpVrrp(strict, running())];
    const expected = [
      ' nftables table name = keepalived',
      ' nftables base chain priority = -1',
      '     10.20.0.5/24 dev eth0 scope global set nftable_set',
    ];
    assert.deepEqual(missingInOrder(expected, lines), []);
    assert.equal(dumpVrrpGlobal(config).includes(expected[0]!), false);
  });

  it('shows the groups of interfaces that announce in turn', () => {
    const grouped = { ...config, garpGroups: [{ garpInterval: seconds(0.1), interfaces: ['eth0', 'eth1'] }] };
    const expected = [
      '------< Gratuitous ARP delays >------',
      '------< GARP delay group >------',
      ' GARP interval = 0.100000',
      ' Interfaces',
      '  eth0',
      '  eth1',
      ' Name = eth0',
      '   Gratuitous ARP interval 100ms',
    ];
    assert.deepEqual(missingInOrder(expected, dumpVrrp(grouped, running())), []);
  });

  it('marks unicast instances that only their peers tell apart', () => {
    const [first, ...others] = config.instances;
    const unicast = { ...first!, unicast: { peers: [] } };
    const lines = (...instances: VrrpInstance[]) => dumpVrrp({ ...config, instances }, running());
    const mark = '     Using unicast with VRID duplication';
    assert.equal(lines(unicast, { ...unicast, name: 'VI_C' }).filter((line) => line === mark).length, 2);
    assert.equal(lines(unicast, ...others).includes(mark), false);
  });

  it('shows the synchronisation daemon with its number, if its instance is known', () => {
    const shown = (instance: string, id?: number) => {
      const lvsSyncDaemon = { interface: 'eth0', instance, ...(id !== undefined && { id }) };
      const lines = dumpVrrpGlobal({ ...config, global: { ...config.global, lvsSyncDaemon } });
      return lines.filter((line) => line.startsWith(' LVS syncd '));
    };
    const [{ name, virtualRouterId }] = config.instances as [VrrpInstance];
    const named = [` LVS syncd vrrp instance = ${name}`, ' LVS syncd interface = eth0'];
    assert.deepEqual(shown(name), [...named, ` LVS syncd syncid = ${virtualRouterId}`]);
    assert.deepEqual(shown(name, 7), [...named, ' LVS syncd syncid = 7']);
    assert.deepEqual(shown('elsewhere'), []);
  });

  it('has no source while there is none', () => {
    const lines = dumpVrrp(config, { ...running(), sourceAddress: () => undefined });
    assert.ok(lines.includes('   Using src_ip = (none)'));
  });

  it('names the master that a backup follows', () => {
    const backup = { state: 'BACKUP', wantedState: 'BACKUP', holdsAddresses: false } as const;
    const known = { masterAddress: config.instances[0]?.multicastGroup, masterPriority: 150 } as const;
    const lines = dumpVrrp(config, running({ ...backup, ...known } as Parameters<typeof running>[0]));
    assert.deepEqual(
      missingInOrder(
        ['   State = BACKUP', '   Master router = 224.0.0.18', '   Master priority = 150', '   Wantstate = BACKUP'],
        lines,
      ),
      [],
    );
    assert.equal(lines.filter((line) => line === '   Master advert interval = 500 milli-sec').length, 1);
  });

  it('names no master while a backup has heard none', () => {
    const backup = { state: 'BACKUP', wantedState: 'BACKUP', holdsAddresses: false } as const;
    const lines = dumpVrrp(config, running(backup as Parameters<typeof running>[0]));
    assert.deepEqual(
      missingInOrder(['   State = BACKUP', '   Master router = (none)', '   Master priority = 0'], lines),
      [],
    );
  });

  it('has flags without a name', () => {
    const [instance] = config.instances as [VrrpInstance];
    const flags = (changed: Partial<VrrpInstance>) =>
      dumpVrrp({ ...config, instances: [{ ...instance, preempt: true, ...changed }] }).find((line) =>
        /Flags/.test(line),
      );
    assert.equal(flags({}), '   Flags: none');
    for (const changed of [{ garpExtraAll: true }, { v3ChecksumAsV2: true }, { mayLackAddresses: true }] as const)
      assert.equal(flags(changed), '   Flags:');
  });

  it('shows a virtual interface whose base is down, and a polled one that has to wait', () => {
    const ethernet = running().interfaces?.find(({ name }) => name === 'eth0');
    const virtual = { kind: 'VMAC', parent: 'eth1', parentUp: true, parentRunning: false, ours: true } as const;
    const upper = { ...ethernet!, name: 'vrrp.7', running: false, virtual };
    const waiting = { ...ethernet!, delayed: true, polling: 'ETHTOOL', changeable: true } as const;
    const lines = dumpVrrp(config, { ...running(), interfaces: [upper, waiting] });
    const expected = [
      '   State = UP, not RUNNING, master down',
      '   Delayed state change running = false',
      '   VMAC type private, underlying interface = eth1, state = UP, not RUNNING',
      '   State = UP, RUNNING',
      '   Delayed state change running = true',
      '   Interface type/base can be changed',
      '   NIC support ETHTOOL GLINK interface',
    ];
    assert.deepEqual(missingInOrder(expected, lines), []);
  });

  it('says why an instance is in fault', () => {
    const lines = dumpVrrp(
      config,
      running({ state: 'FAULT', wantedState: 'FAULT', trackerFaults: 2, interfaceFaults: ['i/f down'] }),
    );
    const expected = [
      '   State = FAULT',
      '   Number of tracker faults = 2',
      '   Flags of interface faults:',
      '     i/f down',
    ];
    assert.deepEqual(missingInOrder(expected, lines), []);
  });
});
