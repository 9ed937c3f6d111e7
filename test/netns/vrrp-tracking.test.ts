import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';
import { becomes } from './states.ts';

/** The configuration with blocks before its instance. */
function tracking(host: Host, priority: number, blocks: readonly string[], instance: readonly string[]): string {
  const all = configuration(host, {
    ...{ priority },
    instance: ['notify_priority_changes true', `notify ${host.scriptPath}`, ...instance],
  });
  return all.replace('vrrp_instance', [...blocks, 'vrrp_instance'].join('\n'));
}

const tells = (host: Host, line: string, limit = 6) => until(line, limit, () => host.fifo.at(-1) === line);

function script(name: string, test: string, ...lines: string[]): string[] {
  const interval = lines.some((line) => line.startsWith('interval')) ? [] : ['interval 1'];
  return [`vrrp_script ${name} {`, `script "${test}"`, ...interval, ...lines, '}'];
}

function veth(host: Host, name: string): void {
  host.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-far`);
  host.ip('link', 'set', name, 'up');
  host.ip('link', 'set', `${name}-far`, 'up');
}

duel('scripts with a weight: rise and fall, timeout, signal, and a file that can be opened', async ({ a, b }) => {
  const flag = a.path('flag');
  const open = a.path('open');
  // Where the timeout is the interval, what keepalived makes of a run that hangs is not always the same.
  const blocks = [
    ...script('flag', `/usr/bin/test ! -e ${flag}`, 'weight -60', 'rise 2', 'fall 2'),
    ...script('hang', `/usr/bin/sh -c 'test ! -e ${flag}2 || exec sleep 10'`, 'interval 2', 'timeout 1', 'weight 5'),
    ...script('open', `<${open}`, 'weight 3'),
  ];
  a.start(tracking(a, 150, blocks, ['track_script {', 'flag', 'hang', 'open', '}']));
  await tells(a, 'INSTANCE "VI_1" MASTER 155');
  await seconds(1.2);
  writeFileSync(open, '');
  await tells(a, 'INSTANCE "VI_1" MASTER_PRIORITY 158', 3);
  b.start(tracking(b, 100, [], []));
  await seconds(1.5);
  writeFileSync(flag, '');
  await becomes(b, 'MASTER', 8);
  await tells(a, 'INSTANCE "VI_1" BACKUP 98', 2);
  rmSync(flag);
  await tells(a, 'INSTANCE "VI_1" MASTER 158', 10);
  await seconds(1.2);
  writeFileSync(`${flag}2`, '');
  await tells(a, 'INSTANCE "VI_1" MASTER_PRIORITY 153', 5);
  await seconds(1.2);
  rmSync(`${flag}2`);
  await tells(a, 'INSTANCE "VI_1" MASTER_PRIORITY 158', 5);
  await seconds(1.2);
  rmSync(open);
  await tells(a, 'INSTANCE "VI_1" MASTER_PRIORITY 155', 3);
  await seconds(1.2);
  a.signal('SIGHUP');
  await seconds(2.5);
  await b.stop();
  await a.stop();
});

duel('a script without weight is a fault, and holds the instance until its first result', async ({ a, b }) => {
  const flag = a.path('flag');
  a.start(
    tracking(a, 150, script('slow', `/usr/bin/sh -c 'sleep 0.4; test ! -e ${flag}'`), ['track_script {', 'slow', '}']),
  );
  await tells(a, 'INSTANCE "VI_1" BACKUP 150');
  b.start(tracking(b, 100, [], []));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  writeFileSync(flag, '');
  await becomes(a, 'FAULT', 4);
  await becomes(b, 'MASTER', 3);
  rmSync(flag);
  await becomes(a, 'MASTER', 8);
  await becomes(b, 'BACKUP', 2);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('files: their number counts, 254 below is a fault, and without weight any number is', async ({ a, b }) => {
  const [load, health] = [a.path('load'), a.path('health')];
  const blocks = [
    ...['track_file load {', `file "${load}"`, 'weight 2', 'init_file 3', '}'],
    ...['track_file health {', `file "${health}"`, 'weight 0', 'init_file 0', '}'],
  ];
  a.start(tracking(a, 100, blocks, ['track_file {', 'load', 'health', '}']));
  await becomes(a, 'MASTER');
  await seconds(0.5);
  for (const value of ['10', '-5', '200', 'junk', ' +7 apples']) {
    writeFileSync(load, `${value}\n`);
    await seconds(0.7);
  }
  writeFileSync(load, '-127\n');
  await becomes(a, 'FAULT', 2);
  writeFileSync(a.path('new'), '4\n');
  renameSync(a.path('new'), load);
  await tells(a, 'INSTANCE "VI_1" MASTER 108', 6);
  rmSync(load);
  await tells(a, 'INSTANCE "VI_1" MASTER_PRIORITY 100', 2);
  writeFileSync(health, '1\n');
  await becomes(a, 'FAULT', 2);
  rmSync(health);
  await becomes(a, 'MASTER', 6);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('interfaces: weights, reverse, and a fault', async ({ a, b }) => {
  for (const name of ['eth1', 'eth2', 'eth3']) veth(a, name);
  const lines = ['track_interface {', 'eth1 weight -20', 'eth2', 'eth3 weight 30 reverse', '}'];
  a.start(tracking(a, 100, [], lines));
  await tells(a, 'INSTANCE "VI_1" MASTER 70');
  b.start(tracking(b, 60, [], []));
  await seconds(1.2);
  a.ip('link', 'set', 'eth1', 'down');
  await becomes(b, 'MASTER', 6);
  await tells(a, 'INSTANCE "VI_1" BACKUP 50', 2);
  a.ip('link', 'set', 'eth3', 'down');
  await becomes(a, 'MASTER', 6);
  await seconds(1.2);
  a.ip('link', 'set', 'eth2', 'down');
  await becomes(a, 'FAULT', 2);
  await becomes(b, 'MASTER', 6);
  a.ip('link', 'set', 'eth2', 'up');
  await becomes(a, 'MASTER', 6);
  await becomes(b, 'BACKUP', 2);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('interfaces that come and go', async ({ a, b }) => {
  const lines = configuration(a, {
    priority: 100,
    global: ['dynamic_interfaces'],
    instance: [`notify ${a.scriptPath}`, 'track_interface {', 'eth7', '}'],
  });
  a.start(lines);
  await becomes(a, 'FAULT');
  await seconds(0.5);
  veth(a, 'eth7');
  await becomes(a, 'MASTER', 6);
  await seconds(0.5);
  a.ip('link', 'del', 'eth7');
  await becomes(a, 'FAULT', 2);
  await seconds(0.3);
  veth(a, 'eth7');
  await becomes(a, 'BACKUP', 2);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('a higher priority shortens a wait that has begun', async ({ a, b }) => {
  const load = a.path('load');
  const blocks = ['track_file load {', `file "${load}"`, 'init_file 0', '}'];
  a.start(tracking(a, 10, blocks, ['track_file {', 'load', '}']));
  await becomes(a, 'BACKUP');
  await seconds(1);
  writeFileSync(load, '240\n');
  await becomes(a, 'MASTER', 2.4);
  await seconds(0.5);
  await a.stop();
  await b.stop();
});
