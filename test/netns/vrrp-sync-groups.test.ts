import { rmSync, writeFileSync } from 'node:fs';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';
import { becomes } from './states.ts';

interface GroupOptions {
  readonly priority: number;
  /** Of the second member. */
  readonly second?: number;
  /** Further lines at the top. */
  readonly before?: readonly string[];
  /** Further lines of the first member and of the group. */
  readonly instance?: readonly string[];
  readonly group?: readonly string[];
}

/** VI_1 and VI_2 on eth0 in one group that tells its changes like its members. */
function pair(
  host: Host,
  { priority, second = priority, before = [], instance = [], group = [] }: GroupOptions,
): string {
  const scripts = ['master', 'backup', 'fault', 'stop'].map(
    (state) => `notify_${state} "${host.scriptPath} group ${state}"`,
  );
  const member = configuration(host, { priority: second, addresses: ['10.9.0.201'] })
    .replace(/^global_defs \{[^}]*\}\n/, '')
    .replace('VI_1', 'VI_2')
    .replace('virtual_router_id 51', 'virtual_router_id 52');
  return [
    configuration(host, { priority, instance: [...instance, `notify ${host.scriptPath}`] }).replace(
      'vrrp_instance VI_1',
      [...before, 'vrrp_instance VI_1'].join('\n'),
    ),
    member,
    'vrrp_sync_group BOTH {',
    'group {',
    'VI_1',
    'VI_2',
    '}',
    ...scripts,
    `notify ${host.scriptPath}`,
    ...group,
    '}',
    '',
  ].join('\n');
}

const tellsLast = (host: Host, line: string, limit = 8) =>
  until(line, limit, () => host.fifo.findLast((told) => told.startsWith('GROUP')) === line);

duel('a group is master together, yields together and stops together', async ({ a, b }) => {
  b.start(pair(b, { priority: 100, second: 90 }));
  await tellsLast(b, 'GROUP "BOTH" MASTER 0');
  await seconds(0.5);
  a.start(pair(a, { priority: 150, second: 140 }));
  await tellsLast(a, 'GROUP "BOTH" MASTER 0');
  await tellsLast(b, 'GROUP "BOTH" BACKUP 0', 2);
  await seconds(1.2);
  await a.stop();
  await tellsLast(b, 'GROUP "BOTH" MASTER 0', 8);
  await seconds(0.3);
  await b.stop();
});

duel('a fault of one member is the fault of all', async ({ a, b }) => {
  const flag = a.path('flag');
  const before = ['vrrp_script flag {', `script "/usr/bin/test ! -e ${flag}"`, 'interval 1', 'fall 2', 'rise 2', '}'];
  const instance = ['track_script {', 'flag', '}'];
  a.start(pair(a, { priority: 150, before, instance }));
  await tellsLast(a, 'GROUP "BOTH" BACKUP 0');
  b.start(pair(b, { priority: 100 }));
  await tellsLast(a, 'GROUP "BOTH" MASTER 0');
  await seconds(0.5);
  writeFileSync(flag, '');
  await tellsLast(a, 'GROUP "BOTH" FAULT 0');
  await tellsLast(b, 'GROUP "BOTH" MASTER 0');
  rmSync(flag);
  await tellsLast(a, 'GROUP "BOTH" MASTER 0', 12);
  await tellsLast(b, 'GROUP "BOTH" BACKUP 0', 2);
  await seconds(0.5);
  await b.stop();
  await a.stop();
});

duel('a group whose script fails from the start waits in fault', async ({ a, b }) => {
  const flag = a.path('flag');
  writeFileSync(flag, '');
  const before = ['vrrp_script flag {', `script "/usr/bin/test ! -e ${flag}"`, 'interval 1', '}'];
  a.start(pair(a, { priority: 150, before, group: ['track_script {', 'flag', '}'] }));
  await tellsLast(a, 'GROUP "BOTH" FAULT 0');
  await seconds(1);
  rmSync(flag);
  await tellsLast(a, 'GROUP "BOTH" MASTER 0', 10);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('an address taken away releases the whole group, which takes them back', async ({ a, b }) => {
  a.start(pair(a, { priority: 150 }));
  await tellsLast(a, 'GROUP "BOTH" MASTER 0');
  await seconds(1.2);
  a.removeAddress('10.9.0.201/32');
  await becomes(a, 'BACKUP', 2);
  await becomes(a, 'MASTER', 3);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('weights of the group move every member; a reload keeps the group', async ({ a, b }) => {
  const file = a.path('weight');
  const before = ['track_file load {', `file "${file}"`, 'init_file 0', '}'];
  const group = ['notify_priority_changes true', 'sync_group_tracking_weight', 'track_file {', 'load weight 2', '}'];
  a.start(pair(a, { priority: 150, second: 140, before, group }));
  await tellsLast(a, 'GROUP "BOTH" MASTER 0');
  b.start(pair(b, { priority: 100, second: 90 }));
  await seconds(2);
  writeFileSync(file, '-10\n');
  await seconds(1.5);
  a.signal('SIGHUP');
  await seconds(2);
  writeFileSync(file, '-60\n');
  await tellsLast(b, 'GROUP "BOTH" MASTER 0', 8);
  await tellsLast(a, 'GROUP "BOTH" BACKUP 0', 2);
  writeFileSync(file, '0\n');
  await tellsLast(a, 'GROUP "BOTH" MASTER 0', 8);
  await seconds(1);
  await b.stop();
  await a.stop();
});
