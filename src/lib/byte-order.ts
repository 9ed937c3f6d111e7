/** Whether this machine stores numbers least significant byte first: netlink speaks the machine's own order. */
export const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
