import type { Role } from './ipc/messages.ts';
import { parseCommandLine } from './daemon/command/command-line.ts';
import { exitStatus } from './lib/exit-status.ts';
import { CAUGHT_SIGNALS } from './daemon/signals.ts';
import { catchSignals } from './os/processes/caught-signals.ts';
import { nameProcess, writeOutput } from './os/program.ts';

const CHILD_ROLE = /^--role=(vrrp|checker|bfd):(\d+)$/;
const DAEMON = '--daemon';

/**
 * The way in for every process of this program. `words` is what follows Node's own: the name the program was called by
 * and its arguments, before them what a process of ours says to its copies: a child's role, or that it is the daemon.
 */
async function main(words: readonly string[]): Promise<number> {
  const [first = 'keepalived', ...rest] = words;
  const child = CHILD_ROLE.exec(first);
  if (child !== null) {
    catchSignals(CAUGHT_SIGNALS);
    nameProcess(rest);
    const { runChild } = await import('./daemon/child-main.ts');
    return runChild(child[1] as Role, Number(child[2]));
  }
  if (first === DAEMON) return runCommand(rest, true);
  if (/(^|\/)genhash$/.test(first)) {
    const { genhash } = await import('./daemon/command/genhash.ts');
    return genhash(first, rest);
  }
  if (rest[0] === 'dump-conf') {
    const { dumpConf } = await import('./daemon/command/dump-conf.ts');
    return dumpConf(rest.slice(1));
  }
  if (rest[0] === 'check') {
    const { check } = await import('./daemon/command/check.ts');
    return check(rest.slice(1));
  }
  if (rest[0] === 'status') {
    const { status } = await import('./daemon/command/status.ts');
    return status(rest.slice(1));
  }
  if (rest[0] === 'explain') {
    const { explain } = await import('./daemon/command/explain.ts');
    return explain(rest.slice(1));
  }
  if (/(^|\/)evenkeel$/.test(first) && !/^-(?!h$|-help$)/.test(rest[0] ?? '')) {
    const { showUsage } = await import('./daemon/command/usage.ts');
    return showUsage(rest[0]);
  }
  return runCommand(words, false);
}

async function runCommand(words: readonly string[], isDaemon: boolean): Promise<number> {
  const [name = 'keepalived', ...rest] = words;
  const { options, output, action, invalidNumber } = parseCommandLine(rest);
  if (!isDaemon) for (const { stream, text } of output) writeOutput(stream, text);
  if (action === 'help') {
    const { usageText } = await import('./daemon/command/version.ts');
    writeOutput('stderr', usageText(name));
    return 0;
  }
  if (typeof action === 'object' && 'genhash' in action) {
    const { genhash } = await import('./daemon/command/genhash.ts');
    return genhash(name, action.genhash);
  }
  if (action === 'version') {
    const [{ versionText }, { systemFacts }] = await Promise.all([
      import('./daemon/command/version.ts'),
      import('./daemon/command/facts.ts'),
    ]);
    writeOutput('stderr', versionText(systemFacts()));
    return 0;
  }
  if (action !== 'run') return action.exit;
  nameProcess(words);
  if (options.configTest !== undefined) {
    const { testConfiguration } = await import('./daemon/command/config-test.ts');
    return testConfiguration(options, options.configTest, invalidNumber);
  }
  if (!isDaemon && !options.dontFork) {
    const { startDaemon } = await import('./daemon/parent/daemonise.ts');
    return startDaemon(words);
  }
  catchSignals(CAUGHT_SIGNALS);
  const { runParent } = await import('./daemon/parent/parent-main.ts');
  return runParent(options, words);
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writeOutput('stderr', `${process.argv[2] ?? 'keepalived'}: ${text}`);
    process.exit(exitStatus.programError);
  },
);
