import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { seconds, until } from './processes.ts';

const skip = missing(['root', 'namespaces']);

const ROUTER = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.99.0.51/32
  }
}
`;

describe('settings of the daemon itself', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let daemon: Foreground | undefined;
  before(() => {
    sandbox = new Sandbox('settings');
  });
  after(() => sandbox.close());
  afterEach(async () => {
    await daemon?.stop();
  });

  const write = (globals: string, rest = ROUTER): string =>
    sandbox.write('keepalived.conf', `global_defs {\n${globals}\n}\n${rest}`);
  const begin = async (globals: string): Promise<Foreground> => {
    daemon = new Foreground(sandbox, evenkeel, '-f', write(globals), ...sandbox.pidOptions);
    await daemon.says(/^Startup complete$/);
    return daemon;
  };
  const read = (name: string): string => readFileSync(sandbox.path(name), 'utf8');

  it('reload_check_config tests first and says where it wrote what is wrong', async () => {
    const globals = `reload_check_config ${sandbox.path('report')}`;
    const daemon = await begin(globals);
    write(globals, ROUTER.replace('priority 100', 'priority 100\n  no_such_word'));
    daemon.signal('SIGHUP');
    await daemon.says(/^New config failed validation, see \S+\/report for details$/);
    assert.match(read('report'), /Unknown keyword 'no_such_word'/);
    assert.equal(daemon.count(/^Reloading/), 0);
    write(globals);
    daemon.signal('SIGHUP');
    await daemon.says(/^Reload complete$/);
    assert.equal(read('report'), '');
  });

  it('-m lets the daemon leave core files, and not its scripts', async () => {
    const script = sandbox.write(
      'limit',
      `#!/bin/sh\nulimit -Sc >${sandbox.path('cores')}.new\nmv ${sandbox.path('cores')}.new ${sandbox.path('cores')}\n`,
    );
    chmodSync(script, 0o700);
    const file = write('script_user root', ROUTER.replace('priority', `notify_backup ${script}\n  priority`));
    daemon = new Foreground(sandbox, evenkeel, '-m', '-f', file, ...sandbox.pidOptions);
    await until('the script', 15, () => existsSync(sandbox.path('cores')));
    const own = execFileSync('sh', ['-c', 'ulimit -Sc'], { encoding: 'utf8' });
    assert.equal(read('cores'), own);
    assert.match(readFileSync(`/proc/${sandbox.pidIn('r.pid')}/limits`, 'utf8'), /^Max core file size +unlimited/m);
  });

  it('reload_time_file reloads when its time has come, and the file goes', async () => {
    const file = sandbox.path('when');
    const daemon = await begin(`reload_time_file ${file}`);
    const time = new Date(Date.now() + 3000);
    sandbox.write('when', `${time.toISOString().slice(0, 19).replace('T', ' ')}Z\n`);
    await daemon.says(new RegExp(`^Scheduling reload for ${time.toLocaleString('sv-SE')}$`));
    await daemon.says(/^Reload complete$/);
    assert.equal(existsSync(file), false);
    sandbox.write('when', '23:59:59\n');
    await daemon.says(/^Scheduling reload for \S+ 23:59:59$/);
    rmSync(file);
    await daemon.says(/^Cancelling reload scheduled for \S+ 23:59:59$/);
  });

  it('state_dump_file, json_version and umask shape the dumps', async () => {
    const daemon = await begin(`state_dump_file ${sandbox.path('state.txt')}\njson_dump_file ${sandbox.path('k.json')}
      json_version 2\numask 0027`);
    const pid = sandbox.pidIn('p.pid');
    process.kill(pid, 'SIGUSR1');
    process.kill(pid, 36);
    await until('the dumps', 10, () =>
      ['state.txt', 'state_parent.txt', 'k.json'].every((name) => existsSync(sandbox.path(name))),
    );
    await seconds(0.2);
    assert.match(read('state.txt'), /^ VRRP Instance = VI_1$/m);
    assert.match(read('state_parent.txt'), /^ umask = 027$/m);
    assert.equal(statSync(sandbox.path('state.txt')).mode & 0o777, 0o640);
    assert.equal(statSync(sandbox.path('k.json')).mode & 0o777, 0o600);
    const json = JSON.parse(read('k.json')) as { vrrp: { data: { iname: string } }[] };
    assert.equal(json.vrrp[0]?.data.iname, 'VI_1');
    await daemon.stop();
  });

  it('config_save_dir keeps what was read and what a reload made of it', async () => {
    const directory = sandbox.path('saved');
    const daemon = await begin(`config_save_dir ${directory}`);
    daemon.signal('SIGHUP');
    await daemon.says(/^Reload complete$/);
    const child = sandbox.pidIn('r.pid');
    const parent = sandbox.pidIn('p.pid');
    const wanted = [
      `keepalived.conf.${parent}.0`,
      `keepalived.conf.${parent}.1`,
      `keepalived_vrrp.${child}.1.post`,
      `keepalived_vrrp.${child}.1.pre`,
    ];
    await until('the files', 10, () => wanted.every((name) => readdirSync(directory).includes(name)));
    assert.match(read(`saved/keepalived.conf.${parent}.1`), /vrrp_instance VI_1/);
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  });

  it('process names are what monitoring sees', async () => {
    await begin('process_name k_main\nvrrp_process_name k_vrrp');
    const comm = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
    assert.deepEqual([comm(sandbox.pidIn('p.pid')), comm(sandbox.pidIn('r.pid'))], ['k_main', 'k_vrrp']);
  });

  it('a reload cannot change what only a start can', async () => {
    const daemon = await begin('nftables one');
    write('nftables two');
    daemon.signal('SIGHUP');
    await daemon.says(/^Cannot change nftables table name at a reload - please restart keepalived$/);
  });
});
