import { hostIsLittleEndian } from '../lib/byte-order.ts';

/** linux/netfilter/nfnetlink.h: NFNL_MSG_BATCH_* */
export const batchMessage = { begin: 16, end: 17 } as const;

/** NFNL_SUBSYS_NFTABLES */
export const NFTABLES = 10;

/** linux/netfilter/nf_tables.h: enum nf_tables_msg_types */
export const tableMessage = {
  newTable: 0,
  getTable: 1,
  deleteTable: 2,
  newChain: 3,
  newRule: 6,
  newSet: 9,
  newSetElement: 12,
  deleteSetElement: 14,
} as const;

/** linux/netfilter.h: NF_INET_* */
export const hook = { preRouting: 0, localIn: 1, forward: 2, localOut: 3, postRouting: 4 } as const;

/** linux/netfilter.h: NF_DROP, NF_ACCEPT; nf_tables.h: NFT_GOTO, NFT_RETURN */
export const verdict = { drop: 0, accept: 1, goto: -4, return: -5 } as const;

/** NFT_REG_VERDICT, the registers of 16 bytes, and NFT_REG32_01 and _02, words of the first of these. */
export const register = { verdict: 0, one: 1, two: 2, three: 3, secondWord: 9, thirdWord: 10 } as const;

/** NFT_PAYLOAD_*_HEADER */
export const header = { network: 1, transport: 2 } as const;

/** enum nft_meta_keys */
export const meta = { mark: 3, inputIndex: 4, outputIndex: 5, protocol: 16, outputKind: 27 } as const;

/** enum nft_ct_keys: NFT_CT_PROTO_DST, NFT_CT_DST_IP, NFT_CT_DST_IP6 */
export const connection = { destinationPort: 12, ip: 20, ip6: 22 } as const;

/** NFPROTO_* */
export const family = { ip: 2, ip6: 10 } as const;
export type TableFamily = keyof typeof family;

/** Type numbers of nft(8), which it needs to show sets as people write them. */
export const dataType = { ip: 7, ip6: 8, port: 13, mark: 19, interfaceIndex: 20, icmp6: 29 } as const;

/** NFT_DATA_VERDICT: what a map gives is a verdict. */
export const VERDICT_DATA = 0xffff_ff00;

/** By family: where the destination address is in the network header, and its length, both in bytes. */
export const destinationAddress = { ip: { offset: 16, length: 4 }, ip6: { offset: 24, length: 16 } } as const;

/** A number of 32 bits in the machine's order, as keys of sets, marks and interface indexes are. */
export function hostWord(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, hostIsLittleEndian);
  return bytes;
}
