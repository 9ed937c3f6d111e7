import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { AdvertWatch } from './advert-watch.ts';
import { fastInstance, NO_ADVERT_MISSED } from './configuration.ts';
import { childrenOf, Foreground, isAlive, Sandbox } from './daemon.ts';
import { Recorder, run, seconds, until } from './processes.ts';

const skip = missing(['root', 'namespaces', 'program /usr/bin/tcpdump', 'program python3']);

const TWO = fastInstance('VI_1', 51) + fastInstance('VI_2', 52);

/** Adverts of virtual router 52 from 10.99.0.9 with a TTL of 254, so many a second for so many seconds. */
const FLOOD = `import socket, sys, time
rate, span = int(sys.argv[2]), float(sys.argv[3])
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((sys.argv[1], 0))
frame = bytes.fromhex('01005e000012' '020000000909' '0800' '4500002000010000fe70' '0000' '0a630009' 'e0000012'
                      '3134ff01' '0032' '0000' '0a630034')
words = [int.from_bytes(frame[i:i + 2], 'big') for i in range(14, 34, 2)]
total = sum(words)
while total >> 16: total = (total & 0xffff) + (total >> 16)
frame = frame[:24] + (total ^ 0xffff).to_bytes(2, 'big') + frame[26:]
began, sent = time.monotonic(), 0
while time.monotonic() - began < span:
    while sent < (time.monotonic() - began) * rate:
        link.send(frame)
        sent += 1
    time.sleep(0.002)
print(sent)
`;

describe('hostile surroundings', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  let watch: AdvertWatch;
  let daemon: Foreground | undefined;

  before(async () => {
    sandbox = new Sandbox('hostile');
    watch = await AdvertWatch.open(sandbox.namespace, 'eth1', 'vrrp and ip[21] = 51');
  });
  after(async () => {
    await watch.close();
    sandbox.close();
  });
  afterEach(async () => {
    await daemon?.stop();
  });

  const begin = async (configuration: string): Promise<Foreground> => {
    const file = sandbox.write('keepalived.conf', configuration);
    const outer = process.env.TMPDIR;
    process.env.TMPDIR = sandbox.directory;
    daemon = new Foreground(sandbox, evenkeel, '-D', '-f', file, ...sandbox.pidOptions);
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    await daemon.says(/^Startup complete$/);
    await watch.hears(51, 2);
    return daemon;
  };
  const onTime = (from: number): void => {
    const gap = watch.longestGap(51, from);
    assert.ok(gap < NO_ADVERT_MISSED, `${gap} s without an advert`);
  };
  const program = (name: string, text: string): string => {
    const path = sandbox.write(name, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it('10 000 bad packets a second are counted, said once and delay no advert', async () => {
    const daemon = await begin(TWO);
    const from = watch.count(51);
    let sent = 0;
    const command = ['python3', '-c', FLOOD, 'eth1', '10000', '4'];
    const flood = new Recorder(['ip', 'netns', 'exec', sandbox.namespace, ...command], {
      line: (line) => {
        sent = Number(line);
      },
    });
    assert.equal(await flood.end(undefined), 0);
    await watch.hears(51, 2);
    onTime(from);
    assert.ok(sent > 20_000, `${sent} packets sent`);
    daemon.signal('SIGUSR2');
    const counted = (): number =>
      Number(/VRRP Instance: VI_2\n[^V]*TTL: (\d+)/.exec(readFileSync(sandbox.path('keepalived.stats'), 'utf8'))?.[1]);
    await until('the statistics', 5, () => readdirSync(sandbox.directory).includes('keepalived.stats'));
    assert.ok(counted() <= sent && counted() > sent / 2, `${counted()} of ${sent} packets counted`);
    const said = daemon.count(/TTL|ttl/);
    assert.ok(said >= 1 && said < 10, `${said} lines`);
    assert.equal(daemon.count(/Entering (BACKUP|FAULT) STATE/), 0);
  });

  it('scripts that hang, fork, flood or are gone delay no advert, and end', async () => {
    const scripts = {
      hang: program('hang.sh', `trap '' TERM\nsleep 8`),
      fork: program('fork.sh', 'for i in 1 2 3 4 5 6 7 8; do sleep 3.25 & done'),
      flood: program('flood.sh', 'yes | head -c 20000000\nyes | head -c 20000000 >&2'),
      gone: program('gone.sh', 'exit 0'),
    };
    const blocks = Object.entries(scripts).map(
      ([name, path]) => `vrrp_script ${name} {\n  script ${path}\n  interval 1\n  timeout 1\n  weight -5\n}\n`,
    );
    const tracked = `track_script {\n${Object.keys(scripts).join('\n')}\n}`;
    // An owner tracks nothing with a weight.
    const tracking = fastInstance('VI_1', 51, tracked, 254);
    const daemon = await begin(
      `global_defs {\n  script_user root\n}\n${blocks.join('')}${tracking}${fastInstance('VI_2', 52)}`,
    );
    const from = watch.count(51);
    unlinkSync(scripts.gone);
    const child = sandbox.pidIn('r.pid');
    await seconds(5);
    onTime(from);
    assert.equal(sandbox.pidIn('r.pid'), child);
    await daemon.says(/hang.* timed out/);
    assert.ok(childrenOf(child).length < 8, `${childrenOf(child).length} scripts at once`);
    assert.ok(daemon.lines.length < 200, `${daemon.lines.length} lines`);
    await daemon.stop();
    const left = (): string[] => commandLines().filter((words) => words.includes(sandbox.directory));
    await until('no script is left', 10, () => left().length === 0).catch(() => assert.deepEqual(left(), []));
  });

  it('an interface that comes back as another kind is one of its own', async () => {
    const ip = (...words: string[]): string => run('ip', '-n', sandbox.namespace, ...words);
    const make = (...kind: string[]): void => {
      ip('link', 'add', 'eth5', ...kind);
      ip('link', 'set', 'eth5', 'up');
      ip('address', 'add', '10.98.0.1/24', 'dev', 'eth5');
    };
    make('type', 'veth', 'peer', 'name', 'eth6');
    ip('link', 'set', 'eth6', 'up');
    const other = fastInstance('VI_5', 55).replace('interface eth0', 'interface eth5');
    const daemon = await begin(`global_defs {\n  dynamic_interfaces\n}\n${fastInstance('VI_1', 51)}${other}`);
    await until('the address', 10, () => ip('-o', 'address', 'show', 'dev', 'eth5').includes('10.99.0.55'));
    const [from, pid] = [watch.count(51), sandbox.pidIn('r.pid')];
    ip('link', 'del', 'eth5');
    await daemon.says(/\(VI_5\) Entering FAULT STATE/);
    make('type', 'bridge');
    ip('link', 'add', 'eth7', 'type', 'veth', 'peer', 'name', 'eth8');
    ip('link', 'set', 'eth7', 'master', 'eth5', 'up');
    ip('link', 'set', 'eth8', 'up');
    await until('the address', 15, () => ip('-o', 'address', 'show', 'dev', 'eth5').includes('10.99.0.55'));
    onTime(from);
    assert.ok(isAlive(pid));
    assert.equal(sandbox.pidIn('r.pid'), pid);
  });
});

/** Of every process, its words joined by blanks. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
