import { encodeAttributes, nested, type Attributes, type Table } from '../netlink/attribute.ts';
import { be32, bytes, cstring, type Kind } from '../netlink/kinds.ts';
import { messageFlag, type Request } from '../netlink/message.ts';
import { data, expression, type Expression } from './expression.ts';
import { batchMessage, family, hostWord, NFTABLES, type TableFamily, tableMessage, verdict } from './numbers.ts';

/** NLA lists of one kind of element, each as NFTA_LIST_ELEM (1). */
function listOf<T>(element: Kind<T>): Kind<readonly T[]> {
  const one = { element: [1, element] } as const satisfies Table;
  return {
    nested: true,
    encode: (writer, values) => {
      for (const value of values) encodeAttributes(writer, one, { element: value } as Attributes<typeof one>);
    },
    decode: () => undefined,
  };
}

const name = cstring(256);

const hookAttributes = {
  /** NFTA_HOOK_HOOKNUM */ number: [1, be32],
  /** NFTA_HOOK_PRIORITY */ priority: [2, be32],
} as const satisfies Table;

const tableAttributes = {
  /** NFTA_TABLE_NAME */ name: [1, name],
} as const satisfies Table;

const chainAttributes = {
  /** NFTA_CHAIN_TABLE */ table: [1, name],
  /** NFTA_CHAIN_NAME */ name: [3, name],
  /** NFTA_CHAIN_HOOK */ hook: [4, nested(hookAttributes)],
  /** NFTA_CHAIN_POLICY */ policy: [5, be32],
  /** NFTA_CHAIN_TYPE */ type: [7, name],
} as const satisfies Table;

const fieldAttributes = {
  /** NFTA_SET_FIELD_LEN */ length: [1, be32],
} as const satisfies Table;

const descriptionAttributes = {
  /** NFTA_SET_DESC_CONCAT */ fields: [2, listOf(nested(fieldAttributes))],
} as const satisfies Table;

const setAttributes = {
  /** NFTA_SET_TABLE */ table: [1, name],
  /** NFTA_SET_NAME */ name: [2, name],
  /** NFTA_SET_FLAGS */ flags: [3, be32],
  /** NFTA_SET_KEY_TYPE */ keyType: [4, be32],
  /** NFTA_SET_KEY_LEN */ keyLength: [5, be32],
  /** NFTA_SET_DATA_TYPE */ dataType: [6, be32],
  /** NFTA_SET_DATA_LEN */ dataLength: [7, be32],
  /** NFTA_SET_DESC */ description: [9, nested(descriptionAttributes)],
  /** NFTA_SET_ID */ id: [10, be32],
  /** NFTA_SET_USERDATA */ userData: [13, bytes()],
} as const satisfies Table;

const elementAttributes = {
  /** NFTA_SET_ELEM_KEY */ key: [1, nested(data)],
  /** NFTA_SET_ELEM_DATA */ data: [2, nested(data)],
  /** NFTA_SET_ELEM_KEY_END */ end: [10, nested(data)],
} as const satisfies Table;

const elementListAttributes = {
  /** NFTA_SET_ELEM_LIST_TABLE */ table: [1, name],
  /** NFTA_SET_ELEM_LIST_SET */ set: [2, name],
  /** NFTA_SET_ELEM_LIST_ELEMENTS */ elements: [3, listOf(nested(elementAttributes))],
} as const satisfies Table;

const ruleAttributes = {
  /** NFTA_RULE_TABLE */ table: [1, name],
  /** NFTA_RULE_CHAIN */ chain: [2, name],
  /** NFTA_RULE_EXPRESSIONS */ expressions: [4, listOf(expression)],
} as const satisfies Table;

/** NFT_SET_CONSTANT, NFT_SET_INTERVAL, NFT_SET_MAP, NFT_SET_CONCAT */
const setFlag = { constant: 2, interval: 4, map: 8, concatenated: 0x80 } as const;

/** NFTNL_UDATA_SET_KEYBYTEORDER: nft(8) shows keys by it; 1 is the machine's order, 2 the network's. */
export const byteOrder = { host: 1, network: 2 } as const;

export interface SetDefinition {
  readonly name: string;
  readonly keyType: number;
  /** Bytes. */
  readonly keyLength: number;
  readonly order: keyof typeof byteOrder;
  /** Present in a map. */
  readonly dataType?: number;
  /** Bytes; verdicts have none. */
  readonly dataLength?: number;
  readonly constant?: boolean;
  /** Bytes of each part of a key whose elements are ranges; every part fills whole words. */
  readonly ranges?: readonly number[];
  /** Told apart within one transaction. */
  readonly id: number;
}

export interface SetElement {
  readonly key: Uint8Array;
  /** The last key of a range. */
  readonly end?: Uint8Array;
  readonly data?: Uint8Array;
  /** In a map of verdicts: the chain that the packet goes on in. */
  readonly chain?: string;
}

/** Elements by names that differ when they do; each is made when it is needed, since tables with thousands change one by one. */
export type NamedElements = ReadonlyMap<string, () => SetElement>;

/** The list of elements in a message is one attribute, which has to stay below 64 KiB. */
const ELEMENTS_PER_MESSAGE = 400;

/** What can be asked of one table; each is one netlink message of a transaction. */
export class TableCommands {
  readonly #family: TableFamily;
  readonly #table: string;

  constructor(tableFamily: TableFamily, table: string) {
    this.#family = tableFamily;
    this.#table = table;
  }

  /** Succeeds when there is such a table. */
  query(): Request {
    return this.#request(tableMessage.getTable, 0, tableAttributes, { name: this.#table });
  }

  create(): Request {
    return this.#request(tableMessage.newTable, messageFlag.create, tableAttributes, { name: this.#table });
  }

  /** With everything in it. */
  delete(): Request {
    return this.#request(tableMessage.deleteTable, 0, tableAttributes, { name: this.#table });
  }

  /** A chain that packets enter by a hook, or without one only by a goto. */
  chain(chain: string, at?: { readonly hook: number; readonly priority: number; readonly type: string }): Request {
    const base = at && {
      hook: { number: at.hook, priority: at.priority >>> 0 },
      policy: 1,
      type: at.type,
    };
    return this.#request(tableMessage.newChain, messageFlag.create, chainAttributes, {
      table: this.#table,
      name: chain,
      ...base,
    });
  }

  set({
    order,
    constant,
    ranges,
    keyType,
    keyLength,
    dataType,
    dataLength,
    id,
    ...definition
  }: SetDefinition): Request {
    const map = dataType !== undefined;
    const flags =
      (map ? setFlag.map : 0) |
      (constant ? setFlag.constant : 0) |
      (ranges ? setFlag.interval | setFlag.concatenated : 0);
    return this.#request(tableMessage.newSet, messageFlag.create, setAttributes, {
      table: this.#table,
      name: definition.name,
      ...(flags !== 0 && { flags }),
      keyType,
      keyLength,
      ...(map && { dataType }),
      ...(dataLength !== undefined && { dataLength }),
      ...(ranges && { description: { fields: ranges.map((length) => ({ length })) } }),
      id,
      userData: userData(byteOrder[order], dataLength !== undefined),
    });
  }

  addElements(set: string, elements: readonly SetElement[]): Request[] {
    return this.#elements(tableMessage.newSetElement, messageFlag.create, set, elements);
  }

  /** What turns a set that holds `before` into one that holds `after`; nothing when they are equal. */
  changeElements(set: string, before: NamedElements, after: NamedElements): Request[] {
    const gone = missingFrom(after, before);
    const added = missingFrom(before, after);
    return [...this.#elements(tableMessage.deleteSetElement, 0, set, gone), ...this.addElements(set, added)];
  }

  /** Appended to the chain. */
  rule(chain: string, expressions: readonly Expression[]): Request {
    return this.#request(tableMessage.newRule, messageFlag.create | messageFlag.append, ruleAttributes, {
      table: this.#table,
      chain,
      expressions,
    });
  }

  #elements(type: number, flags: number, set: string, elements: readonly SetElement[]): Request[] {
    const list = elements.map(({ key, end, data: value, chain }) => ({
      key: { value: key },
      ...(end && { end: { value: end } }),
      ...(value && { data: { value } }),
      ...(chain !== undefined && { data: { verdict: { code: verdict.goto >>> 0, chain } } }),
    }));
    const parts = Math.ceil(list.length / ELEMENTS_PER_MESSAGE);
    return Array.from({ length: parts }, (_, i) => {
      const part = list.slice(i * ELEMENTS_PER_MESSAGE, (i + 1) * ELEMENTS_PER_MESSAGE);
      return this.#request(type, flags, elementListAttributes, { table: this.#table, set, elements: part });
    });
  }

  #request<T extends Table>(type: number, flags: number, table: T, values: Attributes<T>): Request {
    const tableFamily = family[this.#family];
    return {
      type: (NFTABLES << 8) | type,
      flags,
      body: (writer) => {
        writer.u8(tableFamily);
        // NFNETLINK_V0 and a resource id that only batches use.
        writer.zeros(3);
        encodeAttributes(writer, table, values);
      },
    };
  }
}

/** The elements of `others` that `elements` does not have. */
function missingFrom(elements: NamedElements, others: NamedElements): SetElement[] {
  const missing: SetElement[] = [];
  for (const [name, make] of others) if (!elements.has(name)) missing.push(make());
  return missing;
}

/** NFTNL_UDATA_SET_KEYBYTEORDER and, in a map of data, NFTNL_UDATA_SET_DATABYTEORDER: type, length, u32 in the machine's order. */
function userData(order: number, hasData: boolean): Uint8Array {
  const one = (type: number, value: number): number[] => [type, 4, ...hostWord(value)];
  return Uint8Array.from(hasData ? [...one(0, order), ...one(1, order)] : one(0, order));
}

/** The messages that make requests between them one transaction: all of it happens, or nothing. */
export function transaction(requests: readonly Request[]): readonly Request[] {
  const edge = (type: number): Request => ({
    type,
    flags: 0,
    body: (writer) => {
      writer.u8(0);
      writer.u8(0);
      // The subsystem, in network order.
      writer.u8(0);
      writer.u8(NFTABLES);
    },
  });
  return [edge(batchMessage.begin), ...requests, edge(batchMessage.end)];
}
