import type { ConfigEnvironment, InterfaceFacts } from '../../src/config/environment.ts';
import { parseIp } from '../../src/lib/ip.ts';
import { err, ok } from '../../src/lib/result.ts';

const ordinary: InterfaceFacts = { mtu: 1500, loopback: false, multicast: true, arp: true, ethernet: true };
const users = new Map([
  ['root', { uid: 0, gid: 0 }],
  ['keepalived_script', { uid: 990, gid: 990 }],
  ['nobody', { uid: 65534, gid: 65534 }],
]);

/**
 * A machine with the interfaces lo, eth0, eth1 and ens160, three users and every script that is not under /nosuch.
 * Files are the given ones; relative names are below /etc/keepalived. Random numbers are always a quarter.
 */
export function fakeConfigEnvironment(files: Readonly<Record<string, string>>): ConfigEnvironment {
  const directory = '/etc/keepalived';
  const byPath = new Map(
    Object.entries(files).map(([name, text]) => [name.startsWith('/') ? name : `${directory}/${name}`, text]),
  );
  return {
    readFile(path) {
      const text = byPath.get(path);
      return text === undefined ? err('missing') : ok(text);
    },
    glob(pattern) {
      const source = pattern
        .replace(/[.+^$()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '[^/]*')
        .replace(/\?/g, '[^/]');
      const matches = new RegExp(`^${source.replace(/[{}]/g, '\\$&')}$`);
      if (pattern.endsWith('/.'))
        return [...byPath.keys()].some((path) => path.startsWith(pattern.slice(0, -1))) ? [pattern] : [];
      return [...byPath.keys()].filter((path) => matches.test(path)).sort();
    },
    workingDirectory: directory,
    interfaceFacts: (name) => {
      if (name === 'lo') return { ...ordinary, loopback: true, multicast: false };
      return ['eth0', 'eth1', 'ens160'].includes(name) ? ordinary : undefined;
    },
    privateMacvlans: () => [],
    networks: () => [],
    user: (name) => users.get(name),
    groupId: (name) => users.get(name)?.gid,
    groupsOf: ({ gid }) => [gid, 100],
    self: { uid: 0, gid: 0, userName: 'root' },
    hostName: 'lb1.example.com',
    findScript: (path) =>
      path.startsWith('/nosuch') ? err('not-found') : ok({ path, writtenPath: path, insecure: false }),
    readSecret(path) {
      const text = byPath.get(path);
      return text === undefined ? err('No such file or directory') : ok({ text, openToOthers: path.includes('open') });
    },
    trackedFile: (path) =>
      path.startsWith('/nosuch')
        ? { problem: 'realpath() error 2 (No such file or directory)', special: false }
        : { special: path.startsWith('/dev') },
    processorCount: 4,
    inNamespace: (name) =>
      name === 'blue' ? { ...fakeConfigEnvironment(files), interfaceFacts: () => ordinary } : undefined,
    prepareDirectory: (path) =>
      path.startsWith('/nosuch') ? { errno: 2, text: 'No such file or directory' } : undefined,
    resolveHost: (name) => (name === 'mail.example.com' ? parseIp('192.0.2.25') : undefined),
    variable: (name) => (name === 'ROLE' ? 'primary' : undefined),
    random: () => 0.25,
  };
}
