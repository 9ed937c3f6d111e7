import type { Role } from '../ipc/messages.ts';
import type { LogLine } from '../lib/log.ts';
import { type Channel, openParentChannel } from '../os/channel.ts';
import { lockPidFile, type PidFile } from '../os/files/pid-file.ts';
import { passOnCoreLimit, passOnDescriptorLimit } from '../os/processes/started-with.ts';
import { postponeOptimising } from '../os/optimiser.ts';
import { parentProcessId } from '../os/processes/this-process.ts';
import { writeOutput } from '../os/program.ts';
import { codeOf } from '../os/system-error.ts';
import { unlessEnded } from '../os/turn.ts';
import type { ChildContext } from './child.ts';
import { openChild } from './child.ts';
import { crashLines, firstCrash } from './crash.ts';
import { exitStatus } from '../lib/exit-status.ts';
import { CHILD_IDENTS } from './parent/supervisor.ts';

type Program = (context: ChildContext) => void | Promise<void>;

/** Runs a child process in its role until it stops; the exit status. */
export async function runChild(role: Role, parentPid: number): Promise<number> {
  const channel = openParentChannel();
  if (channel === undefined) {
    writeOutput('stderr', 'This process is started by its parent only');
    return exitStatus.fatal;
  }
  passOnDescriptorLimit();
  passOnCoreLimit();
  const crashed = crashes(channel, CHILD_IDENTS[role]);
  // The program loads while the parent is still reading the configuration.
  const loading = loadProgram(role);
  const child = await openChild(channel, role, parentPid);
  if (child === undefined) return 0;
  const leave = inheritPidFile(channel, child.context.options.pidFile, parentPid);
  // What goes wrong in there arrives as an unhandled rejection.
  void loading.then((run) => run(child.context));
  const status = await Promise.race([child.finished, crashed]);
  leave();
  return status;
}

const INHERIT_AGAIN_MILLISECONDS = 5;

/**
 * A child outlives a killed parent for as long as it takes to clean up. Until then no other daemon may start here, so the lock on
 * the pid file is taken over, and the file goes at the end. Gives what is to be done then.
 */
function inheritPidFile(channel: Channel, path: string | undefined, parentPid: number): () => void {
  let file: PidFile | undefined;
  const inherit = (): void => {
    if (path === undefined || file !== undefined) return;
    const locked = lockPidFile(path);
    if (typeof locked !== 'string') file = locked;
    // A dying parent closes its descriptors one by one: that of the channel may go before that of the file.
    else if (locked === 'locked') unlessEnded(INHERIT_AGAIN_MILLISECONDS, inherit);
  };
  channel.onDisconnect(inherit);
  return () => {
    if (parentProcessId() !== parentPid) inherit();
    file?.remove();
  };
}

async function loadProgram(role: Role): Promise<Program> {
  if (role === 'vrrp') return (await import('./vrrp/vrrp-main.ts')).runVrrpProcess;
  if (role === 'bfd') return (await import('./bfd-process.ts')).runBfdProcess;
  const { runCheckerProcess } = await import('./checker/checker-process.ts');
  // In the VRRP process takeovers would wait for what the start had not compiled.
  postponeOptimising();
  return runCheckerProcess;
}

/**
 * A broken promise of our own must not look like exit status 1, which would end the whole daemon: it is said, and the
 * parent starts the process again. Missing rights are another matter: trying again would not bring them.
 */
async function crashes(channel: Channel, ident: string): Promise<number> {
  const error = await firstCrash();
  const lines = isMissingPermission(error) ? [refusal(ident, error)] : crashLines(ident, error);
  if (!channel.send({ type: 'log', lines })) for (const { message } of lines) writeOutput('stderr', message);
  await channel.flushed();
  return isMissingPermission(error) ? exitStatus.missingPermission : exitStatus.programError;
}

/** What is not allowed is the operator's to mend: the place in the program says nothing to him. */
function refusal(ident: string, { message }: Error): LogLine {
  return { level: 'err', message: `${ident}: ${message}` };
}

function isMissingPermission(error: unknown): error is Error {
  return error instanceof Error && (codeOf(error) === 'EPERM' || codeOf(error) === 'EACCES');
}
