import type { ConfigClass } from '../src/lib/diagnostic.ts';
import type { Result } from '../src/lib/result.ts';

export interface SecretFile {
  readonly text: string;
  /** Its group or others may read or write it. */
  readonly openToOthers: boolean;
}

/** What the system said to a call that failed. */
export interface SystemFailure {
  readonly errno: number;
  readonly text: string;
}

export interface TrackedFileFacts {
  /** Why changes in its directory cannot be watched. */
  readonly problem?: string;
  /** Something other than a regular file has the name. */
  readonly special: boolean;
}

/** What can be wrong with an include: files that cannot be read, or no match of one of three kinds. */
export type IncludeProblem = 'read' | 'match' | 'wildcardMatch' | 'braceMatch';

/** Which of them are errors from here on. */
export interface IncludeCheckChange {
  /** What counted so far does not matter any more. */
  readonly replaces: boolean;
  readonly add: readonly IncludeProblem[];
  readonly remove: readonly IncludeProblem[];
}

/** What reading a keyword may ask about the machine it runs on. */
export interface Surroundings {
  interfaceExists(name: string): boolean;
  isLoopback(name: string): boolean;
  /** Numeric address of a host name, or undefined. */
  resolveHost(name: string): string | undefined;
  /** From here on interfaces may be missing (dynamic_interfaces). */
  allowMissingInterfaces(): void;
  knowsUser(user: string, group: string | undefined): boolean;
  /** `macvlan`, `ipvlan`, `veth` ...; empty for hardware, undefined where there is no such interface. */
  interfaceKind(name: string): string | undefined;
  /** Text of a small file that only its owner should read; the error says why it is not to be had. */
  readSecret(path: string, maximumLength: number): Result<SecretFile, string>;
  /** What a tracked file and its directory are like. */
  trackedFile(path: string): TrackedFileFacts;
  /** Names of numbers in iproute2's files, those of the machine before those of its packages. */
  iprouteNames(table: string, directories: { readonly usr: string; readonly etc: string }): ReadonlyMap<string, number>;
  /** The routing table of a VRF; undefined where there is no such VRF. */
  vrfTable(name: string): number | undefined;
  /** Where the SNMP agent listens, if the command line has said so. */
  readonly snmpSocket: string | undefined;
  /** Processors that are online. */
  readonly processorCount: number;
  /** include_check: counts for the includes that follow in the same file. */
  checkIncludes(change: IncludeCheckChange): void;
  /** Makes a directory for the daemon alone unless there is one; otherwise what stands in its way. */
  prepareDirectory(path: string): 'not-directory' | SystemFailure | undefined;
}

/** A block being read: what it has so far, and facts its lines have settled, such as an address family. */
export interface Scope {
  readonly name: string;
  readonly values: Record<string, unknown>;
  readonly facts: Map<string, unknown>;
  readonly parent: Scope | undefined;
}

/** One statement being read. */
export interface Statement {
  /** The keyword first; in a list of entries there is none and the entry's first word comes first. */
  readonly words: readonly string[];
  /** As written, for commands, which are split by rules of their own. */
  readonly source: string;
  readonly scope: Scope;
  readonly surroundings: Surroundings;
  /** A configuration test refuses numbers with trailing characters, a real run only warns. */
  readonly strict: boolean;
  report(problem: ConfigClass, message: string, word?: number, expected?: string): void;
  /** Reports a general error, for which nothing is set. */
  refuse(message: string, word?: number, expected?: string): undefined;
  /** A line for the log that a configuration test does not count. */
  log(message: string): void;
  /** The word at this position does not exist: reading ends here and the process exits with status 2. */
  missing(position: number): undefined;
  /** An interface that must exist does not. */
  badInterface(): void;
}

/** How a keyword's words become a value and back. */
export interface ValueKind<T> {
  /** For messages and the manual. */
  readonly syntax: string;
  /** Words that read well in the manual; a default serves where there is none. */
  readonly example?: string;
  /** Of a line with words of its own: each of them and its meaning. */
  readonly words?: Readonly<Record<string, string>>;
  /** Undefined: nothing was set, and the reason is reported. */
  read(statement: Statement): T | undefined;
  /** The words after the keyword; undefined leaves the line out. */
  print(value: T): string | undefined;
}

export interface LeafOptions<T> {
  readonly default?: T;
  /** What holds while the keyword is not written, where that is not one value: `that of the virtual server`. */
  readonly otherwise?: string;
  /** keepalived's second message about a bad value: `%s` is the word, `%n` the name of the block. */
  readonly invalid?: string;
  /** What is set when the value is bad and the default is not simply left alone. */
  readonly fallback?: T;
  /** The message for a missing word; without it a missing word ends the reading. Empty: nothing is said. */
  readonly missing?: string;
  /** An old spelling: the value goes to the keyword named here. */
  readonly deprecated?: {
    readonly instead: string;
    /** Only the log says so, and a configuration test does not count it. */
    readonly quiet?: true;
    /** keepalived's words, where they are not the usual ones. */
    readonly message?: string;
  };
  /** The value is an array to which every such line adds an element. */
  readonly repeats?: boolean;
  /** Never shown in a dump. */
  readonly secret?: boolean;
  /** keepalived does not know it. */
  readonly own?: true;
  /** A reload does not change it. */
  readonly untilRestart?: true;
  /** Looks at a good value in the light of what came before: another value, or undefined to refuse it. */
  readonly admit?: (value: T, statement: Statement) => T | undefined;
}

export interface Leaf<T> extends LeafOptions<T> {
  readonly kind: 'leaf';
  readonly value: ValueKind<T>;
  readonly documentation: string;
}

/** Another spelling of a keyword of the same block, equal in every way. */
export interface Alias<K extends string> {
  readonly kind: 'alias';
  readonly of: K;
}

/** A block whose lines are entries, not keywords. */
export interface List<T> {
  readonly kind: 'list';
  readonly entry: ValueKind<T>;
  readonly documentation: string;
  /** Every word of a line is an entry of its own. */
  readonly wordwise: boolean;
  /** Said when the block closes without an entry; `%n` is the name of the block around it. */
  readonly empty?: string;
  /** Said of a second block, which is passed over; the first stands. */
  readonly once?: (owner: string) => string;
  /** keepalived does not know it. */
  readonly own?: true;
  /** Looks at all the entries of a block as it closes; those that it returns stay. */
  readonly admit?: (entries: readonly T[], statement: Statement) => readonly T[];
}

export interface BlockOptions {
  /** A second block of the name adds to the first instead of standing beside it. */
  readonly merge?: boolean;
  /** The list among its rows that its lines are entries of: such a block has no keywords. */
  readonly lines?: string;
  /** Runs at the closing brace; false drops the block, and the reason is reported. */
  readonly finish?: (scope: Scope, statement: Statement) => boolean;
}

export interface Block<H, R extends Rows, M extends boolean = boolean> extends BlockOptions {
  readonly kind: 'block';
  readonly merge: M;
  readonly header: ValueKind<H>;
  readonly documentation: string;
  readonly rows: R;
}

// biome-ignore lint/suspicious/noExplicitAny: rows of every value type stand in one table
export type Row = Leaf<any> | Alias<string> | List<any> | Block<any, any>;
export interface Rows {
  readonly [keyword: string]: Row;
}

/** What the reader adds to every block. */
export interface Sequenced {
  /** Where the block stood among its siblings of all kinds. */
  readonly sequence: number;
}

type ValueOf<R> =
  R extends Leaf<infer T>
    ? T
    : R extends List<infer T>
      ? readonly T[]
      : R extends Block<infer H, infer S, infer M>
        ? M extends true
          ? Contents<H, S>
          : readonly Contents<H, S>[]
        : never;

type Contents<H, R> = H &
  Sequenced & { readonly [K in keyof R as R[K] extends Alias<string> ? never : K]?: ValueOf<R[K]> };

/** What a block's table says it holds once read. */
export type Infer<B> = B extends Block<infer H, infer R> ? Contents<H, R> : never;

export function leaf<T>(value: ValueKind<T>, documentation: string, options: LeafOptions<T> = {}): Leaf<T> {
  return { kind: 'leaf', value, documentation, ...options };
}

export function alias<K extends string>(of: K): Alias<K> {
  return { kind: 'alias', of };
}

export function list<T>(
  entry: ValueKind<T>,
  documentation: string,
  options: Partial<Pick<List<T>, 'wordwise' | 'empty' | 'once' | 'own' | 'admit'>> = {},
): List<T> {
  return { kind: 'list', entry, documentation, wordwise: false, ...options };
}

/** A block that may stand several times, each time meaning another thing. */
export function block<H, R extends Rows>(
  header: ValueKind<H>,
  documentation: string,
  rows: R,
  options: Omit<BlockOptions, 'merge'> = {},
): Block<H, R, false> {
  return { kind: 'block', merge: false, header, documentation, rows, ...options };
}

/** A block of settings: written twice, it adds up. */
export function settings<R extends Rows>(documentation: string, rows: R): Block<object, R, true> {
  return { kind: 'block', merge: true, header: nothing, documentation, rows };
}

/** A header without words; surplus ones are ignored. */
export const nothing: ValueKind<object> = { syntax: '', read: () => ({}), print: () => '' };
