import type { Encapsulation } from '../config/types.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { encodeAttributes, type Table } from '../netlink/attribute.ts';
import { be64, bytes, ipAddress, u8, u16 } from '../netlink/kinds.ts';

/** linux/lwtunnel.h: LWTUNNEL_ENCAP_* */
export const encapsulationType: Readonly<Record<Encapsulation['kind'], number>> = { mpls: 1, ip: 2, ila: 3, ip6: 4 };

/** linux/lwtunnel.h: LWTUNNEL_IP_* and LWTUNNEL_IP6_*, which go by the same numbers but for two. */
const tunnelAttributes = {
  /** ID */ id: [1, be64],
  /** DST */ destination: [2, ipAddress],
  /** SRC */ source: [3, ipAddress],
  /** LWTUNNEL_IP_TOS, LWTUNNEL_IP6_TC */ trafficClass: [5, u8],
  /** LWTUNNEL_IP_TTL, LWTUNNEL_IP6_HOPLIMIT */ hopLimit: [4, u8],
  /** FLAGS */ flags: [6, u16],
} as const satisfies Table;

/** linux/mpls_iptunnel.h */
const mplsAttributes = { /** MPLS_IPTUNNEL_DST */ labels: [1, bytes()] } as const satisfies Table;

/** linux/ila.h */
const ilaAttributes = { /** ILA_ATTR_LOCATOR */ locator: [1, be64] } as const satisfies Table;

/** A label stack entry without traffic class and time to live (RFC 3032, section 2.1): 20 bits, then bottom of stack. */
const LABEL_SHIFT = 12;
const BOTTOM_OF_STACK = 1 << 8;

/** The payload of RTA_ENCAP. */
export function encodeEncapsulation(encapsulation: Encapsulation): Uint8Array {
  const writer = new ByteWriter(128);
  switch (encapsulation.kind) {
    case 'mpls':
      encodeAttributes(writer, mplsAttributes, { labels: labelStack(encapsulation.labels) });
      break;
    case 'ila':
      encodeAttributes(writer, ilaAttributes, { locator: encapsulation.locator });
      break;
    default:
      encodeAttributes(writer, tunnelAttributes, encapsulation);
  }
  return writer.written();
}

function labelStack(labels: readonly number[]): Uint8Array {
  const writer = new ByteWriter(4 * labels.length);
  labels.forEach((label, i) => {
    writer.be32(((label << LABEL_SHIFT) | (i === labels.length - 1 ? BOTTOM_OF_STACK : 0)) >>> 0);
  });
  return writer.written();
}
