import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Sandbox } from '../netns/daemon.ts';
import { run } from '../netns/processes.ts';

/** What a command said and how it ended. */
export interface Outcome {
  readonly status: number | null;
  /** Standard output and error, one after the other. */
  readonly text: string;
}

const ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'DEBIAN_FRONTEND=noninteractive',
];

/** A bare Debian system in a directory: what `debian:12-slim` is to Docker. Needs root and a mirror of Debian. */
export class BareMachine {
  readonly root: string;
  /** Its network: one interface, eth0, with an address. */
  readonly sandbox = new Sandbox('package');

  constructor() {
    this.root = join(mkdtempSync(join(tmpdir(), 'evenkeel-machine-')), 'root');
    run('mmdebstrap', '--quiet', '--variant=minbase', 'bookworm', this.root);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Copies a file of this machine into /tmp of that one; its name there. */
  bring(file: string): string {
    const name = `/tmp/${basename(file)}`;
    copyFileSync(file, this.path(name));
    return name;
  }

  bringDirectory(from: string, to: string): void {
    cpSync(from, this.path(to), { recursive: true, verbatimSymlinks: true });
  }

  /** The start of a command line that runs a program there, with processes and mounts of its own. */
  enter(shared: 'network' | 'nothing' = 'nothing'): string[] {
    const network = shared === 'network' ? [] : ['ip', 'netns', 'exec', this.sandbox.namespace];
    const spaces = ['--pid', '--fork', '--kill-child', '--mount', `--mount-proc=${this.path('proc')}`];
    return [...network, 'unshare', ...spaces, 'env', '-i', ...ENVIRONMENT, 'chroot', this.root];
  }

  /** Runs a shell command there. */
  shell(command: string, shared: 'network' | 'nothing' = 'nothing'): Outcome {
    const [program = '', ...words] = [...this.enter(shared), '/bin/sh', '-ec', command];
    const { status, stdout, stderr, error } = spawnSync(program, words, {
      encoding: 'utf8',
      timeout: 300_000,
    });
    return { status, text: `${stdout}${stderr}${error ?? ''}` };
  }

  close(): void {
    this.sandbox.close();
    rmSync(dirname(this.root), { recursive: true, force: true });
  }
}
