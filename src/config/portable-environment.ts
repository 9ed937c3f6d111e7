import { err } from '../lib/result.ts';
import type { ConfigEnvironment, InterfaceFacts } from './environment.ts';

const ordinary: InterfaceFacts = { mtu: 1500, loopback: false, multicast: true, arp: true, ethernet: true };

/** `vrrp.51` */
const generated = /\.\d+$/;

/**
 * Another machine, of which nothing is known but the files: every interface, user and program that a configuration
 * names is taken to be there and in order.
 */
export function portableEnvironment(system: ConfigEnvironment): ConfigEnvironment {
  const texts: string[] = [];
  // A name that keepalived would make up for an interface of its own is free unless a file uses it.
  const isFree = (name: string): boolean => generated.test(name) && !texts.some((text) => text.includes(name));
  return {
    ...system,
    readFile(path) {
      const text = system.readFile(path);
      if (text.ok) texts.push(text.value);
      return text;
    },
    interfaceFacts: (name) => system.interfaceFacts(name) ?? (isFree(name) ? undefined : ordinary),
    privateMacvlans: () => [],
    inNamespace: () => portableEnvironment(system),
    networks: () => [],
    user: (name) => system.user(name) ?? { uid: 65534, gid: 65534 },
    groupId: (name) => system.groupId(name) ?? 65534,
    findScript(path, user) {
      const found = system.findScript(path, user);
      if (found.ok) return found;
      return path.startsWith('/')
        ? { ok: true, value: { path, writtenPath: path, insecure: false } }
        : err(found.error);
    },
  };
}
