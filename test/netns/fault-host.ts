import { readdirSync, readFileSync } from 'node:fs';
import { evenkeel } from '../support/machine.ts';
import { AdvertWatch } from './advert-watch.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { run, until } from './processes.ts';

/** The processes of a daemon, by the letter of their pid files in a sandbox. */
export const PROCESSES = { parent: 'p', vrrp: 'r', bfd: 'b' } as const;
export type ProcessName = keyof typeof PROCESSES;

/** A machine of its own on which a daemon meets with accidents. */
export class FaultHost {
  readonly sandbox: Sandbox;
  readonly watch: AdvertWatch;
  daemon: Foreground;

  private constructor(sandbox: Sandbox, watch: AdvertWatch, configuration: string, words: readonly string[]) {
    this.sandbox = sandbox;
    this.watch = watch;
    this.daemon = this.start(configuration, ...words);
  }

  static async open(name: string, configuration: string, ...words: readonly string[]): Promise<FaultHost> {
    const sandbox = new Sandbox(name);
    const watch = await AdvertWatch.open(sandbox.namespace, 'eth1', 'vrrp');
    return new FaultHost(sandbox, watch, configuration, words);
  }

  /** Starts a daemon, the next one after an earlier has ended. */
  start(configuration: string, ...words: readonly string[]): Foreground {
    const file = this.sandbox.write('keepalived.conf', configuration);
    this.daemon = new Foreground(this.sandbox, evenkeel, '-D', '-G', '-f', file, ...this.sandbox.pidOptions, ...words);
    return this.daemon;
  }

  /** 0 where there is none. */
  pid(name: ProcessName): number {
    try {
      return this.sandbox.pidIn(`${PROCESSES[name]}.pid`);
    } catch {
      return 0;
    }
  }

  signal(name: ProcessName, signal: NodeJS.Signals): void {
    const pid = this.pid(name);
    // 0 would be the test's own process group.
    if (pid === 0) throw new Error(`no ${name} process`);
    process.kill(pid, signal);
  }

  /** Everything a daemon may have left in the kernel. */
  get kernel(): string[] {
    const ip = (...words: string[]): string[] => run('ip', '-n', this.sandbox.namespace, ...words).split('\n');
    const nft = run('ip', 'netns', 'exec', this.sandbox.namespace, 'nft', 'list', 'tables').split('\n');
    const addresses = ip('-4', '-o', 'address').flatMap(
      (line) => /(\S+) +inet (\S+\/32) /.exec(line)?.slice(1).join(' ') ?? [],
    );
    const links = ip('-o', 'link').flatMap((line) => /^\d+: (vrrp[^@]*)/.exec(line)?.[1] ?? []);
    const routes = ip('route', 'show', 'table', 'all').filter((line) => line.includes('proto keepalived'));
    const rules = ip('rule').filter((line) => line.includes('proto keepalived'));
    return [...addresses, ...links, ...routes, ...rules, ...nft]
      .map((line) => line.trim())
      .filter(Boolean)
      .sort();
  }

  async settles(wanted: readonly string[]): Promise<void> {
    await until(`[${wanted.join(', ')}]`, 25, () => this.kernel.join() === wanted.join()).catch((error: Error) => {
      throw new Error(
        `${error.message}\nthere is [${this.kernel.join(', ')}]\n${this.daemon.lines.slice(-30).join('\n')}`,
      );
    });
  }

  /** Processes of this host's daemon and its scripts. */
  get processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid && commandLine(pid).includes(this.sandbox.directory));
  }

  get pidFiles(): string[] {
    return readdirSync(this.sandbox.directory).filter((name) => name.endsWith('.pid'));
  }

  async close(): Promise<void> {
    await this.daemon.stop();
    await this.watch.close();
    for (const pid of this.processes) process.kill(pid, 'SIGKILL');
    this.sandbox.close();
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
