import type { ValueKind } from './keyword.ts';
import { readInteger } from './numbers.ts';
import { maximumUnsigned } from './values.ts';

export interface ReceivePolicy {
  /** By the greatest MTU of the interfaces. */
  readonly mtu: boolean;
  /** By the greatest advert. */
  readonly advert: boolean;
  readonly bytes?: number;
}

/** MTU, ADVERT or a number of bytes. A number counts before the words, and MTU before ADVERT. */
export const receivePolicy: ValueKind<ReceivePolicy> = {
  syntax: `MTU, ADVERT or a whole number of bytes up to ${maximumUnsigned}`,
  read(statement) {
    const words = statement.words.slice(1).map((word) => word.toUpperCase());
    const mtu = words.includes('MTU');
    const advert = words.includes('ADVERT');
    const other = words.findIndex((word) => word !== 'MTU' && word !== 'ADVERT');
    const complain = (message: string) => statement.report('general-error', message, 1, this.syntax);
    if (other === -1) {
      if (mtu && advert) complain('Cannot set both vrrp_rx_bufs_policy MTU and ADVERT, ignoring ADVERT');
      return { mtu, advert: advert && !mtu };
    }
    // keepalived reads the number from the first word, wherever it stands.
    const bytes = readInteger(statement, 1, 0, maximumUnsigned, 'exact', this.syntax);
    if (bytes === undefined) {
      complain(`Invalid vrrp_rx_bufs_policy ${statement.words[other + 1]}`);
      return undefined;
    }
    if (mtu || advert) complain('Cannot set vrrp_rx_bufs_policy size and policy, ignoring policy');
    return { mtu: false, advert: false, bytes };
  },
  print: ({ mtu, advert, bytes }) =>
    bytes === undefined ? [mtu && 'MTU', advert && 'ADVERT'].filter(Boolean).join(' ') : String(bytes),
};
