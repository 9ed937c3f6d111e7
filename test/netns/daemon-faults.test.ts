import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { AdvertWatch } from './advert-watch.ts';
import { fastInstance, NO_ADVERT_MISSED } from './configuration.ts';
import { childrenOf, Foreground, isAlive, Sandbox } from './daemon.ts';
import { Recorder, run, seconds, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program /usr/bin/tcpdump']);

const TWO = fastInstance('VI_1', 51) + fastInstance('VI_2', 52);

describe('faults', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let watch: AdvertWatch;
  let daemon: Foreground | undefined;
  let file: string;

  before(async () => {
    sandbox = new Sandbox('faults');
    file = sandbox.write('keepalived.conf', TWO);
    watch = await AdvertWatch.open(sandbox.namespace, 'eth1');
  });
  after(async () => {
    await watch.close();
    sandbox.close();
  });
  afterEach(async () => {
    await daemon?.stop();
    assert.deepEqual(addresses(), []);
    sandbox.write('keepalived.conf', TWO);
  });

  /** Virtual addresses on eth0. */
  const addresses = (): string[] =>
    run('ip', '-n', sandbox.namespace, '-4', '-o', 'address', 'show', 'dev', 'eth0')
      .split('\n')
      .flatMap((line) => /inet (10\.99\.0\.\d+)\/32/.exec(line)?.[1] ?? [])
      .sort();
  const parent = (): number => sandbox.pidIn('p.pid');
  const child = (): number => sandbox.pidIn('r.pid');

  const begin = async (configuration = TWO): Promise<Foreground> => {
    sandbox.write('keepalived.conf', configuration);
    daemon = new Foreground(sandbox, evenkeel, '-D', '-f', file, ...sandbox.pidOptions);
    await daemon.says(/^Startup complete$/);
    await watch.hears(51);
    await until('the address', 10, () => addresses().includes('10.99.0.51'));
    return daemon;
  };
  const settled = (...wanted: string[]): Promise<void> =>
    until(`addresses ${wanted.join(' ')}`, 20, () => addresses().join() === wanted.join());

  it('a killed VRRP process is replaced, and the kernel holds what is configured', async () => {
    const daemon = await begin();
    const first = child();
    process.kill(first, 'SIGKILL');
    await until('another child', 10, () => child() !== first && isAlive(child()));
    await watch.hears(51, 2);
    await settled('10.99.0.51', '10.99.0.52');
    assert.equal(daemon.count(/^VRRP child process\(\d+\) died: Respawning$/), 1);
  });

  it('a killed parent takes its children and the addresses along', async () => {
    const daemon = await begin();
    const pids = childrenOf(parent());
    process.kill(parent(), 'SIGKILL');
    await until('no child is left', 10, () => pids.every((pid) => !isAlive(pid)));
    await settled();
    await daemon.ended();
  });

  it('a stopped VRRP process goes on where it was', async () => {
    const daemon = await begin();
    const pid = child();
    for (const span of [1, 4]) {
      process.kill(pid, 'SIGSTOP');
      await seconds(span);
      process.kill(pid, 'SIGCONT');
      await watch.hears(51, 2, 3);
    }
    assert.equal(child(), pid);
    assert.deepEqual(addresses(), ['10.99.0.51', '10.99.0.52']);
    assert.equal(daemon.count(/does not answer/), 0);
  });

  it('a VRRP process that stays stopped is named, with its last state, and replaced', async () => {
    const daemon = await begin();
    await seconds(3);
    const first = child();
    process.kill(first, 'SIGSTOP');
    await daemon.says(
      new RegExp(
        `^VRRP child process\\(${first}\\) is alive but does not answer since \\d+ seconds .*VI_1 master, VI_2 master`,
      ),
    );
    await until('another child', 10, () => child() !== first && isAlive(child()));
    await watch.hears(51, 2);
    await settled('10.99.0.51', '10.99.0.52');
  });

  it('a stopped parent delays no advert', async () => {
    const daemon = await begin();
    const from = watch.count(51);
    process.kill(parent(), 'SIGSTOP');
    await seconds(4);
    process.kill(parent(), 'SIGCONT');
    await watch.hears(51, 2);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    await seconds(3);
    assert.equal(daemon.count(/does not answer/), 0);
  });

  it('a storm of reloads misses no advert and ends with the last file', async () => {
    const daemon = await begin();
    const [from, pid] = [watch.count(51), child()];
    for (let n = 0; n < 100; n++) {
      if (n === 50) sandbox.write('keepalived.conf', TWO + fastInstance('VI_3', 53));
      daemon.signal('SIGHUP');
      await seconds(0.02);
    }
    await settled('10.99.0.51', '10.99.0.52', '10.99.0.53');
    await watch.hears(53, 2);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    assert.equal(child(), pid);
    assert.equal(daemon.count(/died/), 0);
  });

  it('a broken file changes nothing, and the next good one does', async () => {
    const daemon = await begin();
    const from = watch.count(52);
    sandbox.write(
      'keepalived.conf',
      `${fastInstance('VI_1', 51)}vrrp_instance VI_2 {\n  interface eth0\n  virtual_router_id x\n`,
    );
    daemon.signal('SIGHUP');
    await daemon.says(/keeping the running configuration$/);
    await watch.hears(52, 2);
    assert.deepEqual(addresses(), ['10.99.0.51', '10.99.0.52']);
    sandbox.write('keepalived.conf', fastInstance('VI_2', 52));
    daemon.signal('SIGHUP');
    await settled('10.99.0.52');
    assert.ok(watch.longestGap(52, from) < NO_ADVERT_MISSED, `${watch.longestGap(52, from)}`);
  });

  it('an interface that goes away concerns only its own instance', async () => {
    run('ip', '-n', sandbox.namespace, 'link', 'add', 'eth5', 'type', 'veth', 'peer', 'name', 'eth6');
    run('ip', '-n', sandbox.namespace, 'link', 'set', 'eth6', 'up');
    run('ip', '-n', sandbox.namespace, 'address', 'add', '10.98.0.1/24', 'dev', 'eth5');
    run('ip', '-n', sandbox.namespace, 'link', 'set', 'eth5', 'up');
    const daemon = await begin(
      fastInstance('VI_1', 51) + fastInstance('VI_5', 55).replace('interface eth0', 'interface eth5'),
    );
    const from = watch.count(51);
    run('ip', '-n', sandbox.namespace, 'link', 'del', 'eth5');
    await daemon.says(/\(VI_5\) Entering FAULT STATE/);
    daemon.signal('SIGHUP');
    await daemon.says(/^Reload complete$|keeping the running configuration$/);
    await watch.hears(51, 3);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    assert.deepEqual(addresses(), ['10.99.0.51']);
  });

  it('a full disk costs the dump, leaves the old one whole and delays nothing', async () => {
    const small = sandbox.path('small');
    mkdirSync(small);
    run('mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small);
    try {
      process.env.TMPDIR = small;
      daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions);
    } finally {
      delete process.env.TMPDIR;
    }
    await daemon.says(/^Startup complete$/);
    await watch.hears(51);
    const from = watch.count(51);
    daemon.signal('SIGUSR2');
    await until('the statistics', 5, () => existsSync(`${small}/keepalived.stats`));
    const before = readFileSync(`${small}/keepalived.stats`, 'utf8');
    run('dd', 'if=/dev/zero', `of=${small}/fill`, 'bs=4k', 'count=2', 'status=none');
    for (let n = 0; n < 5; n++) daemon.signal('SIGUSR1');
    await daemon.says(/^Can't write dump file .*\(28: No space left on device\)$/);
    await watch.hears(51, 2);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    assert.equal(readFileSync(`${small}/keepalived.stats`, 'utf8'), before);
    assert.deepEqual(
      readdirSync(small).filter((name) => /\.\d+$/.test(name)),
      [],
    );
    await daemon.stop();
    run('umount', small);
  });

  it('a FIFO that nobody reads holds nothing up', async () => {
    const fifo = sandbox.path('fifo');
    const daemon = await begin(`global_defs {\n  vrrp_notify_fifo ${fifo}\n}\n${TWO}`);
    const from = watch.count(51);
    for (let n = 0; n < 10; n++) {
      daemon.signal('SIGHUP');
      await seconds(0.1);
    }
    await watch.hears(51, 2);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    assert.ok(existsSync(fifo));
  });

  it('a log that nobody takes holds nothing up', async () => {
    const command = ['ip', 'netns', 'exec', sandbox.namespace, evenkeel, '-n', '-l', '-D', '-d', '-f', file];
    const mute = new Recorder([...command, ...sandbox.pidOptions], { line: () => {} });
    await watch.hears(51);
    const from = watch.count(51);
    for (let n = 0; n < 40; n++) {
      mute.signal('SIGHUP');
      await seconds(0.05);
    }
    await watch.hears(51, 4);
    assert.ok(watch.longestGap(51, from) < NO_ADVERT_MISSED, `${watch.longestGap(51, from)}`);
    mute.onErrorLine(() => {});
    assert.equal(await mute.end('SIGTERM'), 0);
  });

  it('more news from the kernel than fits is made up for', async () => {
    const daemon = await begin();
    const pid = child();
    run('ip', '-n', sandbox.namespace, 'link', 'add', 'many', 'type', 'veth', 'peer', 'name', 'more');
    const batch = Array.from({ length: 3000 }, (_, n) => `address add 10.${100 + (n >> 8)}.${n & 255}.1/32 dev many`);
    const commands = sandbox.write('batch', `${batch.join('\n')}\naddress del 10.99.0.51/32 dev eth0\n`);
    process.kill(pid, 'SIGSTOP');
    run('ip', '-n', sandbox.namespace, '-batch', commands);
    process.kill(pid, 'SIGCONT');
    await settled('10.99.0.51', '10.99.0.52');
    await watch.hears(51, 2);
    assert.equal(child(), pid);
    run('ip', '-n', sandbox.namespace, 'link', 'del', 'many');
    await daemon.stop();
  });

  it('a script that has lost its process leaves no zombie', async () => {
    const script = sandbox.write('slow.sh', '#!/bin/sh\nsleep 4\n');
    chmodSync(script, 0o755);
    const daemon = await begin(TWO.replaceAll('advert_int 0.5', `advert_int 0.5\n  notify_master ${script}`));
    await until('both scripts', 10, () => childrenOf(child()).length === 2);
    const scripts = childrenOf(child());
    process.kill(child(), 'SIGKILL');
    await until('nobody is left', 15, () => scripts.every((pid) => !existsSync(`/proc/${pid}`)));
    await daemon.says(/died: Respawning$/);
    await watch.hears(51, 2);
  });

  it('a daemon that starts after a crash takes off what nobody wants any more', async () => {
    const daemon = await begin();
    await settled('10.99.0.51', '10.99.0.52');
    const pids = [child(), parent()];
    process.kill(parent(), 'SIGSTOP');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await daemon.ended();
    assert.deepEqual(addresses(), ['10.99.0.51', '10.99.0.52']);
    const next = await begin(fastInstance('VI_1', 51));
    await next.says(/^Removing address 10\.99\.0\.52 from eth0, left by a former run$/);
    await settled('10.99.0.51');
  });
});
