import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangedSettings, type SettingsHost } from '../../../../src/daemon/vrrp/changed-settings.ts';

const path = 'net/ipv4/conf/eth0/arp_ignore';

/** A kernel with one setting, and a file. */
function host(value: string): { settings: Map<string, string>; file: Map<string, string>; host: SettingsHost } {
  const settings = new Map([[path, value]]);
  const file = new Map<string, string>();
  const journal = {
    read: () => new Map(file),
    write(values: ReadonlyMap<string, string>) {
      file.clear();
      for (const [key, one] of values) file.set(key, one);
    },
  };
  const write = (key: string, one: string): boolean => settings.has(key) && settings.set(key, one) !== undefined;
  return { settings, file, host: { journal, read: (key) => settings.get(key), write } };
}

test('a changed setting is restored, and then nothing is remembered', () => {
  const { settings, file, host: machine } = host('0');
  const changed = new ChangedSettings(machine);
  changed.change(path, '1');
  changed.change('net/ipv4/conf/gone/arp_ignore', '1');
  assert.deepEqual([settings.get(path), [...file]], ['1', [[path, '0']]]);
  changed.restore([path]);
  assert.deepEqual([settings.get(path), file.size], ['0', 0]);
});

test('after a crash the value before the first change is restored', () => {
  const { settings, file, host: machine } = host('2');
  new ChangedSettings(machine).change(path, '1');
  const next = new ChangedSettings(machine);
  next.change(path, '1');
  next.settle();
  assert.deepEqual([settings.get(path), file.get(path)], ['1', '2']);
  next.restore([path]);
  assert.deepEqual([settings.get(path), file.size], ['2', 0]);
});

test('after a crash what is no longer wanted is put back at once', () => {
  const { settings, file, host: machine } = host('0');
  new ChangedSettings(machine).change(path, '1');
  new ChangedSettings(machine).settle();
  assert.deepEqual([settings.get(path), file.size], ['0', 0]);
});
