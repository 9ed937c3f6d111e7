import { native } from './native.ts';
import { cpus, hostname } from 'node:os';
import type { ConfigEnvironment, InterfaceFacts } from '../config/environment.ts';
import type { Prefix } from '../config/types.ts';
import { localAccounts } from './processes/accounts.ts';
import { readConfigFile } from './files/config-file.ts';
import { glob } from './files/glob.ts';
import { resolveHost } from './sockets/resolve-host.ts';
import { prepareDirectory } from './files/private-directory.ts';
import { findScript } from './processes/script-finder.ts';
import { readSecret } from './files/secret-file.ts';
import { trackedFile } from './files/tracked-file.ts';

/** Where scripts are looked for when the environment does not say (confstr(3), _CS_PATH). */
const DEFAULT_SEARCH_PATH = '/bin:/usr/bin';

/** The interfaces of the network namespace, as the kernel reports them. */
export interface InterfaceReader {
  facts(name: string): InterfaceFacts | undefined;
  privateMacvlans(base: string, mac: string): readonly string[];
  networks(name: string): readonly Prefix[];
  /** Those of the namespace of that name, if there is one. */
  inNamespace(name: string): InterfaceReader | undefined;
}

/** This machine, as reading a configuration needs it. Each file is read when it is asked for, accounts only once. */
export function systemEnvironment(interfaces: InterfaceReader): ConfigEnvironment {
  const accounts = localAccounts();
  /** Asked for once: a directory service may be slow to answer. */
  const groups = new Map<string, readonly number[]>();
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  return {
    readFile: readConfigFile,
    glob,
    workingDirectory: process.cwd(),
    interfaceFacts: (name) => interfaces.facts(name),
    privateMacvlans: (base, mac) => interfaces.privateMacvlans(base, mac),
    networks: (name) => interfaces.networks(name),
    user: (name) => accounts.user(name),
    groupId: (name) => accounts.groupId(name),
    groupsOf: ({ uid, gid }) => {
      const known = groups.get(`${uid}:${gid}`) ?? native.groupsOf(uid, gid);
      groups.set(`${uid}:${gid}`, known);
      return known;
    },
    self: { uid, gid, userName: accounts.userOf(uid)?.name ?? `${uid}` },
    hostName: hostname(),
    findScript: (path, user) => findScript(path, user, process.env.PATH ?? DEFAULT_SEARCH_PATH),
    readSecret,
    trackedFile,
    inNamespace(name) {
      const there = interfaces.inNamespace(name);
      return there && systemEnvironment(there);
    },
    get processorCount() {
      return cpus().length;
    },
    prepareDirectory,
    resolveHost,
    variable: (name) => process.env[name],
    random: Math.random,
  };
}
