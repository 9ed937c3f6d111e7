import { type Attributes, nested, type Table } from '../netlink/attribute.ts';
import { be32, bytes, cstring, type Kind, u8 } from '../netlink/kinds.ts';
import { register, verdict } from './numbers.ts';

/*
 * The expressions that rules are made of (linux/netfilter/nf_tables.h), each a name and its own attributes. Numbers
 * travel in network order.
 */

/** NFTA_DATA_VERDICT: code and, for goto, chain. */
const verdictData = {
  /** NFTA_VERDICT_CODE */ code: [1, be32],
  /** NFTA_VERDICT_CHAIN */ chain: [2, cstring(256)],
} as const satisfies Table;

export const data = {
  /** NFTA_DATA_VALUE */ value: [1, bytes()],
  /** NFTA_DATA_VERDICT */ verdict: [2, nested(verdictData)],
} as const satisfies Table;

const payload = {
  /** NFTA_PAYLOAD_DREG */ destination: [1, be32],
  /** NFTA_PAYLOAD_BASE */ base: [2, be32],
  /** NFTA_PAYLOAD_OFFSET */ offset: [3, be32],
  /** NFTA_PAYLOAD_LEN */ length: [4, be32],
} as const satisfies Table;

const compare = {
  /** NFTA_CMP_SREG */ source: [1, be32],
  /** NFTA_CMP_OP */ operation: [2, be32],
  /** NFTA_CMP_DATA */ data: [3, nested(data)],
} as const satisfies Table;

const metaAttributes = {
  /** NFTA_META_DREG */ destination: [1, be32],
  /** NFTA_META_KEY */ key: [2, be32],
  /** NFTA_META_SREG */ source: [3, be32],
} as const satisfies Table;

const lookup = {
  /** NFTA_LOOKUP_SET */ set: [1, cstring(256)],
  /** NFTA_LOOKUP_SREG */ source: [2, be32],
  /** NFTA_LOOKUP_DREG */ destination: [3, be32],
} as const satisfies Table;

const immediate = {
  /** NFTA_IMMEDIATE_DREG */ destination: [1, be32],
  /** NFTA_IMMEDIATE_DATA */ data: [2, nested(data)],
} as const satisfies Table;

const duplicate = {
  /** NFTA_DUP_SREG_ADDR */ address: [1, be32],
  /** NFTA_DUP_SREG_DEV */ device: [2, be32],
} as const satisfies Table;

const bitwise = {
  /** NFTA_BITWISE_SREG */ source: [1, be32],
  /** NFTA_BITWISE_DREG */ destination: [2, be32],
  /** NFTA_BITWISE_LEN */ length: [3, be32],
  /** NFTA_BITWISE_MASK */ mask: [4, nested(data)],
  /** NFTA_BITWISE_XOR */ xor: [5, nested(data)],
} as const satisfies Table;

const connectionTracking = {
  /** NFTA_CT_DREG */ destination: [1, be32],
  /** NFTA_CT_KEY */ key: [2, be32],
  /** NFTA_CT_DIRECTION */ direction: [3, u8],
} as const satisfies Table;

const addressTranslation = {
  /** NFTA_NAT_TYPE */ type: [1, be32],
  /** NFTA_NAT_FAMILY */ family: [2, be32],
  /** NFTA_NAT_REG_ADDR_MIN */ first: [3, be32],
  /** NFTA_NAT_REG_ADDR_MAX */ last: [4, be32],
} as const satisfies Table;

const generatedNumber = {
  /** NFTA_NG_DREG */ destination: [1, be32],
  /** NFTA_NG_MODULUS */ modulus: [2, be32],
  /** NFTA_NG_TYPE */ type: [3, be32],
} as const satisfies Table;

const byteOrder = {
  /** NFTA_BYTEORDER_SREG */ source: [1, be32],
  /** NFTA_BYTEORDER_DREG */ destination: [2, be32],
  /** NFTA_BYTEORDER_OP */ operation: [3, be32],
  /** NFTA_BYTEORDER_LEN */ length: [4, be32],
  /** NFTA_BYTEORDER_SIZE */ size: [5, be32],
} as const satisfies Table;

const tables = {
  payload,
  cmp: compare,
  meta: metaAttributes,
  lookup,
  immediate,
  dup: duplicate,
  bitwise,
  counter: {},
  ct: connectionTracking,
  nat: addressTranslation,
  masq: {},
  numgen: generatedNumber,
  byteorder: byteOrder,
} as const satisfies Readonly<Record<string, Table>>;

type Tables = typeof tables;

/** One expression of a rule: its name with its attributes. */
export type Expression = {
  [N in keyof Tables]: { readonly name: N; readonly data: Attributes<Tables[N]> };
}[keyof Tables];

/** NFTA_LIST_ELEM of a rule: NFTA_EXPR_NAME and NFTA_EXPR_DATA, whose form the name decides. */
export const expression: Kind<Expression> = {
  nested: true,
  encode(writer, value) {
    const table = {
      /** NFTA_EXPR_NAME */ name: [1, cstring(32)],
      /** NFTA_EXPR_DATA */ data: [2, nested<Table>(tables[value.name])],
    } as const satisfies Table;
    nested(table).encode(writer, value);
  },
  decode: () => undefined,
};

const to = register.one;

/** `length` bytes of the packet's header at `offset`. */
export function load(base: number, offset: number, length: number, destination: number = to): Expression {
  return { name: 'payload', data: { destination, base, offset, length } };
}

export function loadMeta(key: number, destination: number = register.two): Expression {
  return { name: 'meta', data: { destination, key } };
}

/** Gives the packet what the register holds. */
export function setMeta(key: number, source: number): Expression {
  return { name: 'meta', data: { key, source } };
}

/** Goes on only if the register holds this. */
export function equals(value: Uint8Array, source: number = register.one): Expression {
  return { name: 'cmp', data: { source, operation: 0, data: { value } } };
}

/** Goes on only if the register is in the set; of a map, the value goes to the same register. */
export function inSet(set: string, source: number = register.one, map = false): Expression {
  return { name: 'lookup', data: { set, source, ...(map && { destination: source }) } };
}

/** Goes on to what the map of verdicts says of the register; without an element, to the next rule. */
export function decideBy(map: string, source: number = register.one): Expression {
  return { name: 'lookup', data: { set: map, source, destination: register.verdict } };
}

/** What connection tracking knows of the first packet of the connection (IP_CT_DIR_ORIGINAL). */
export function loadOriginal(key: number, destination: number = register.one): Expression {
  return { name: 'ct', data: { destination, key, direction: 0 } };
}

/** Goes on in `share` of `total` cases, by chance. */
export function chance(share: number, total: number): Expression[] {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, share);
  const self = { source: register.one, destination: register.one };
  return [
    /** NFT_NG_RANDOM */
    { name: 'numgen', data: { destination: register.one, modulus: total, type: 1 } },
    /** NFT_BYTEORDER_HTON */
    { name: 'byteorder', data: { ...self, operation: 1, length: 4, size: 4 } },
    /** NFT_CMP_LT */
    { name: 'cmp', data: { source: register.one, operation: 2, data: { value } } },
  ];
}

/** Gives the connection a source between two addresses (NFT_NAT_SNAT); `family` is an NFPROTO_* number. */
export function translateSource(family: number, first: Uint8Array, last: Uint8Array): Expression[] {
  const put = (destination: number, value: Uint8Array): Expression => {
    return { name: 'immediate', data: { destination, data: { value } } };
  };
  return [
    put(register.one, first),
    put(register.two, last),
    { name: 'nat', data: { type: 0, family, first: register.one, last: register.two } },
  ];
}

/** Gives the connection the address of the interface that it leaves by. */
export const masquerade: Expression = { name: 'masq', data: {} };

export const counter: Expression = { name: 'counter', data: {} };

export function decide(code: keyof typeof verdict, chain?: string): Expression {
  const decision = { code: verdict[code] >>> 0, ...(chain !== undefined && { chain }) };
  return { name: 'immediate', data: { destination: register.verdict, data: { verdict: decision } } };
}
