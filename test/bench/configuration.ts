import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noIncludeCheck } from '../../src/config/includes.ts';
import { loadConfig } from '../../src/config/load.ts';
import { preprocess } from '../../src/config/preprocess.ts';
import { openConfigEnvironment } from '../../src/daemon/config-environment.ts';
import { parseLine, releaseParser } from '../../grammar/parser.ts';

/** What reading one file costs: seconds of a processor and of the clock, and peak memory. */
export interface Reading {
  readonly cpu: number;
  readonly elapsed: number;
  readonly peakKib: number;
}

/** Seconds of the clock within one process, compiled and warm. */
export interface Parts {
  readonly lines: number;
  readonly words: number;
  readonly all: number;
}

const serverLines = 22;
const headLines = 4;

/** A configuration of about `lines` lines: virtual servers with two real servers each, checked by TCP_CHECK. */
export function largeConfiguration(lines: number): string {
  const servers = Math.max(1, Math.round((lines - headLines) / serverLines));
  const parts = ['global_defs {\n  router_id bench\n  lvs_flush\n}\n'];
  for (let i = 0; i < servers; i++) {
    parts.push(`virtual_server 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} 80 {\n`);
    parts.push('  lb_algo rr\n  lb_kind DR\n  protocol TCP\n  delay_loop 6\n');
    for (const last of [1, 2]) {
      parts.push(`  real_server 192.168.${i % 250}.${last} 80 {\n    weight ${last}\n`);
      parts.push('    TCP_CHECK {\n      connect_timeout 3\n      retry 2\n    }\n  }\n');
    }
    parts.push('  alpha\n  quorum 1\n}\n');
  }
  return parts.join('');
}

const measured = `
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss)
`;

/** A configuration test of a text by a daemon. */
export function testedBy(daemon: string, text: string): Reading {
  return withFile(text, (path) => {
    const out = execFileSync('python3', ['-c', measured, daemon, '-t', '-f', path], { encoding: 'utf8' });
    const [cpu = 0, elapsed = 0, peakKib = 0] = out.trim().split(' ').map(Number);
    return { cpu, elapsed, peakKib };
  });
}

/** How long reading takes up to the logical lines, up to their words, and as a whole. */
export function partsOf(text: string): Parts {
  return withFile(text, (path) => {
    const lines = (): Iterable<{ text: string }> =>
      preprocess(path, openConfigEnvironment(), { configId: 'bench', includeCheck: false }, () => undefined, {
        filesRead: 0,
        includeFailed: false,
        plainIncludes: noIncludeCheck,
      });
    return {
      lines: timed(() => {
        for (const _ of lines());
      }),
      words: timed(() => {
        for (const line of lines()) parseLine(line.text);
        releaseParser();
      }),
      all: timed(() => {
        loadConfig(path, openConfigEnvironment(), { configId: 'bench', test: true, includeCheck: false });
      }),
    };
  });
}

function timed(action: () => void): number {
  action();
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
}

function withFile<T>(text: string, action: (path: string) => T): T {
  const directory = mkdtempSync('/run/evenkeel-configuration-');
  try {
    const path = join(directory, 'keepalived.conf');
    writeFileSync(path, text, { mode: 0o600 });
    return action(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
