import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { childrenOf, Sandbox } from './daemon.ts';
import { Recorder, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program python3']);

/** Prints every datagram that reaches the socket, its line ends as blanks. */
const LISTENER = `import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("listening", flush=True)
while True: print(listener.recv(4096).decode().replace("\\n", " "), flush=True)`;

describe('a service manager', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let listener: Recorder;
  let manager: Recorder | undefined;
  const heard: string[] = [];
  before(async () => {
    sandbox = new Sandbox('manager');
    sandbox.write(
      'keepalived.conf',
      'vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n virtual_ipaddress {\n 10.99.0.9/32\n }\n}\n',
    );
    listener = new Recorder(['python3', '-c', LISTENER, sandbox.path('notify')], { line: (line) => heard.push(line) });
    await until('the socket', 10, () => heard.includes('listening'));
  });
  after(async () => {
    await manager?.end('SIGKILL');
    await listener.end('SIGKILL');
    rmSync(sandbox.path('notify'), { force: true });
    sandbox.close();
  });

  it('hears of the start, of every reload and of the stop, and gets its signs of life', async () => {
    const daemon = [evenkeel, '-n', '-f', sandbox.path('keepalived.conf'), ...sandbox.pidOptions].join(' ');
    // The shell is process 1 there, as a service manager is.
    const started = `export NOTIFY_SOCKET=${sandbox.path('notify')} WATCHDOG_USEC=400000; ${daemon} & wait`;
    const spaces = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', started];
    manager = new Recorder(['ip', 'netns', 'exec', sandbox.namespace, ...spaces], { line: () => {} });
    const hears = (pattern: RegExp, times = 1): Promise<void> =>
      until(`${pattern}`, 15, () => heard.filter((line) => pattern.test(line)).length >= times);
    await hears(/^READY=1 MAINPID=\d+$/);
    await hears(/^WATCHDOG=1$/, 3);
    const outer = childrenOf(process.pid).find((pid) => childrenOf(pid).some((inner) => childrenOf(inner).length > 0));
    const shell = childrenOf(outer ?? 0)[0] ?? 0;
    const parent = childrenOf(shell)[0] ?? 0;
    process.kill(parent, 'SIGHUP');
    await hears(/^READY=1 MAINPID=\d+$/, 2);
    process.kill(parent, 'SIGTERM');
    await hears(/^STOPPING=1$/);
    assert.equal(await manager.end(undefined), 0);
    assert.deepEqual(
      heard.filter((line) => line !== 'listening' && line !== 'WATCHDOG=1').map((line) => line.split(' ')[0]),
      ['READY=1', 'RELOADING=1', 'READY=1', 'STOPPING=1'],
    );
  });
});
