import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing, projectRoot } from '../support/machine.ts';
import { Recorder, until } from './processes.ts';

const fileSystems = readFileSync('/proc/filesystems', 'latin1');
const possible = /\toverlay$/m.test(fileSystems) && /\tcgroup2$/m.test(fileSystems);
const skip =
  missing(['root', 'namespaces', 'program /lib/systemd/systemd']) ??
  (possible ? undefined : 'this kernel lacks overlayfs or cgroup2');

const CONFIGURATION = `vrrp_instance VI_1 {
  version 3
  interface eth0
  state MASTER
  virtual_router_id 51
  priority 255
  virtual_ipaddress {
    10.99.0.51/32
  }
}
`;

/** What an operator does, and what systemd says to it. */
const PLAY = `said() { systemctl show keepalived -p "$1" --value; }
# is STATE: waits for it.
is() { for n in {1..150}; do [ "$(said ActiveState)" = "$1" ] && break; sleep 0.1; done; said ActiveState; }
held() { for n in {1..80}; do ip -o -4 address | grep -q 10.99.0.51 && break; sleep 0.1; done; ip -o -4 address | grep -c 10.99.0.51; }
main() { [ "$(said MainPID)" = "$(cat /run/keepalived.pid)" ] && echo yes; }
restarted() { for n in {1..150}; do [ "$(said NRestarts)" = "$1" ] && break; sleep 0.1; done; said NRestarts; }
systemctl start keepalived
echo "start $? $(is active) $(main) $(held)"
systemctl reload keepalived
echo "reload $? $(is active) $(main) $(held)"
kill -9 "$(said MainPID)"
echo "killed $(restarted 1) $(is active) $(main) $(held)"
sleep 3
echo "watched $(said NRestarts) $(said ActiveState)"
kill -STOP "$(said MainPID)"
echo "stuck $(restarted 2) $(is active) $(main) $(held)"
systemctl stop keepalived
echo "stop $? $(is inactive) $(said Result) $(ls /run/*.pid 2>/dev/null) $(ip -o -4 address | grep -c 10.99.0.51)"
echo end
`;

test('the packaged unit under systemd: start, reload, death, watchdog, stop', { skip: skip ?? false }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'evenkeel-systemd-'));
  writeFileSync(join(directory, 'keepalived.conf'), CONFIGURATION);
  writeFileSync(join(directory, 'play'), PLAY);
  const spaces = ['unshare', '--mount', '--pid', '--fork', '--uts', '--ipc', '--net', '--cgroup', '--kill-child'];
  const script = join(projectRoot, 'test/netns/systemd.sh');
  const machine = new Recorder([...spaces, script, projectRoot, directory], { line: () => {} });
  const complaints: string[] = [];
  machine.onErrorLine((line) => complaints.push(line));
  const lines = (): string[] => {
    const file = join(directory, 'result');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  };
  try {
    await until('the play is over', 90, () => lines().includes('end')).catch((error: Error) => {
      throw new Error([error.message, ...complaints, ...lines()].join('\n'));
    });
    assert.deepEqual(lines(), [
      'start 0 active yes 1',
      'reload 0 active yes 1',
      'killed 1 active yes 1',
      'watched 1 active',
      'stuck 2 active yes 1',
      'stop 0 inactive success  0',
      'end',
    ]);
  } finally {
    await machine.end('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});
