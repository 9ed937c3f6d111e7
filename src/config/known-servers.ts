import type { Scope, Surroundings } from '../../grammar/keyword.ts';
import type { LineReader } from './file-reader.ts';
import type { Scripts } from './scripts.ts';
import type { VirtualServer } from './types.ts';

/** The block of a virtual server, as it stands in a file, and what it came to. */
export interface KnownServer {
  /** Whole lines with their ends. */
  readonly text: string;
  readonly lines: number;
  readonly server: VirtualServer;
}

/** Stands for the block of a virtual server that need not be read again. */
export interface KeptServer {
  readonly kept: VirtualServer;
}

/** A block that is being read. */
export interface BlockBeginning {
  readonly reader: LineReader;
  readonly start: number;
  readonly line: number;
  readonly header: string;
  readonly looks: number;
}

/** What may mean something else at another reading, although it is written the same. */
const changeable = /[@$~\\]|include/;

/**
 * The virtual servers of a daemon's last reading by their text, so that a reload reads those that have changed and no
 * others: what a block comes to is remembered if nothing was said about it and it looked at nothing outside of itself,
 * such as users, scripts or other blocks. The server is then the very same object, by which everybody after can tell.
 */
export class KnownServers {
  /** The reader stands outside of all blocks, where one that is known may begin. */
  outside = false;
  /** Of the file that is being read. */
  reader: LineReader | undefined;
  #known: ReadonlyMap<string, readonly KnownServer[]> = new Map();
  #circumstances: string | undefined;
  #looks = 0;
  #found = new Map<string, KnownServer[]>();
  readonly #used = new Set<KnownServer>();
  readonly #blocks = new Map<object, Omit<KnownServer, 'server'> & { readonly header: string }>();

  /** Begins a reading. */
  begin(): void {
    this.outside = false;
    this.reader = undefined;
    this.#found = new Map();
    this.#used.clear();
    this.#blocks.clear();
  }

  /** The known block that begins with the line last read, which is `header`. */
  find(header: string, reader: LineReader): KnownServer | undefined {
    if (!this.outside) return undefined;
    const found = this.#known.get(header)?.find((one) => !this.#used.has(one) && reader.continuesWith(one.text));
    if (!found) return undefined;
    this.#used.add(found);
    // The text of this file, not of an earlier one, which could then be given back.
    const again = { ...found, text: reader.textFrom(reader.start, found.text.length) };
    this.#note(header, again);
    return again;
  }

  /** A block begins with the line last read; `whole`: nothing else stands before it there. */
  blockBegins(whole: boolean): BlockBeginning | undefined {
    const { reader } = this;
    if (!whole || !reader) return undefined;
    return { reader, start: reader.start, line: reader.number, header: reader.line, looks: this.#looks };
  }

  /** The block ends with the line last read, and nothing else follows there; it came to `raw`. */
  blockEnds({ reader, start, line, header, looks }: BlockBeginning, raw: object): void {
    if (looks !== this.#looks || reader !== this.reader) return;
    const text = reader.textFrom(start);
    if (changeable.test(text) || !text.endsWith('\n')) return;
    this.#blocks.set(raw, { text, lines: reader.number - line + 1, header });
  }

  /**
   * Everything but text that a virtual server depends on. False: it is not as it was when the known ones were read, so
   * this reading counts for nothing; the next one will read all of them.
   */
  holdsUnder(circumstances: string): boolean {
    const same = circumstances === this.#circumstances;
    this.#circumstances = circumstances;
    if (same || this.#used.size === 0) return true;
    this.#known = new Map();
    return false;
  }

  /** What `make` makes of `raw`, remembered if that looks at nothing else. */
  remember(raw: object, make: () => VirtualServer): VirtualServer {
    const before = this.#looks;
    const made = make();
    const block = this.#blocks.get(raw);
    if (!block || before !== this.#looks) return made;
    // Words are parts of the file they come from, and each would keep all of it in memory.
    const server = this.#used.size > 0 ? structuredClone(made) : made;
    this.#note(block.header, { text: block.text, lines: block.lines, server });
    return server;
  }

  /** Ends a reading that came to a configuration: the blocks of the one before are forgotten. */
  end(): void {
    this.#known = this.#found;
    this.begin();
  }

  /** The same thing, with every look at it noted. */
  watch<T extends Surroundings | Scope>(thing: T): T {
    const look = (): void => void this.#looks++;
    return new Proxy(thing, {
      get(target, name) {
        look();
        return Reflect.get(target, name);
      },
    });
  }

  /** The same function, with every call of it noted: a server about which something is said is no known one. */
  watchCalls<T extends readonly unknown[]>(call: (...words: T) => void): (...words: T) => void {
    return (...words) => {
      this.#looks++;
      call(...words);
    };
  }

  /** Scripts are looked up anew at each reading. */
  watchScripts(scripts: Scripts): Scripts {
    return {
      examine: scripts.examine,
      use: scripts.use,
      identity: scripts.identity,
      endPart: scripts.endPart,
      get used() {
        return scripts.used;
      },
      get insecure() {
        return scripts.insecure;
      },
      resolve: (command, kind) => {
        if (command) this.#looks++;
        return scripts.resolve(command, kind);
      },
    };
  }

  #note(header: string, server: KnownServer): void {
    const others = this.#found.get(header);
    if (!others) this.#found.set(header, [server]);
    else if (!others.some(({ text }) => text === server.text)) others.push(server);
  }
}
