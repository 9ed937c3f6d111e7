import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/machine.ts';
import { childrenOf } from './daemon.ts';
import { type CapturedFrame, pcapReader } from './pcap.ts';
import { Recorder, run, until } from './processes.ts';

/** An address event of `ip monitor`, with its time in seconds since the epoch. */
export interface AddressEvent {
  readonly at: number;
  readonly text: string;
}

/** How a host is reached: its namespace, the switch's namespace and port, its directory for files. */
export interface Place {
  readonly namespace: string;
  readonly switchNamespace: string;
  readonly port: string;
  readonly directory: string;
  readonly daemon: string;
  /** Further options of its command line. */
  readonly options: readonly string[];
}

/** One VRRP host: a daemon in a network namespace, and everything it does that can be seen from outside. */
export class Host {
  readonly frames: CapturedFrame[] = [];
  readonly addresses: AddressEvent[] = [];
  /** Events of routes and rules that keepalived's protocol number marks, in the words of `ip monitor`. */
  readonly routing: string[] = [];
  readonly fifo: string[] = [];
  readonly log: string[] = [];
  /** Whatever else a script wants compared between the programs. */
  readonly remarks: string[] = [];
  readonly exits: (number | string)[] = [];
  readonly #place: Place;
  readonly #recorders: Recorder[] = [];
  #daemon: Recorder | undefined;

  constructor(place: Place) {
    this.#place = place;
    mkdirSync(join(place.directory, 'tmp'), { recursive: true });
  }

  /** Starts listening: frames into the switch's port, addresses, the notify FIFO. */
  async record(): Promise<void> {
    const { switchNamespace, port, namespace } = this.#place;
    const inSwitch = ['ip', 'netns', 'exec', switchNamespace];
    let listening = false;
    const capture = new Recorder(
      [
        ...inSwitch,
        'tcpdump',
        '-i',
        port,
        '-Q',
        'in',
        '-n',
        '-U',
        '--immediate-mode',
        '-B',
        '16384',
        '-w',
        '-',
        'arp or ip proto 112 or ip proto 51 or ip6 proto 112 or icmp6[0] == 136',
      ],
      { piece: pcapReader((frame) => this.frames.push(frame)) },
    );
    capture.onErrorLine((line) => {
      listening ||= line.includes('listening on');
    });
    run('mkfifo', this.fifoPath);
    this.#recorders.push(
      capture,
      new Recorder(['ip', '-n', namespace, '-o', '-ts', 'monitor', 'address'], { line: (line) => this.#address(line) }),
      new Recorder(['ip', '-n', namespace, '-o', 'monitor', 'route', 'rule'], { line: (line) => this.#routing(line) }),
      new Recorder(['sh', '-c', 'exec cat <>"$1"', 'sh', this.fifoPath], { line: (line) => this.fifo.push(line) }),
    );
    await until('tcpdump listens', 10, () => listening);
  }

  get fifoPath(): string {
    return join(this.#place.directory, 'fifo');
  }

  /** A script for the configuration that notes its arguments; read them with `scriptCalls`. */
  get scriptPath(): string {
    const path = join(this.#place.directory, 'note');
    if (!existsSync(path)) {
      writeFileSync(path, `#!/bin/sh\necho "$*" >>${this.#place.directory}/calls\n`, { mode: 0o755 });
    }
    return path;
  }

  get scriptCalls(): readonly string[] {
    const file = join(this.#place.directory, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  start(configuration: string): void {
    const { directory } = this.#place;
    this.configure(configuration);
    this.log.length = 0;
    this.#daemon = new Recorder(
      [
        ...['ip', 'netns', 'exec', this.#place.namespace, 'sh', '-c', privateTmp, 'sh', directory, projectRoot],
        ...this.#place.daemon.split(' '),
        ...['-n', '-l', ...this.#place.options, '-P', '-f', `${directory}/keepalived.conf`],
        ...['-p', `${directory}/pid`, '-r', `${directory}/vrrp.pid`, '-c', `${directory}/checkers.pid`],
        ...['-b', `${directory}/bfd.pid`],
      ],
      { line: (line) => this.log.push(line) },
    );
    this.#daemon.onErrorLine((line) => this.log.push(line));
  }

  /** Writes the configuration file; a running daemon reads it at the next SIGHUP. */
  configure(configuration: string): void {
    writeFileSync(join(this.#place.directory, 'keepalived.conf'), configuration);
  }

  signal(signal: NodeJS.Signals): void {
    this.#daemon?.signal(signal);
  }

  async stop(): Promise<void> {
    if (this.#daemon === undefined) return;
    this.exits.push(await this.#daemon.end('SIGTERM'));
    this.#daemon = undefined;
  }

  /** SIGKILL for the parent and its children together, as a crashing machine would end them. */
  async kill(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    this.#daemon = undefined;
    daemon.signal('SIGSTOP');
    // Not by its PID file: one that is still empty would mean 0, which is everybody who runs this test.
    for (const child of daemon.pid === undefined ? [] : childrenOf(daemon.pid)) process.kill(child, 'SIGKILL');
    await daemon.end('SIGKILL');
    for (const file of ['pid', 'vrrp.pid']) rmSync(join(this.#place.directory, file), { force: true });
  }

  /** The running daemon's processes. */
  get processes(): readonly (readonly ['parent' | 'vrrp', number])[] {
    const pid = (file: string) => Number(readFileSync(join(this.#place.directory, file), 'utf8'));
    return [
      ['parent', pid('pid')],
      ['vrrp', pid('vrrp.pid')],
    ];
  }

  /** What `ip address` shows for eth0 now. */
  get configured(): readonly string[] {
    const shown = run('ip', '-n', this.#place.namespace, '-o', '-4', 'address', 'show');
    return shown.trimEnd().split('\n').map(tidyAddress);
  }

  setLink(state: 'up' | 'down'): void {
    run('ip', '-n', this.#place.switchNamespace, 'link', 'set', this.#place.port, state);
  }

  /** A file of this host's. */
  path(name: string): string {
    return join(this.#place.directory, name);
  }

  /** Sets eth0 itself up or down. */
  setInterface(state: 'up' | 'down'): void {
    run('ip', '-n', this.#place.namespace, 'link', 'set', 'eth0', state);
  }

  addAddress(address: string): void {
    run('ip', '-n', this.#place.namespace, 'address', 'add', address, 'dev', 'eth0');
  }

  /** Takes eth0 away altogether, as when a card is pulled; its port stays. */
  removeInterface(): void {
    const { namespace, switchNamespace } = this.#place;
    run('ip', '-n', namespace, 'link', 'set', 'eth0', 'netns', switchNamespace);
  }

  /** Gives eth0 back, up and with its address. */
  returnInterface(address: string): void {
    const { namespace, switchNamespace } = this.#place;
    run('ip', '-n', switchNamespace, 'link', 'set', 'eth0', 'netns', namespace);
    run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up');
    run('ip', '-n', namespace, 'address', 'add', address, 'dev', 'eth0');
  }

  /** Takes an address from eth0 behind the daemon's back. */
  removeAddress(address: string): void {
    run('ip', '-n', this.#place.namespace, 'address', 'del', address, 'dev', 'eth0');
  }

  /** Sends a frame into this host's interface, as if another host had; resolves when it is sent. */
  async inject(frame: Uint8Array): Promise<void> {
    const program =
      'import socket,sys; s=socket.socket(17,3); s.bind((sys.argv[1],0)); s.send(bytes.fromhex(sys.argv[2]))';
    const parameters = [this.#place.port, Buffer.from(frame).toString('hex')];
    const inSwitch = ['ip', 'netns', 'exec', this.#place.switchNamespace];
    const sender = new Recorder([...inSwitch, 'python3', '-S', '-c', program, ...parameters], { line: () => {} });
    const status = await sender.end(undefined);
    if (status !== 0) throw new Error(`the frame could not be sent: ${status}`);
  }

  /** Runs `ip` on this host, as an operator would, and returns what it prints. */
  ip(...words: readonly string[]): string {
    return run('ip', '-n', this.#place.namespace, ...words);
  }

  /** Runs a program in this host's namespace and returns what it prints. */
  run(...words: readonly string[]): string {
    return run('ip', 'netns', 'exec', this.#place.namespace, ...words);
  }

  async close(): Promise<void> {
    if (this.#daemon !== undefined) await this.kill();
    await Promise.all(this.#recorders.map((recorder) => recorder.end('SIGTERM')));
  }

  #routing(line: string): void {
    if (line.includes('proto keepalived')) this.routing.push(line.replace(/\s+/g, ' ').trim());
  }

  #address(line: string): void {
    const match = /^\[([0-9T:-]+)(\.\d+)\] (.*)$/.exec(line);
    if (match === null || !/ inet6? /.test(line)) return;
    const at = Date.parse(`${match[1]}Z`) / 1000 + Number(match[2]);
    this.addresses.push({ at, text: tidyAddress(match[3]!) });
  }

  /** For a failing test: the end of the daemon's log. */
  get story(): string {
    return this.log.slice(-60).join('\n');
  }
}

/**
 * Gives the daemon a /tmp of its own, since dump files have fixed names there; a checkout that lies in /tmp stays visible.
 */
const privateTmp = `own=$1/tmp root=$2; shift 2
case $root in /tmp/*) mkdir -p "$own/\${root#/tmp/}" && mount --bind "$root" "$own/\${root#/tmp/}";; esac
mount --rbind "$own" /tmp && exec "$@"`;

/** One line of `ip -o address` without index, life times and address protocol, single spaces. */
function tidyAddress(line: string): string {
  return line
    .replace(/\d+: /, '')
    .replace(/\\.*/, '')
    .replace(/ proto \S+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
