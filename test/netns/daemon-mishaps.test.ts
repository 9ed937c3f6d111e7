import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { isAlive } from './daemon.ts';
import { FaultHost } from './fault-host.ts';
import { Recorder, run, seconds, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program /usr/bin/tcpdump', 'program nft', 'program python3']);

const router = (more = ''): string => `vrrp_instance VI_1 {
  version 3
  interface eth0
  state MASTER
  virtual_router_id 51
  priority 255
  advert_int 0.5
  ${more}
  virtual_ipaddress {
    10.99.0.51/32
  }
}
`;
const NO_ADVERT_MISSED = 1.3;
const HELD = ['eth0 10.99.0.51/32'];

async function onTime(host: FaultHost, from: number): Promise<void> {
  await host.watch.hears(51, 3);
  const gap = host.watch.longestGap(51, from);
  assert.ok(gap < NO_ADVERT_MISSED, `${gap} s without an advert`);
}

/** By name, for those who clean up. */
const hosts = new Map<string, FaultHost>();

async function begun(name: string, configuration: string, ...words: readonly string[]): Promise<FaultHost> {
  const host = await FaultHost.open(name, configuration, ...words);
  hosts.set(name, host);
  await host.daemon.says(/^Startup complete$/);
  await host.settles(HELD);
  await host.watch.hears(51);
  return host;
}

function program(host: FaultHost, name: string, text: string): string {
  const path = host.sandbox.write(name, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Prints what is logged to a socket. */
const LOG_DAEMON = `import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(sys.argv[1])
print("listening", flush=True)
while True: print(log.recv(4096).decode(), flush=True)`;

/** A /dev of its own whose log socket is $1; then the rest of the words. */
const OWN_DEVICES = `mount -t tmpfs tmpfs /mnt
for name in null zero full random urandom; do : >/mnt/$name; mount --bind /dev/$name /mnt/$name; done
ln -s "$1" /mnt/log; shift
mount --move /mnt /dev && exec "$@"`;

/** A virtual router on an interface that does not stay. */
const FLEETING = `global_defs {
  dynamic_interfaces
}
${router()}vrrp_instance VI_2 {
  interface fleeting
  virtual_router_id 52
  virtual_ipaddress {
    10.99.1.52/32
  }
}
`;

const mishaps: Readonly<Record<string, (name: string) => Promise<FaultHost>>> = {
  'a stopped BFD process holds nobody else up, and goes on': async (name) => {
    const host = await begun(name, `${router()}bfd_instance peer {\n  neighbor_ip 10.99.0.200\n}\n`);
    const [from, pid] = [host.watch.count(51), host.pid('bfd')];
    host.signal('bfd', 'SIGSTOP');
    host.daemon.signal('SIGHUP');
    await seconds(3);
    assert.equal(host.daemon.count(/^Reload complete$/), 0);
    host.signal('bfd', 'SIGCONT');
    await host.daemon.says(/^Reload complete$/);
    assert.equal(host.pid('bfd'), pid);
    await onTime(host, from);
    return host;
  },

  'a table of the packet filter that somebody flushes away comes back at a reload': async (name) => {
    const host = await FaultHost.open(name, router('no_accept').replace('255', '200'));
    hosts.set(name, host);
    await host.settles([...HELD, 'table ip keepalived']);
    await host.watch.hears(51);
    const inside = (...words: string[]): string => run('ip', 'netns', 'exec', host.sandbox.namespace, ...words);
    const filter = (): string => inside('nft', 'list', 'ruleset');
    const [from, wanted] = [host.watch.count(51), filter()];
    assert.match(wanted, /10\.99\.0\.51/);
    inside('nft', 'flush', 'ruleset');
    host.daemon.signal('SIGHUP');
    await host.daemon.says(/^Reload complete$/);
    assert.equal(filter(), wanted);
    await onTime(host, from);
    return host;
  },

  'interfaces that come and go by the hundred, one of them a virtual router’s, cost no advert and no process': async (
    name,
  ) => {
    const host = await begun(name, FLEETING);
    const [from, pid] = [host.watch.count(51), host.pid('vrrp')];
    const change = (lines: readonly string[]): void => {
      const file = host.sandbox.write('links', lines.join('\n'));
      run('ip', '-n', host.sandbox.namespace, '-batch', file);
    };
    const others = Array.from({ length: 100 }, (_, n) => n);
    change(others.map((n) => `link add x${n} type veth peer name y${n}`));
    const comes = ['link add fleeting type veth peer name fleeting1', 'link set fleeting1 up', 'link set fleeting up'];
    for (let n = 0; n < 40; n++) change([...comes, 'link del fleeting']);
    change(others.map((n) => `link del x${n}`));
    change(comes);
    await onTime(host, from);
    assert.deepEqual([host.pid('vrrp'), host.daemon.count(/died/)], [pid, 0]);
    return host;
  },

  'a child that does not follow SIGTERM is killed after child_wait_time': async (name) => {
    const host = await begun(name, `child_wait_time 1\n${router()}`);
    host.signal('vrrp', 'SIGSTOP');
    const began = performance.now();
    assert.equal(await host.daemon.stop(), 0);
    const span = performance.now() - began;
    assert.ok(span > 900 && span < 4000, `${span} ms`);
    assert.equal(host.daemon.count(/^vrrp process failed to die - forcing termination$/), 1);
    host.start(router());
    await host.daemon.says(/^Startup complete$/);
    await host.settles(HELD);
    return host;
  },

  'until the children of a killed parent are gone, no other daemon starts': async (name) => {
    const host = await begun(name, router());
    const child = host.pid('vrrp');
    host.signal('parent', 'SIGKILL');
    await host.daemon.says(/^\(VI_1\) sent 0 priority$/);
    await seconds(0.1);
    process.kill(child, 'SIGSTOP');
    const second = host.sandbox.finish(evenkeel, '-n', '-l', '-G', '-f', 'keepalived.conf', ...host.sandbox.pidOptions);
    process.kill(child, 'SIGCONT');
    assert.deepEqual([second.status, /daemon is already running\n$/.test(second.stderr)], [0, true]);
    await until('the child is gone', 10, () => !isAlive(child));
    assert.deepEqual(host.kernel, []);
    assert.equal(existsSync(host.sandbox.path('r.pid')), false);
    host.start(router());
    await host.daemon.says(/^Startup complete$/);
    return host;
  },

  'pid files on a full disk are empty, and the daemon works': async (name) => {
    const host = await begun(name, router());
    await host.daemon.stop();
    const small = host.sandbox.path('small');
    mkdirSync(small);
    run('mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small);
    run('sh', '-c', `dd if=/dev/zero of=${small}/fill bs=4k count=9 status=none 2>&1 || true`);
    host.start(router(), '-p', `${small}/p.pid`, '-r', `${small}/r.pid`, `-g${small}/log`);
    await host.daemon.says(/^Startup complete$/);
    await host.settles(HELD);
    assert.deepEqual([statSync(`${small}/p.pid`).size, statSync(`${small}/r.pid`).size], [0, 0]);
    assert.equal(await host.daemon.stop(), 0);
    assert.deepEqual([existsSync(`${small}/p.pid`), existsSync(`${small}/r.pid`)], [false, false]);
    run('umount', small);
    return host;
  },

  'scripts at start and stop that hang are ended, and TERM waits for none': async (name) => {
    const host = await begun(name, router());
    await host.daemon.stop();
    const deaf = program(host, 'deaf.sh', "trap '' TERM\nwhile :; do sleep 0.2; done");
    const scripts = (limit: number): string => `global_defs {
      script_user root
      enable_script_security
      startup_script ${deaf}
      startup_script_timeout ${limit}
      shutdown_script ${deaf}
      shutdown_script_timeout 1
    }\n${router()}`;
    host.start(scripts(1));
    await host.daemon.says(/^startup script timed out$/);
    assert.equal(host.daemon.count(/^Starting VRRP/), 0);
    await host.daemon.says(/^Startup complete$/);
    await host.settles(HELD);
    assert.equal(await host.daemon.stop(), 0);
    assert.equal(host.daemon.count(/^shutdown script timed out$/), 1);
    await until('no script is left', 5, () => host.processes.length === 0);
    host.start(scripts(60));
    await host.daemon.says(/^Running startup script /);
    const began = performance.now();
    host.daemon.signal('SIGTERM');
    await host.daemon.says(/^Stopping$/);
    await host.daemon.ended();
    // The shutdown script has its second, and two more before SIGKILL.
    assert.ok(performance.now() - began < 8000);
    return host;
  },

  'a log socket that goes away and comes back gets its lines again': async (name) => {
    const host = await begun(name, router());
    await host.daemon.stop();
    const socket = host.sandbox.path('log');
    const lines: string[] = [];
    const listen = (): Recorder =>
      new Recorder(['python3', '-c', LOG_DAEMON, socket], { line: (line) => lines.push(line) });
    let log = listen();
    await until('a log daemon', 10, () => lines.includes('listening'));
    const command = [evenkeel, '-n', '-D', '-f', host.sandbox.path('keepalived.conf'), ...host.sandbox.pidOptions];
    const namespaces = ['ip', 'netns', 'exec', host.sandbox.namespace, 'unshare', '--mount'];
    const daemon = new Recorder([...namespaces, 'sh', '-c', OWN_DEVICES, 'sh', socket, ...command], { line: () => {} });
    const hears = (pattern: RegExp, since = 0): Promise<void> =>
      until(`${pattern}`, 15, () => lines.slice(since).some((line) => pattern.test(line)));
    await hears(/^<30>.* Keepalived\[\d+\]: Startup complete$/);
    await host.settles(HELD);
    await host.watch.hears(51);
    const from = host.watch.count(51);
    await log.end('SIGKILL');
    rmSync(socket);
    for (let n = 0; n < 5; n++) {
      daemon.signal('SIGHUP');
      await seconds(0.2);
    }
    const since = lines.length;
    log = listen();
    await until('a log daemon', 10, () => lines.length > since);
    daemon.signal('SIGHUP');
    await hears(/Keepalived_vrrp\[\d+\]: Reloading$/, since);
    // One that takes nothing off its queue holds nobody up either.
    log.signal('SIGSTOP');
    for (let n = 0; n < 20; n++) {
      daemon.signal('SIGHUP');
      await seconds(0.05);
    }
    await onTime(host, from);
    log.signal('SIGCONT');
    assert.equal(await daemon.end('SIGTERM'), 0);
    await hears(/Keepalived\[\d+\]: Stopped Keepalived/, since);
    await log.end('SIGKILL');
    rmSync(socket);
    return host;
  },

  'signals that mean nothing are ignored': async (name) => {
    const host = await begun(name, router());
    const [from, pids] = [host.watch.count(51), [host.pid('parent'), host.pid('vrrp')]];
    for (const pid of pids) {
      for (const signal of ['SIGQUIT', 'SIGALRM', 'SIGABRT', 'SIGTSTP', 'SIGVTALRM', 'SIGPIPE', 'SIGIO'] as const) {
        process.kill(pid, signal);
      }
      process.kill(pid, 50);
    }
    await onTime(host, from);
    assert.deepEqual([host.pid('parent'), host.pid('vrrp')], pids);
    assert.deepEqual(pids.map(isAlive), [true, true]);
    return host;
  },

  'pid files that somebody has removed come back with the next child': async (name) => {
    const host = await begun(name, router());
    const child = host.pid('vrrp');
    rmSync(host.sandbox.path('r.pid'));
    process.kill(child, 'SIGKILL');
    await until('another', 10, () => host.pid('vrrp') !== 0 && host.pid('vrrp') !== child);
    assert.equal(readFileSync(host.sandbox.path('r.pid'), 'latin1'), `${host.pid('vrrp')}\n`);
    await until('a master again', 15, () => host.daemon.count(/Entering MASTER STATE$/) >= 2);
    return host;
  },

  'a configuration with nothing left in it takes everything away and keeps the child for the next': async (name) => {
    const host = await begun(name, router());
    const child = host.pid('vrrp');
    // An empty file is taken for an accident.
    host.sandbox.write('keepalived.conf', '');
    host.daemon.signal('SIGHUP');
    await until('a refusal', 10, () => host.daemon.count(/^Not reloading .*, it is empty - keeping/) === 1);
    await host.settles(HELD);
    host.sandbox.write('keepalived.conf', 'global_defs {\n}\n');
    host.daemon.signal('SIGHUP');
    await host.settles([]);
    await until('the reload', 10, () => host.daemon.count(/^Reload complete$/) === 1);
    host.sandbox.write('keepalived.conf', router());
    host.daemon.signal('SIGHUP');
    await host.settles(HELD);
    assert.equal(host.pid('vrrp'), child);
    return host;
  },
};

describe('mishaps', { skip: skip ?? false, concurrency: 3 }, () => {
  for (const [index, [title, play]] of Object.entries(mishaps).entries()) {
    it(title, async () => {
      const name = `mishap${index}`;
      try {
        const host = await play(name);
        assert.equal(await host.daemon.stop(), 0);
        await until('nobody is left', 10, () => host.processes.length === 0);
        assert.deepEqual([host.kernel, host.pidFiles], [[], []]);
      } finally {
        await hosts.get(name)?.close();
      }
    });
  }
});
