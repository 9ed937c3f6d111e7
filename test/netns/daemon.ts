import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder, run, until } from './processes.ts';

/** What a program that has ended left behind. */
export interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One interface with an address; a daemon that runs here harms nobody. */
export class Sandbox {
  readonly namespace: string;
  readonly directory: string;
  readonly #daemons: Foreground[] = [];

  constructor(name: string) {
    this.namespace = `par-${name}-${process.pid}`;
    this.directory = mkdtempSync(join(tmpdir(), 'evenkeel-daemon-'));
    run('ip', 'netns', 'add', this.namespace);
    const ip = (...words: string[]) => run('ip', '-n', this.namespace, ...words);
    ip('link', 'set', 'lo', 'up');
    ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1');
    ip('address', 'add', '10.99.0.1/24', 'dev', 'eth0');
    ip('link', 'set', 'eth0', 'up');
    ip('link', 'set', 'eth1', 'up');
  }

  write(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** `-p`, `-r`, `-c` and `-b` with files of this sandbox. */
  get pidOptions(): string[] {
    return ['-p', this.path('p.pid'), '-r', this.path('r.pid'), '-c', this.path('c.pid'), '-b', this.path('b.pid')];
  }

  /** Runs a command line here to its end, in the sandbox's directory. */
  finish(command: string, ...words: readonly string[]): Ending {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', this.namespace, command, ...words], {
      cwd: this.directory,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, stdout, stderr };
  }

  /** Never 0, which as the receiver of a signal would be everybody who runs this test. */
  pidIn(name: string): number {
    const pid = Number(readFileSync(this.path(name), 'latin1'));
    if (!(pid > 0)) throw new Error(`no PID in ${name}`);
    return pid;
  }

  /** A daemon that is to end with this sandbox. */
  adopt(daemon: Foreground): void {
    this.#daemons.push(daemon);
  }

  /** Daemons that a failed test has left are killed, lest they keep the test waiting. */
  close(): void {
    for (const daemon of this.#daemons) daemon.signal('SIGKILL');
    run('ip', 'netns', 'del', this.namespace);
    rmSync(this.directory, { recursive: true });
  }
}

/** A daemon in the foreground, its log lines collected without their times. */
export class Foreground {
  readonly lines: string[] = [];
  readonly #recorder: Recorder;

  constructor(sandbox: Sandbox, command: string, ...words: readonly string[]) {
    this.#recorder = new Recorder(['ip', 'netns', 'exec', sandbox.namespace, command, '-n', '-l', ...words], {
      line: () => {},
    });
    sandbox.adopt(this);
    this.#recorder.onErrorLine((line) =>
      this.lines.push(line.replace(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}: /, '')),
    );
  }

  /** Waits until a line matches, from `since` on. */
  async says(pattern: RegExp, since = 0): Promise<void> {
    const said = (): boolean => this.lines.slice(since).some((line) => pattern.test(line));
    await until(`a line like ${pattern}`, 15, said).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.lines.join('\n')}`);
    });
  }

  count(pattern: RegExp): number {
    return this.lines.filter((line) => pattern.test(line)).length;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    return this.#recorder.end(signal);
  }

  /** The exit status of a daemon that ends by itself. */
  async ended(): Promise<number | string> {
    return this.#recorder.end(undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.#recorder.signal(signal);
  }
}

/** Whether a process is there and not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Processes with `pid` as their parent. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** `ip netns identify`: the namespace a process is in. */
export function namespaceOf(pid: number): string {
  return execFileSync('ip', ['netns', 'identify', `${pid}`], { encoding: 'utf8' }).trim();
}
