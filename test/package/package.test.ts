import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { childrenOf, isAlive } from '../netns/daemon.ts';
import { Recorder, run, until } from '../netns/processes.ts';
import { missing, projectRoot } from '../support/machine.ts';
import { parseDockerfile } from './dockerfile.ts';
import { BareMachine } from './machine.ts';

const skip = missing(['root', 'namespaces', 'program mmdebstrap', 'program lintian']);

const router = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 255
  advert_int 0.5
  version 3
  virtual_ipaddress {
    10.98.0.1/32
  }
}
`;

/** Runs a script of the project, which prints the file it made last. */
function make(...words: readonly string[]): string {
  const output = execFileSync(words[0]!, words.slice(1), { cwd: projectRoot, encoding: 'utf8' });
  return join(projectRoot, output.trim().split('\n').at(-1) ?? '');
}

describe('a bare Debian machine', { skip: skip ?? false }, () => {
  let machine: BareMachine;
  let deb: string;
  const instructions = parseDockerfile(readFileSync(join(projectRoot, 'src/bin/package/Dockerfile'), 'utf8'));
  const instruction = (name: string): string => instructions.find((each) => each.name === name)?.argument ?? '';

  before(() => {
    machine = new BareMachine();
    deb = make('npm', 'run', '--silent', 'deb');
    machine.write('etc/keepalived/keepalived.conf', router);
  });
  after(() => machine?.close());

  const started: Recorder[] = [];
  after(async () => {
    await Promise.all(started.map((each) => each.end('SIGKILL')));
  });

  /** The Dockerfile's entry point, as process 1 of its own namespace. */
  async function container(): Promise<{ lines: string[]; pid: number; ended: Recorder }> {
    const lines: string[] = [];
    const recorder = new Recorder([...machine.enter(), ...JSON.parse(instruction('ENTRYPOINT'))], {
      line: (line) => lines.push(line),
    });
    started.push(recorder);
    recorder.onErrorLine((line) => lines.push(line));
    await until('the start', 20, () => lines.some((line) => line.endsWith('Startup complete'))).catch((error) => {
      throw new Error(`${error.message}\n${lines.join('\n')}`);
    });
    const outer = childrenOf(process.pid).find((pid) => readlinkSync(`/proc/${pid}/exe`).endsWith('/unshare'));
    return { lines, pid: childrenOf(outer ?? 0)[0] ?? 0, ended: recorder };
  }

  it('finds no fault with the package (lintian)', () => {
    const output = run('lintian', '--allow-root', '--fail-on', 'error', deb);
    assert.doesNotMatch(output, /^E:/m);
  });

  it('takes the steps of the Dockerfile', () => {
    const [, pattern = '', target = ''] = /^(\S+) (\S+)$/.exec(instruction('COPY')) ?? [];
    assert.equal(target, '/tmp/');
    assert.match(deb, new RegExp(`${pattern.replace('*', '.*')}$`));
    machine.bring(deb);
    const { status, text } = machine.shell(instruction('RUN'), 'network');
    assert.equal(status, 0, text);
    assert.deepEqual(
      readdirSync(machine.path('tmp')).filter((name) => name.endsWith('.deb')),
      [],
    );
  });

  it('knows the commands and the manual', () => {
    assert.match(machine.shell('keepalived -v').text, /^Keepalived v2\.4\.3 /);
    assert.equal(machine.shell('keepalived -t').status, 0);
    assert.match(machine.shell('genhash --help || true').text, /genhash/);
    assert.match(machine.shell('evenkeel check /etc/keepalived/keepalived.conf || true').text, /VI_1|keepalived\.conf/);
    const listed = machine.shell('dpkg -L evenkeel').text;
    for (const page of ['man8/keepalived.8', 'man5/keepalived.conf.5', 'man1/genhash.1']) {
      assert.ok(listed.includes(`/usr/share/man/${page}.gz`), page);
    }
  });

  it('has a unit that systemd understands', { skip: missing(['program systemd-analyze']) ?? false }, () => {
    const unit = join(projectRoot, 'src/bin/package/keepalived.service');
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    const own = stderr.split('\n').filter((line) => line.includes('keepalived'));
    assert.deepEqual([own, status], [[], 0]);
  });

  it('runs the daemon as process 1: signals reach it, orphans are reaped, nothing stale hinders a restart', async () => {
    const first = await container();
    const family = [first.pid, ...childrenOf(first.pid)];
    assert.ok(family.length > 1);
    run('nsenter', '--target', `${first.pid}`, '--pid', '--mount', 'sh', '-c', '(sleep 0.2 &) ; true');
    const adopted = (): number[] => childrenOf(first.pid).filter((pid) => !family.includes(pid));
    await until('the orphan to be reaped', 10, () => adopted().length === 0);
    process.kill(first.pid, 'SIGHUP');
    await until('the reload', 10, () => first.lines.some((line) => line.endsWith('Reload complete')));
    process.kill(first.pid, 'SIGKILL');
    await first.ended.end(undefined);
    assert.ok(existsSync(machine.path('run/keepalived.pid')), 'a crash leaves its pid file');

    const second = await container();
    process.kill(second.pid, 'SIGTERM');
    assert.equal(await second.ended.end(undefined), 0);
    assert.match(second.lines.at(-1) ?? '', /Stopped Keepalived v2\.4\.3/);
    assert.equal(existsSync(machine.path('run/keepalived.pid')), false);
    assert.deepEqual(family.filter(isAlive), []);
  });

  it('lets the package take keepalived’s place, with the configuration it finds', () => {
    const name = machine.bring(deb);
    const script = `apt-get update -qq
      apt-get purge -y -qq evenkeel
      mkdir -p /etc/keepalived && printf 'global_defs {\\n}\\n' >/etc/keepalived/keepalived.conf
      apt-get install -y -qq --no-install-recommends keepalived
      echo 'DAEMON_ARGS="--log-detail"' >/etc/default/keepalived
      apt-get install -y -qq --no-install-recommends ${name} </dev/null`;
    const { status, text } = machine.shell(script, 'network');
    assert.equal(status, 0, text);
    assert.equal(readFileSync(machine.path('etc/default/keepalived'), 'utf8'), 'DAEMON_ARGS="--log-detail"\n');
    assert.match(machine.shell('dpkg -l keepalived | tail -1').text, /^[ru][cn] /);
    assert.match(machine.shell('keepalived -v').text, /^Keepalived v2\.4\.3 /);
    assert.equal(readFileSync(machine.path('etc/keepalived/keepalived.conf'), 'utf8'), 'global_defs {\n}\n');
  });

  it('starts, reloads and stops without systemd', () => {
    const running = 'for i in 1 2 3 4 5 6 7 8 9; do service keepalived status && break; sleep 0.5; done';
    const script = `service keepalived start; ${running}; tr '\\0' ' ' </proc/$(cat /run/keepalived.pid)/cmdline
      service keepalived reload && service keepalived stop && ! service keepalived status`;
    const { status, text } = machine.shell(script);
    assert.equal(status, 0, text);
    assert.match(text, /--log-detail/);
  });

  it('runs what npm pack makes with nothing but Node.js: no compiler, no registry', () => {
    const place = mkdtempSync(join(tmpdir(), 'evenkeel-pack-'));
    const pack = ['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', place];
    make(...pack);
    const tarball = machine.bring(join(place, readdirSync(place)[0]!));
    rmSync(place, { recursive: true });
    machine.write('usr/local/bin/node', '');
    machine.bringDirectory(process.execPath, 'usr/local/bin/node');
    const npm = dirname(dirname(run('sh', '-c', 'readlink -f "$(command -v npm)"').trim()));
    machine.bringDirectory(npm, 'usr/local/lib/node_modules/npm');
    machine.shell('dpkg --purge evenkeel');
    assert.ok(existsSync(machine.path('etc/default/keepalived')), 'a removed keepalived may come back');
    assert.notEqual(machine.shell('command -v gcc || command -v make || command -v python3').status, 0);
    const npmCli = '/usr/local/lib/node_modules/npm/bin/npm-cli.js';
    const { status, text } = machine.shell(`node ${npmCli} install --global --prefix /usr/local --offline ${tarball}`);
    assert.equal(status, 0, text);
    assert.match(machine.shell('/usr/local/bin/keepalived -v').text, /^Keepalived v2\.4\.3 /);
    machine.write('etc/keepalived/keepalived.conf', router);
    const test = machine.shell('/usr/local/bin/keepalived -t');
    assert.equal(test.status, 0, test.text);
    const seconds = machine.shell('timeout --preserve-status 3 /usr/local/bin/keepalived -n -l; echo $?').text;
    assert.match(seconds, /Startup complete\n/);
    assert.match(seconds, /^0\n/);
  });
});
