import { closeSync, openSync } from 'node:fs';
import { native } from './native.ts';
import { systemCall } from './system-error.ts';

/**
 * What `action` returns, done in the network namespace at `path`; sockets that it opens stay there. Throws a
 * SystemError when there is no such namespace.
 */
export function inNetworkNamespace<T>(path: string, action: () => T): T {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  try {
    systemCall('join network namespace', () => native.enterNetworkNamespace(path));
    try {
      return action();
    } finally {
      native.enterNetworkNamespace(`/proc/self/fd/${home}`);
    }
  } finally {
    closeSync(home);
  }
}
