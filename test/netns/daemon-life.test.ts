import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { childrenOf, Foreground, isAlive, namespaceOf, Sandbox } from './daemon.ts';
import { until } from './processes.ts';

const skip = missing(['root', 'namespaces']);

const router = (name: string, virtualRouterId: number): string => `vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${virtualRouterId}
  priority 100
  virtual_ipaddress {
    10.99.0.${virtualRouterId}/32
  }
}
`;

describe('a daemon', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let daemon: Foreground | undefined;
  let file: string;
  before(() => {
    sandbox = new Sandbox('life');
    file = sandbox.write('keepalived.conf', router('VI_1', 51));
  });
  after(() => sandbox.close());
  afterEach(async () => {
    await daemon?.stop();
    sandbox.write('keepalived.conf', router('VI_1', 51));
  });

  const begin = async (...words: string[]): Promise<Foreground> => {
    daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions, ...words);
    await daemon.says(/^Startup complete$/);
    return daemon;
  };
  const parent = (): number => sandbox.pidIn('p.pid');
  const child = (): number => sandbox.pidIn('r.pid');

  it('starts with keepalived’s lines, names and files, and stops leaving nothing', async () => {
    const daemon = await begin();
    const notable = daemon.lines.filter((line) => !/^\(VI_1\)/.test(line) && !/^ /.test(line));
    assert.match(notable[0] ?? '', /^Starting Keepalived v2\.4\.3 \(/);
    assert.match(notable[1] ?? '', /^Running on Linux /);
    assert.match(notable[2] ?? '', /^Command line: '\S*keepalived' '-n' '-l' '-f'/);
    assert.deepEqual(notable.slice(3), [
      `Configuration file ${file}`,
      'NOTICE: setting config option max_auto_priority should result in better keepalived performance',
      `Starting VRRP child process, pid=${child()}`,
      'Startup complete',
    ]);
    for (const pid of [parent(), child()]) {
      assert.equal(readFileSync(`/proc/${pid}/comm`, 'latin1'), 'keepalived\n');
      assert.match(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /^\S*keepalived -n -l -f /);
    }
    assert.equal(statSync(sandbox.path('r.pid')).mode & 0o777, 0o644);
    assert.equal(existsSync(sandbox.path('c.pid')), false);
    const pids = [parent(), child()];
    assert.equal(await daemon.stop(), 0);
    assert.equal(daemon.lines.at(-1), 'Stopped Keepalived v2.4.3 (11/21,2026)');
    assert.deepEqual(pids.map(isAlive), [false, false]);
    for (const name of ['p.pid', 'r.pid']) assert.equal(existsSync(sandbox.path(name)), false);
  });

  it('tells its state while it runs, and by whom it is not answered', async () => {
    const ask = (...words: string[]): { lines: string[]; status: number | null } => {
      const { stdout, status } = spawnSync(join(dirname(evenkeel), 'evenkeel'), ['status', ...words]);
      return { lines: stdout.toString().trimEnd().split('\n'), status };
    };
    const daemon = await begin();
    await daemon.says(/^\(VI_1\) Entering MASTER STATE$/);
    const { lines, status } = ask(sandbox.path('p.pid'));
    assert.equal(status, 0);
    assert.match(lines[0] ?? '', /^Keepalived v2\.4\.3 .*, process \d+, running for \d+ s$/);
    assert.match(lines[1] ?? '', /keepalived\.conf, read \d+ s ago$/);
    assert.match(lines.at(-1) ?? '', /^VI_1 +MASTER +\d+ s +100 +this node +holds 10\.99\.0\.51 dev eth0$/);
    sandbox.write('keepalived.conf', 'vrrp_instance {');
    daemon.signal('SIGHUP');
    await daemon.says(/^Not reloading /);
    process.kill(child(), 'SIGSTOP');
    assert.deepEqual(ask(sandbox.path('p.pid')).lines.slice(2), [
      `! Not reloading ${file}, it has 2 mistakes - keeping the running configuration`,
      `! the VRRP process (${child()}) does not answer`,
    ]);
    process.kill(child(), 'SIGCONT');
    const socket = sandbox.path('p.sock');
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    await daemon.stop();
    assert.equal(existsSync(socket), false);
    assert.equal(ask(sandbox.path('p.pid')).status, 3);
  });

  it('stays when it has nothing to do, and takes what a reload brings', async () => {
    sandbox.write('keepalived.conf', 'global_defs {\n}\n');
    daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions);
    await daemon.says(/^Warning - keepalived has no configuration to run$/);
    sandbox.write('keepalived.conf', router('VI_1', 51));
    process.kill(parent(), 'SIGHUP');
    await daemon.says(/^\(VI_1\) Entering BACKUP STATE/);
    assert.equal(await daemon.stop(), 0);
  });

  it('lets no second one start', async () => {
    const daemon = await begin();
    const second = sandbox.finish(evenkeel, '-n', '-l', '-f', file, ...sandbox.pidOptions);
    assert.equal(second.status, 0);
    assert.match(second.stderr, /daemon is already running\n$/);
    assert.ok(isAlive(child()));
    await daemon.stop();
  });

  it('starts over files that a crash has left', async () => {
    sandbox.write('p.pid', '1\n');
    sandbox.write('r.pid', '1\n');
    const daemon = await begin();
    assert.notEqual(child(), 1);
    await daemon.stop();
  });

  it('writes its statistics', async () => {
    const file = join(tmpdir(), 'keepalived.stats');
    rmSync(file, { force: true });
    const daemon = await begin();
    daemon.signal('SIGUSR2');
    await daemon.says(/^Printing VRRP stats for process\(\d+\) on signal$/);
    await until('the file', 5, () => existsSync(file));
    assert.match(
      readFileSync(file, 'latin1'),
      /^VRRP Instance: VI_1\n {2}Advertisements:\n {4}Received: 0\n {4}Sent: 0\n/,
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await daemon.stop();
  });

  it('respawns a killed child', async () => {
    const daemon = await begin();
    const first = child();
    process.kill(first, 'SIGKILL');
    await until('another child', 10, () => child() !== first && isAlive(child()));
    await daemon.says(/^Restart of VRRP process delayed 0 seconds/);
    process.kill(child(), 'SIGSEGV');
    await daemon.says(/^Keepalived_vrrp exited due to signal 11 \(Segmentation fault\)$/);
    await daemon.says(/^Restart of VRRP process delayed 1 seconds/);
    await until('a third child', 10, () => daemon.count(/^Starting VRRP child/) === 3);
    await daemon.stop();
  });

  it('reloads, and keeps what it has when the file is broken', async () => {
    const daemon = await begin();
    const before = child();
    sandbox.write('keepalived.conf', router('VI_1', 51) + router('VI_2', 52));
    daemon.signal('SIGHUP');
    await daemon.says(/^Reload complete$/);
    await daemon.says(/^\(VI_2\) /);
    sandbox.write('keepalived.conf', router('VI_1', 51).replace('priority 100', 'priority 100\n  no_such_word x'));
    const since = daemon.lines.length;
    daemon.signal('SIGHUP');
    await daemon.says(/Line 5\) Unknown keyword 'no_such_word'/, since);
    await daemon.says(/keeping the running configuration$/, since);
    assert.equal(
      daemon.lines.slice(since).some((line) => line.includes('VI_2')),
      false,
    );
    assert.equal(child(), before);
    sandbox.write('keepalived.conf', router('VI_1', 51));
    daemon.signal('SIGHUP');
    await daemon.says(/^Reload complete$/, since);
    await daemon.stop();
  });

  it('takes its children along when it is killed', async () => {
    const daemon = await begin();
    const pids = childrenOf(parent());
    assert.ok(pids.length > 0);
    process.kill(parent(), 'SIGKILL');
    await until('no child is left', 10, () => pids.every((pid) => !isAlive(pid)));
    await daemon.ended();
  });

  it('leaves with SIGINT as with SIGTERM, unless told not to', async () => {
    const daemon = await begin('--ignore-sigint');
    daemon.signal('SIGINT');
    process.kill(child(), 'SIGINT');
    daemon.signal('SIGUSR1');
    await daemon.says(/^Printing parent data for process\(\d+\) on signal$/);
    assert.ok(isAlive(child()));
    await daemon.stop();
    const heedful = await begin();
    assert.equal(await heedful.stop('SIGINT'), 0);
  });

  it('goes into the background when the pid file is there', async () => {
    const { status, stderr } = sandbox.finish(evenkeel, '-G', '-f', 'keepalived.conf', ...sandbox.pidOptions);
    assert.deepEqual([status, stderr], [0, '']);
    const pid = parent();
    assert.ok(isAlive(pid));
    await until(
      'the child runs',
      10,
      () => existsSync(sandbox.path('r.pid')) && statSync(sandbox.path('r.pid')).size > 0,
    );
    assert.equal(childrenOf(pid).includes(child()), true);
    for (const each of [pid, child()]) {
      const environment = `/proc/${each}/`;
      assert.equal(statSync(`${environment}cwd/`).ino, statSync('/').ino);
      for (const fd of [0, 1, 2]) assert.equal(statSync(`${environment}fd/${fd}`).rdev, statSync('/dev/null').rdev);
    }
    process.kill(pid, 'SIGTERM');
    await until('it is gone', 10, () => !isAlive(pid) && !existsSync(sandbox.path('p.pid')));
  });

  it('logs to a file for each process', async () => {
    const daemon = await begin(`-g${sandbox.path('k.log')}`, '-G');
    await daemon.stop();
    const stamp = '\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{9} \\d{4}: ';
    assert.match(readFileSync(sandbox.path('k.log'), 'utf8'), new RegExp(`^${stamp}Startup complete$`, 'm'));
    assert.match(
      readFileSync(sandbox.path('k_vrrp.log'), 'utf8'),
      new RegExp(`^${stamp}\\(VI_1\\) Entering BACKUP`, 'm'),
    );
  });

  it('enters the network namespace it is told, and has its pid files there', async () => {
    const elsewhere = new Sandbox('elsewhere');
    const daemon = new Foreground(elsewhere, evenkeel, '-s', sandbox.namespace, '-f', file);
    await daemon.says(/^Startup complete$/);
    await daemon.says(new RegExp(`^Changing syslog ident to Keepalived_${sandbox.namespace}$`));
    const directory = `/run/keepalived/${sandbox.namespace}`;
    const pids = ['keepalived.pid', 'vrrp.pid'].map((name) => Number(readFileSync(join(directory, name), 'latin1')));
    assert.deepEqual(pids.map(namespaceOf), [sandbox.namespace, sandbox.namespace]);
    assert.equal(await daemon.stop(), 0);
    assert.equal(existsSync(directory), false);
    elsewhere.close();
  });
});
