import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isAdvert, vrrpOffset } from '../netns/frame.ts';
import { pcapReader } from '../netns/pcap.ts';
import { Recorder, run, seconds, until } from '../netns/processes.ts';

/** What else the machine does while the adverts are counted. */
export type Disturbance = 'none' | 'load' | 'signals';

export interface Wanted {
  readonly daemon: string;
  /** Instances on each network; a cable of its own stands for a VLAN, which not every kernel has. */
  readonly perNetwork: number;
  readonly networks: number;
  /** Seconds between adverts. */
  readonly interval: number;
  readonly disturbance: Disturbance;
  /** Seconds that the instances are watched once every one is master or backup. */
  readonly hold: number;
}

export interface Watched {
  /** Shares of one processor that the VRRP processes took while they were watched. */
  readonly masterCores: number;
  readonly backupCores: number;
  /** Changes of state of any instance on either host while it was watched. */
  readonly changes: number;
  /** Milliseconds that an advert left later than its interval after the one before: 50, 99.9 and 100 per cent. */
  readonly lateness: readonly [median: number, p999: number, worst: number];
  /** Adverts whose lateness was measured. */
  readonly sample: number;
  /** Seconds from the start until every instance of the first host is master, and from SIGTERM until it has ended. */
  readonly start: number;
  readonly stop: number;
  /** Virtual addresses that the first host still has after its end, and lines about what failed. */
  readonly left: number;
  readonly errors: number;
}

/** Adverts of this many virtual routers are captured: capturing all would disturb what it measures. */
const SAMPLED = 10;

/** Two hosts with the same daemon on one cable: masters on a, backups on b. */
export async function manyInstances(wanted: Wanted): Promise<Watched> {
  const directory = mkdtempSync('/run/evenkeel-many-');
  const prefix = `ek-${directory.slice(-6)}`;
  const names = [`${prefix}-a`, `${prefix}-b`] as const;
  const background: Recorder[] = [];
  const hosts: ManyHost[] = [];
  try {
    for (const name of names) run('ip', 'netns', 'add', name);
    plug(names, wanted.networks);
    for (const [index, namespace] of names.entries()) {
      hosts.push(new ManyHost(namespace, join(directory, `${index}`), wanted, index === 0 ? 200 : 100));
    }
    const [a, b] = hosts as [ManyHost, ManyHost];
    const began = performance.now();
    a.begin();
    // Not by the log: a daemon may leave out lines that a full pipe does not take.
    await until('every instance of a is master', 90, () => a.addresses() === a.count);
    const start = (performance.now() - began) / 1000;
    b.begin();
    await seconds(8 * wanted.interval + 4);
    const gaps = new Map<number, number[]>();
    background.push(await capture(names[1], wanted, gaps), ...disturb(wanted.disturbance));
    const before = [a, b].map((host) => ({ changes: host.changes, cpu: host.cpuSeconds() }));
    const from = performance.now();
    const nagging = wanted.disturbance === 'signals' ? setInterval(() => a.nag(), 250) : undefined;
    await seconds(wanted.hold);
    clearInterval(nagging);
    const span = (performance.now() - from) / 1000;
    const cores = [a, b].map((host, index) => (host.cpuSeconds() - before[index]!.cpu) / span);
    const changes = a.changes + b.changes - before[0]!.changes - before[1]!.changes;
    const late = [...gaps.values()].flatMap((times) => lateness(times, wanted.interval)).sort((x, y) => x - y);
    await Promise.all(background.splice(0).map((recorder) => recorder.end('SIGTERM')));
    await b.end();
    const ending = performance.now();
    await a.end();
    const stop = (performance.now() - ending) / 1000;
    return {
      ...{ masterCores: cores[0]!, backupCores: cores[1]!, changes, sample: late.length, start, stop },
      lateness: [quantile(late, 0.5), quantile(late, 0.999), late.at(-1) ?? Number.NaN],
      left: a.addresses(),
      errors: a.errors + b.errors,
    };
  } finally {
    await Promise.allSettled([...background.map((recorder) => recorder.end('SIGTERM')), ...hosts.map((h) => h.end())]);
    for (const name of names) run('ip', 'netns', 'del', name);
    rmSync(directory, { recursive: true, force: true });
  }
}

class ManyHost {
  readonly count: number;
  masters = 0;
  backups = 0;
  errors = 0;
  readonly #namespace: string;
  readonly #directory: string;
  readonly #wanted: Wanted;
  #daemon: Recorder | undefined;
  #nags = 0;

  constructor(namespace: string, directory: string, wanted: Wanted, priority: number) {
    this.#namespace = namespace;
    this.#directory = directory;
    this.#wanted = wanted;
    this.count = wanted.perNetwork * wanted.networks;
    mkdirSync(directory);
    writeFileSync(join(directory, 'keepalived.conf'), text(wanted, priority));
  }

  begin(): void {
    const file = (name: string): string => join(this.#directory, name);
    const inside = ['ip', 'netns', 'exec', this.#namespace, 'sh', '-c', 'mount --bind "$0" /tmp; exec "$@"'];
    const words = ['-n', '-l', '-P', '-f', file('keepalived.conf'), '-p', file('p'), '-r', file('r'), '-c', file('c')];
    mkdirSync(file('tmp'), { recursive: true });
    this.#daemon = new Recorder([...inside, file('tmp'), ...this.#wanted.daemon.split(' '), ...words], {
      line: (line) => this.#said(line),
    });
    this.#daemon.onErrorLine((line) => this.#said(line));
  }

  get changes(): number {
    return this.masters + this.backups;
  }

  /** A dump and a reload in turn. */
  nag(): void {
    process.kill(this.#pid('p'), this.#nags++ % 2 === 0 ? 'SIGUSR1' : 'SIGHUP');
  }

  /** Time on a processor of all threads of the VRRP process (schedstat, in nanoseconds). */
  cpuSeconds(): number {
    const tasks = `/proc/${this.#pid('r')}/task`;
    const spent = (task: string): number => Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ')[0]);
    return readdirSync(tasks).reduce((sum, task) => sum + spent(task), 0) / 1e9;
  }

  addresses(): number {
    return run('ip', '-n', this.#namespace, '-o', '-4', 'address').split('10.20.').length - 1;
  }

  async end(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    await daemon?.end('SIGTERM');
  }

  #pid(file: string): number {
    return Number(readFileSync(join(this.#directory, file), 'latin1'));
  }

  #said(line: string): void {
    if (line.includes('Entering MASTER STATE')) this.masters++;
    else if (/Entering (BACKUP|FAULT) STATE/.test(line)) this.backups++;
    else if (/ENOBUFS|No buffer space|overrun|Error \d+|died/.test(line)) this.errors++;
  }
}

function plug([a, b]: readonly [string, string], networks: number): void {
  for (const [index, namespace] of [a, b].entries()) {
    const ip = (...words: string[]): string => run('ip', '-n', namespace, ...words);
    ip('link', 'set', 'lo', 'up');
    for (let network = 0; network < networks; network++) {
      const name = interfaceOf(network, networks);
      if (index === 0) ip('link', 'add', name, 'type', 'veth', 'peer', 'name', name, 'netns', b);
      ip('link', 'set', name, 'up');
      ip('address', 'add', `10.9.${network}.${index + 1}/24`, 'dev', name);
    }
  }
}

function interfaceOf(network: number, networks: number): string {
  return networks === 1 ? 'eth0' : `eth0.${10 + network}`;
}

function text({ perNetwork, networks, interval }: Wanted, priority: number): string {
  const lines = ['global_defs {', '  router_id BENCH', '  vrrp_version 3', '}'];
  for (let index = 0; index < perNetwork * networks; index++) {
    const [network, id] = [Math.floor(index / perNetwork), (index % perNetwork) + 1];
    lines.push(
      ...[`vrrp_instance VI_${index} {`, '  state BACKUP', `  interface ${interfaceOf(network, networks)}`],
      ...[`  virtual_router_id ${id}`, `  priority ${priority}`, `  advert_int ${interval}`],
      ...['  garp_master_delay 0', `  virtual_ipaddress { 10.20.${network}.${id}/32 }`, '}'],
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Records when the adverts of a sample of the virtual routers arrive at a host. */
async function capture(namespace: string, wanted: Wanted, into: Map<number, number[]>): Promise<Recorder> {
  const every = Math.max(1, Math.floor(wanted.perNetwork / SAMPLED));
  const filter = `ip proto 112 and ip[21] % ${every} = 0`;
  const piece = pcapReader((frame) => {
    if (!isAdvert(frame)) return;
    const id = frame.bytes[vrrpOffset(frame.bytes) + 1] ?? 0;
    const times = into.get(id);
    if (times) times.push(frame.at);
    else into.set(id, [frame.at]);
  });
  const command = [
    'tcpdump',
    '-i',
    interfaceOf(0, wanted.networks),
    '-Q',
    'in',
    '-U',
    '-B',
    '16384',
    '-w',
    '-',
    filter,
  ];
  const recorder = new Recorder(['ip', 'netns', 'exec', namespace, ...command], { piece });
  let listening = false;
  recorder.onErrorLine((line) => {
    listening ||= line.includes('listening on');
  });
  await until('tcpdump listens', 10, () => listening);
  return recorder;
}

function disturb(disturbance: Disturbance): Recorder[] {
  if (disturbance !== 'load') return [];
  return cpus().map(() => new Recorder(['sh', '-c', 'while :; do :; done'], { line: () => {} }));
}

/** Milliseconds that each advert came later than `interval` seconds after the one before. */
function lateness(times: readonly number[], interval: number): number[] {
  return times.slice(1).map((at, index) => (at - (times[index] ?? at) - interval) * 1000);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
