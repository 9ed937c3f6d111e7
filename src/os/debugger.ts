import { builtin } from './builtin.ts';

/**
 * SIGUSR1 opens the engine's debugger port until our own handler is there; a signal that early must not leave it open. One
 * that the command line asked for stays.
 */
export function closeUnwantedDebugger(): void {
  const { url, close } = builtin.inspector();
  const wanted = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((word) => word.includes('--inspect'));
  if (!wanted && url() !== undefined) close();
}
