import type { SecretFile, SystemFailure, TrackedFileFacts } from '../../grammar/keyword.ts';
import type { Result } from '../lib/result.ts';
import type { Prefix } from './types-route.ts';

export type { SecretFile, SystemFailure, TrackedFileFacts };

export type FileProblem = 'missing' | 'directory' | 'not-regular' | 'unreadable';

/** What an interface looks like now; the checks that depend on the live system ask for no more than this. */
export interface InterfaceFacts {
  readonly mtu: number;
  readonly loopback: boolean;
  readonly multicast: boolean;
  readonly arp: boolean;
  readonly ethernet: boolean;
  /** `macvlan`, `veth` ...; absent for hardware. */
  readonly kind?: string;
  /** Of a macvlan: it is a private one. */
  readonly isPrivate?: boolean;
  /** Name of the interface it sits on. */
  readonly base?: string;
  /** Of a VRF: its routing table. */
  readonly vrfTable?: number;
}

export type ScriptProblem = 'not-found' | 'inhibited' | 'not-executable';

/** The outcome of looking at a program before it is ever run. */
export interface ScriptFinding {
  /** The absolute path with symbolic links resolved. */
  readonly path: string;
  /** The path as written or found in the search path. */
  readonly writtenPath: string;
  /** It would run as root while someone else can change it. */
  readonly insecure: boolean;
  /** The part of the path that makes it so, and who can write it. */
  readonly unsafe?: { readonly component: string; readonly by: string };
  /** A log line worth having, such as that the name was found in PATH. */
  readonly note?: string;
}

export interface UserIdentity {
  readonly uid: number;
  readonly gid: number;
}

/** Everything that reading a configuration may ask of the world. Nothing here throws. */
export interface ConfigEnvironment {
  /** Text of a regular, readable, not executable file. */
  readFile(path: string): Result<string, FileProblem>;
  /** Paths matching a glob in glob(3) order; braces, `*`, `?` and `[]` are known. An empty list means no match. */
  glob(pattern: string): readonly string[];
  readonly workingDirectory: string;
  interfaceFacts(name: string): InterfaceFacts | undefined;
  /** Names of the private macvlans that sit on the interface `base` and have the MAC address, as 00:00:5e:00:01:33. */
  privateMacvlans(base: string, mac: string): readonly string[];
  /** Addresses that the interface has now, with the lengths of their networks. */
  networks(name: string): readonly Prefix[];
  user(name: string): UserIdentity | undefined;
  groupId(name: string): number | undefined;
  /** All groups of a user, its own among them. */
  groupsOf(user: UserIdentity): readonly number[];
  /** The daemon's own user. */
  readonly self: UserIdentity & { readonly userName: string };
  readonly hostName: string;
  /** Looks at a program as the user it would run as. `path` may lack a slash: then PATH is searched. */
  findScript(path: string, user: UserIdentity): Result<ScriptFinding, ScriptProblem>;
  /** Text of a small file that should be readable by its owner only; the error says why it is not to be had. */
  readSecret(path: string, maximumLength: number): Result<SecretFile, string>;
  /** What a tracked file and its directory are like. */
  trackedFile(path: string): TrackedFileFacts;
  /** Processors that are online. */
  readonly processorCount: number;
  /** Makes a directory for the daemon alone unless there is one; otherwise what stands in its way. */
  prepareDirectory(path: string): 'not-directory' | SystemFailure | undefined;
  /** The same machine in the network namespace of that name (ip-netns(8)); undefined when there is none. */
  inNamespace(name: string): ConfigEnvironment | undefined;
  /** Numeric address of a mail relay; undefined when it does not resolve. */
  resolveHost(name: string): string | undefined;
  variable(name: string): string | undefined;
  /** Uniform in [0, 1). */
  random(): number;
}
