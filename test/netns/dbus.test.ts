import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { evenkeel, missing, reference } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { Recorder, run, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program dbus-daemon', 'program gdbus', `program ${reference}`]);

const SERVICE = 'org.keepalived.Vrrp1';
const VRRP = '/org/keepalived/Vrrp1/Vrrp';
const FIRST = '/org/keepalived/Vrrp1/Instance/eth0/51/IPv4';

const configuration = (...identifiers: readonly number[]): string => `global_defs {
  enable_dbus
}
${identifiers
  .map(
    (id) => `vrrp_instance VI_${id} {
  interface eth0
  virtual_router_id ${id}
  version 3
  advert_int 0.2
  priority 150
  virtual_ipaddress {
    10.99.0.${id}/32
  }
}
`,
  )
  .join('')}`;

const busConfiguration = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow receive_type="method_call"/>
    <allow send_type="method_return" send_requested_reply="true"/>
    <allow receive_type="method_return"/>
    <allow send_type="error" send_requested_reply="true"/>
    <allow receive_type="error"/>
    <allow send_type="signal"/>
    <allow receive_type="signal"/>
  </policy>
</busconfig>
`;

describe('D-Bus', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let bus: Recorder;
  let monitor: Recorder | undefined;
  let daemon: Foreground | undefined;
  let address: string;
  const environment = process.env.DBUS_SYSTEM_BUS_ADDRESS;

  before(async () => {
    sandbox = new Sandbox('dbus');
    const socket = sandbox.path('bus');
    address = `unix:path=${socket}`;
    process.env.DBUS_SYSTEM_BUS_ADDRESS = address;
    const file = sandbox.write('bus.conf', busConfiguration(socket));
    bus = new Recorder(['dbus-daemon', `--config-file=${file}`, '--nofork', '--nopidfile'], { line: () => {} });
    await until('the bus', 10, () => existsSync(socket));
  });
  afterEach(async () => {
    await daemon?.stop();
    await monitor?.end('SIGTERM');
  });
  after(async () => {
    await bus.end('SIGTERM');
    sandbox.close();
    if (environment === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = environment;
  });

  const call = (path: string, method: string, ...words: string[]): string => {
    const target = ['--address', address, '--dest', SERVICE, '--object-path', path, '--method', method];
    try {
      return run('gdbus', 'call', ...target, ...words).trim();
    } catch (error) {
      return /org\.freedesktop\.DBus\.Error\.\w+/.exec((error as { stderr: string }).stderr)?.[0] ?? String(error);
    }
  };

  /** Everything that the bus shows of `command` in its life, from the start to the stop. */
  async function life(command: string): Promise<string[]> {
    const seen: string[] = [];
    monitor = new Recorder(['gdbus', 'monitor', '--address', address, '--dest', SERVICE], {
      line: (line) => seen.push(line.replace(/ is owned by .*/, ' is owned')),
    });
    await until('the monitor', 10, () => seen.some((line) => line.includes('does not have an owner')));
    const file = sandbox.write('keepalived.conf', configuration(51, 52));
    daemon = new Foreground(sandbox, command, '-D', '-f', file, ...sandbox.pidOptions);
    await daemon.says(/^Acquired DBus bus org\.keepalived\.Vrrp1$/);
    await until('two masters', 15, () => seen.filter((line) => line.endsWith('(uint32 2,)')).length === 2);
    const answers = [
      call(FIRST, 'org.freedesktop.DBus.Properties.GetAll', 'org.keepalived.Vrrp1.Instance'),
      call(FIRST, 'org.freedesktop.DBus.Properties.Get', 'org.keepalived.Vrrp1.Instance', 'State'),
      call(FIRST, 'org.keepalived.Vrrp1.Instance.SendGarp'),
      call(VRRP, 'org.keepalived.Vrrp1.Vrrp.PrintData'),
      call(VRRP, 'org.keepalived.Vrrp1.Vrrp.NoSuchMethod'),
      call('/org/keepalived/Vrrp1/Instance/eth0/99/IPv4', 'org.keepalived.Vrrp1.Instance.SendGarp'),
    ];
    await daemon.says(/^Sending garps on VI_51 on DBus request$/);
    await daemon.says(/^Printing VRRP data on DBus request$/);
    sandbox.write('keepalived.conf', configuration(51, 53));
    answers.push(call(VRRP, 'org.keepalived.Vrrp1.Vrrp.ReloadConfig'));
    await until('the reload', 15, () => seen.some((line) => line.includes('VrrpReloaded')));
    await until('a new master', 15, () => seen.some((line) => /\/53\/IPv4: .*\(uint32 2,\)$/.test(line)));
    assert.equal(await daemon.stop(), 0);
    await until('the end', 15, () => seen.some((line) => line.includes('VrrpStopped')));
    // A monitor learns of a name's owner at about the time of the first signal.
    return [...answers, ...seen.filter((line) => /\/Instance\/|VrrpReloaded|VrrpStopped/.test(line)).sort()];
  }

  it('shows what keepalived shows, and does what it is asked', async () => {
    const ours = await life(evenkeel);
    assert.equal(ours[0], "({'Name': <('VI_51',)>, 'State': <(uint32 2, 'Master')>},)");
    await monitor?.end('SIGTERM');
    assert.deepEqual(ours, await life(reference));
  });

  it('waits for a bus that is not there, and keeps the daemon going meanwhile', async () => {
    process.env.DBUS_SYSTEM_BUS_ADDRESS = `unix:path=${sandbox.path('none')}`;
    const file = sandbox.write('keepalived.conf', configuration(51, 52));
    daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions);
    await daemon.says(/^Lost DBus org\.keepalived\.Vrrp1: .*ENOENT.* - trying again$/);
    await daemon.says(/^\(VI_51\) Entering MASTER STATE$/);
    assert.equal(await daemon.stop(), 0);
  });
});
