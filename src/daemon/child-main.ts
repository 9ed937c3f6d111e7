import type { Role } from '../ipc/messages.ts';
import { openParentChannel, type ParentChannel, writeStandardError } from '../os/channel.ts';
import { native } from '../os/native.ts';
import { setFileCreationMask } from '../os/processes/processes.ts';
import type { ChildContext } from './child.ts';
import { openChild } from './child.ts';
import { CHILD_IDENTS } from './parent/supervisor.ts';

/** Exit statuses a parent understands (cli.md's KEEPALIVED_EXIT_*). */
const MISSING_PERMISSION = 4;
const PROGRAM_ERROR = 70;

type Program = (context: ChildContext) => void | Promise<void>;

/** Runs a child process in its role until it stops; the exit status. */
export async function runChild(role: Role, parentPid: number): Promise<number> {
  const channel = openParentChannel();
  if (channel === undefined) {
    writeStandardError('This process is started by its parent only');
    return 1;
  }
  const crashed = crashes(channel, CHILD_IDENTS[role]);
  // The program loads while the parent is still reading the configuration.
  const loading = loadProgram(role);
  const child = await openChild(channel, role, parentPid);
  if (child === undefined) return 0;
  const { config, options } = child.context;
  setFileCreationMask(options.umask ?? config.global.umask);
  native.setProcessName(config.global.processNames[role] ?? 'keepalived');
  // What goes wrong in there arrives as an unhandled rejection.
  void loading.then((run) => run(child.context));
  return Promise.race([child.finished, crashed]);
}

async function loadProgram(role: Role): Promise<Program> {
  if (role === 'vrrp') return (await import('./vrrp/vrrp-main.ts')).runVrrpProcess;
  if (role === 'bfd') return (await import('./bfd-process.ts')).runBfdProcess;
  return (await import('./checker/checker-process.ts')).runCheckerProcess;
}

/**
 * A broken promise of our own must not look like exit status 1, which would end the whole daemon: it is said, and the
 * parent starts the process again. Missing rights are another matter: trying again would not bring them.
 */
function crashes(channel: ParentChannel, ident: string): Promise<number> {
  return new Promise((resolve) => {
    const crash = (error: unknown): void => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const messages = [`${ident} crashed:`, ...text.split('\n')];
      const lines = messages.map((message) => ({ level: 'err', message }) as const);
      if (!channel.send({ type: 'log', lines })) messages.forEach(writeStandardError);
      void channel.flushed().then(() => resolve(isMissingPermission(error) ? MISSING_PERMISSION : PROGRAM_ERROR));
    };
    process.once('uncaughtException', crash);
    process.once('unhandledRejection', crash);
  });
}

function isMissingPermission(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EACCES');
}
