import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dumpVrrpGlobal, dumpVrrp } from '../../../src/report/dump.ts';
import { printStatistics } from '../../../src/report/statistics.ts';
import { vrrpJsonParts } from '../../../src/report/vrrp-json.ts';
import { config } from './examples.ts';
import { instanceRuntime, running } from './running.ts';

/*
 * Reads the files as the programs do that operators run beside keepalived; the ways of reading are told here, the
 * programs are named.
 */

const data = `${[...dumpVrrpGlobal(config), ...dumpVrrp(config, running())].join('\n')}\n`;
const json = printVrrpJson(config, running());

function printVrrpJson(...[of, runtime]: Parameters<typeof vrrpJsonParts>): string {
  return [...vrrpJsonParts(of, runtime)].join('');
}

/** mehdy/keepalived-exporter, text mode: a key and a value on both sides of " = ", blocks by their first key. */
function exporterText(text: string): Record<string, string | string[]>[] {
  const instances: Record<string, string | string[]>[] = [];
  let addresses: string[] | undefined;
  for (const line of text.split('\n')) {
    const [key = '', value] = line.trim().split(' = ');
    if (line.startsWith(' VRRP Instance = ')) instances.push({ name: value ?? '' });
    const current = instances.at(-1);
    if (!current || line.startsWith('------< VRRP Sockpool')) {
      if (current) break;
      continue;
    }
    if (/^ {3}Virtual IP/.test(line)) {
      addresses = [];
      current[line.includes('Excluded') ? 'excluded' : 'addresses'] = addresses;
    } else if (line.startsWith('     ') && addresses) addresses.push(line.trim());
    else {
      addresses = undefined;
      if (value !== undefined && line.startsWith('   ')) current[key] = value;
    }
  }
  return instances;
}

describe('programs that read our files', () => {
  it('keepalived-exporter finds state, addresses and delays in the data file', () => {
    const [first, second] = exporterText(data);
    assert.equal(first?.name, 'VI_A');
    assert.equal(first?.State, 'MASTER');
    assert.equal(first?.Wantstate, 'MASTER');
    assert.equal(first?.Interface, 'eth0');
    assert.equal(first?.['Virtual Router ID'], '7');
    assert.equal(first?.['Gratuitous ARP delay'], '5');
    const [address = '', device] = /^(\S+) dev (\S+)/.exec(first?.addresses?.[0] ?? '')?.slice(1) ?? [];
    assert.deepEqual([address, device], ['10.20.0.5/24', 'eth0']);
    assert.equal(first?.excluded?.length, 1);
    assert.equal(second?.name, 'VI_B');
    assert.equal(second?.addresses?.length, 2);
  });

  it('keepalived-exporter finds every counter in the statistics', () => {
    const text = printStatistics(
      config.instances.map((instance) => ({
        name: instance.name,
        statistics: instanceRuntime(instance).statistics,
      })),
    );
    const blocks = text.split('VRRP Instance: ').slice(1);
    assert.deepEqual(
      blocks.map((block) => block.split('\n')[0]),
      ['VI_A', 'VI_B'],
    );
    const counter = (block: string, section: string, label: string): number => {
      const from = block.indexOf(`  ${section}:`);
      return Number(new RegExp(`^ {4}${label}: (\\d+)$`, 'm').exec(block.slice(from))?.[1]);
    };
    assert.equal(counter(blocks[0] ?? '', 'Advertisements', 'Sent'), 4);
    assert.equal(Number(/^ {2}Became master: (\d+)$/m.exec(blocks[0] ?? '')?.[1]), 1);
    assert.equal(counter(blocks[1] ?? '', 'Advertisements', 'Sent'), 8);
    for (const label of ['Length', 'TTL', 'Invalid Type', 'Advertisement Interval', 'Address List']) {
      assert.equal(counter(blocks[0] ?? '', 'Packet Errors', label), 0);
    }
    assert.equal(counter(blocks[0] ?? '', 'Priority Zero', 'Sent'), 0);
  });

  it('both exporters and LuCI read the JSON file as an array of data and statistics', () => {
    const read = JSON.parse(json) as { data: Record<string, unknown>; stats: Record<string, number> }[];
    const [first] = read;
    assert.equal(first?.data.iname, 'VI_A');
    assert.equal(first?.data.ifp_ifname, 'eth0');
    assert.equal(first?.data.vrid, 7);
    assert.equal(first?.data.state, 2);
    assert.equal(first?.data.last_transition, 1795223396.189308);
    assert.deepEqual((first?.data.vips as string[])[0], '10.20.0.5/24 dev eth0 scope global set');
    assert.equal(first?.data.auth_data, '********');
    assert.equal(first?.stats.advert_sent, 4);
    assert.equal(read[1]?.data.adver_int, 0.5);
    assert.ok(Object.values(first?.stats ?? {}).every(Number.isInteger));
  });

  it('the JSON file is keepalived’s to the byte', () => {
    assert.ok(
      json.startsWith('[{"data":{"iname":"VI_A","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,'),
    );
    assert.ok(json.includes('"vips":["10.20.0.5\\/24 dev eth0 scope global set"'));
    assert.ok(json.endsWith('"pri_zero_rcvd":0,"pri_zero_sent":0}}]\n'));
  });

  it('version 2 of the JSON file is an object', () => {
    const dumps = { ...config.global.dumps, jsonVersion: 2 } as const;
    const text = printVrrpJson({ ...config, global: { ...config.global, dumps } }, running());
    assert.deepEqual(Object.keys(JSON.parse(text) as object), ['vrrp']);
  });

  it('nobody gets a JSON file without an instance', () => {
    assert.equal(printVrrpJson({ ...config, instances: [] }, running()), '');
  });

  it('OpenShift’s grep sees a fault and nothing else', () => {
    assert.doesNotMatch(data, /State = FAULT/);
    const fault = dumpVrrp(config, running({ state: 'FAULT', wantedState: 'FAULT' })).join('\n');
    assert.match(fault, /^ {3}State = FAULT$/m);
  });

  it('VyOS finds its columns in the JSON file', () => {
    const names = ['MASTER', 'BACKUP', 'FAULT'];
    const numbers: Readonly<Record<string, number>> = { MASTER: 2, BACKUP: 1, FAULT: 3 };
    for (const state of names) {
      const text = printVrrpJson(config, running({ state, wantedState: state } as Parameters<typeof running>[0]));
      const [{ data: group }] = JSON.parse(text) as [{ data: Record<string, unknown> }];
      const columns = [
        'iname',
        'ifp_ifname',
        'vrid',
        'state',
        'base_priority',
        'effective_priority',
        'last_transition',
      ];
      for (const column of columns) assert.ok(group[column] !== undefined, column);
      assert.equal(group.state, numbers[state]);
    }
  });
});
