import assert from 'node:assert/strict';
import { configuration } from './configuration.ts';
import { duel } from './duel.ts';
import type { Host } from './host.ts';
import { seconds } from './processes.ts';
import { becomes } from './states.ts';

function scripts(host: Host): string[] {
  const { scriptPath } = host;
  return [
    `notify_master "${scriptPath} became master"`,
    `notify_backup "${scriptPath} became backup"`,
    `notify_fault "${scriptPath} has a fault"`,
    `notify_stop "${scriptPath} stops"`,
    `notify ${scriptPath}`,
  ];
}

duel('scripts and FIFO tell every change of state', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: scripts(a) }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, instance: scripts(b) }));
  await becomes(a, 'MASTER');
  await seconds(0.3);
  a.setLink('down');
  await becomes(a, 'FAULT', 3);
  await becomes(b, 'MASTER', 6);
  a.setLink('up');
  await becomes(a, 'MASTER');
  await becomes(b, 'BACKUP', 2);
  await seconds(0.5);
  await a.stop();
  await becomes(b, 'MASTER', 2);
  await seconds(0.3);
  await b.stop();
  assert.ok(a.scriptCalls.includes('became master') && a.scriptCalls.includes('stops'), a.scriptCalls.join('\n'));
});

duel('SIGHUP without a difference keeps the master and its addresses', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: scripts(a) }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50, instance: scripts(b) }));
  await becomes(a, 'MASTER');
  await seconds(1.3);
  a.signal('SIGHUP');
  await seconds(1.5);
  b.signal('SIGHUP');
  await seconds(1.5);
  assert.equal(a.addresses.length, 1, 'the address was set once and never touched');
  await b.stop();
  await a.stop();
});

duel('SIGHUP with another priority moves the address', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100 }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50 }));
  await becomes(a, 'MASTER');
  await seconds(1.3);
  b.configure(configuration(b, { priority: 150 }));
  b.signal('SIGHUP');
  await becomes(b, 'MASTER', 6);
  await becomes(a, 'BACKUP', 2);
  await seconds(1);
  await b.stop();
  await becomes(a, 'MASTER', 3);
  await a.stop();
});

duel('SIGHUP with other addresses adds and removes the difference', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, addresses: ['10.9.0.200', '10.9.0.201'] }));
  await becomes(a, 'MASTER');
  await seconds(1.3);
  a.configure(configuration(a, { priority: 100, addresses: ['10.9.0.200', '10.9.0.202'] }));
  a.signal('SIGHUP');
  await seconds(2);
  await a.stop();
  await b.stop();
});
