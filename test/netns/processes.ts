import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** Runs a program to its end and returns what it printed. Throws if it fails. */
export function run(program: string, ...parameters: readonly string[]): string {
  return execFileSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits until `holds`, looking every few milliseconds; rejects after `limit` seconds. */
export async function until(what: string, limit: number, holds: () => boolean): Promise<void> {
  const end = performance.now() + limit * 1000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${limit} s in vain: ${what}`);
    await pause(10);
  }
}

export async function seconds(count: number): Promise<void> {
  await pause(count * 1000);
}

/** A background program whose output is read, in whole lines or in pieces. */
export class Recorder {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | string>;

  constructor(
    command: readonly string[],
    reading: { line: (line: string) => void } | { piece: (piece: Buffer) => void },
  ) {
    this.#child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    this.#exited = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('close', (status, signal) => resolve(signal ?? status ?? 'unknown'));
    });
    if ('piece' in reading) this.#child.stdout?.on('data', reading.piece);
    else readLines(this.#child.stdout, reading.line);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Hands over the lines of the error stream as well. */
  onErrorLine(line: (line: string) => void): void {
    readLines(this.#child.stderr, line);
  }

  /** Exit status, or the name of the signal that ended it. */
  async end(signal: NodeJS.Signals | undefined): Promise<number | string> {
    if (signal !== undefined) this.#child.kill(signal);
    return this.#exited;
  }
}

function readLines(stream: NodeJS.ReadableStream | null, line: (line: string) => void): void {
  let pending = '';
  stream?.on('data', (piece: Buffer) => {
    const lines = (pending + piece.toString('utf8')).split('\n');
    pending = lines.pop() ?? '';
    for (const whole of lines) line(whole);
  });
}
