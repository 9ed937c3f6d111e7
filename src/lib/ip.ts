const ZERO = 48;
const DOT = 46;

declare const ipAddress: unique symbol;

/**
 * An IP address in its canonical text form (RFC 5952 for IPv6): equal addresses are equal strings,
 * so they serve as map keys and survive the channel between processes.
 */
export type IpAddress = string & { readonly [ipAddress]: true };

export type AddressFamily = 4 | 6;

/** Strict `inet_pton` reading: dotted quad without leading zeros, or IPv6 without a zone. */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(':')) return readIpv4(text) === undefined ? undefined : (text as IpAddress);
  const bytes = parseIpv6(text);
  return bytes && printIp(bytes);
}

export function addressFamily(address: IpAddress): AddressFamily {
  return address.includes(':') ? 6 : 4;
}

/** The prefix length that an address has alone, in bits. */
export function hostLength(address: IpAddress): 32 | 128 {
  return addressFamily(address) === 4 ? 32 : 128;
}

/** The address in network byte order: 4 or 16 bytes. */
export function ipBytes(address: IpAddress): Uint8Array {
  const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address);
  if (!bytes) throw new Error(`not an IP address: ${address}`);
  return bytes;
}

/** An IPv4 address as a number, its first byte the most significant. */
export function ipv4Number(address: IpAddress): number {
  const number = readIpv4(address);
  if (number === undefined) throw new Error(`not an IPv4 address: ${address}`);
  return number;
}

/** Canonical text of 4 or 16 bytes in network order. */
export function printIp(bytes: Uint8Array): IpAddress {
  return (bytes.length === 4 ? bytes.join('.') : printIpv6(bytes)) as IpAddress;
}

/** -1, 0 or 1 by network byte order, as VRRP compares senders (RFC 5798, section 6.4.3). */
export function compareIp(a: IpAddress, b: IpAddress): number {
  return compareBytes(ipBytes(a), ipBytes(b));
}

function compareBytes(x: Uint8Array, y: Uint8Array): number {
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i] as number) - (y[i] as number);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(x.length - y.length);
}

/** Every address from `first` to `last`, both of one family and both included. */
export function* addressRange(first: IpAddress, last: IpAddress): Generator<IpAddress> {
  const bytes = ipBytes(first);
  const end = ipBytes(last);
  while (compareBytes(bytes, end) <= 0) {
    yield printIp(bytes);
    let at = bytes.length - 1;
    while (at >= 0 && bytes[at] === 0xff) bytes[at--] = 0;
    if (at < 0) return;
    bytes[at] = (bytes[at] as number) + 1;
  }
}

/** 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291, section 2.7). */
export function isMulticast(address: IpAddress): boolean {
  const first = ipBytes(address)[0] as number;
  return addressFamily(address) === 4 ? first >> 4 === 0xe : first === 0xff;
}

/** fe80::/10 (RFC 4291, section 2.5.6). */
export function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const number = readIpv4(text);
  if (number === undefined) return undefined;
  return Uint8Array.of(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
}

/** One pass over the characters: tables of thousands of addresses are built through here. */
function readIpv4(text: string): number | undefined {
  let number = 0;
  let at = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && text.charCodeAt(at++) !== DOT) return undefined;
    const start = at;
    let value = 0;
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - ZERO) {
      value = value * 10 + digit;
      at++;
    }
    const length = at - start;
    if (length === 0 || length > 3 || value > 255 || (length > 1 && text.charCodeAt(start) === ZERO)) return undefined;
    number = number * 256 + value;
  }
  return at === text.length ? number : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] as string, true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const words = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  words.forEach((word, i) => {
    bytes[2 * i] = word >> 8;
    bytes[2 * i + 1] = word & 0xff;
  });
  return bytes;
}

function groups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const words: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      words.push(Number.parseInt(part, 16));
      continue;
    }
    const quad = mayEndInIpv4 && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (!quad) return undefined;
    words.push(((quad[0] as number) << 8) | (quad[1] as number), ((quad[2] as number) << 8) | (quad[3] as number));
  }
  return words;
}

/** As inet_ntop(3): what has an IPv4 address in it shows that (RFC 5952, section 5). */
function printIpv6(bytes: Uint8Array): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  const gap = longestZeroRun(words);
  if (gap.start === 0 && (gap.length === 6 || (gap.length === 5 && words[5] === 0xffff))) {
    return `${gap.length === 6 ? '::' : '::ffff:'}${bytes.subarray(12).join('.')}`;
  }
  const text = words.map((word) => word.toString(16));
  if (gap.length < 2) return text.join(':');
  return `${text.slice(0, gap.start).join(':')}::${text.slice(gap.start + gap.length).join(':')}`;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  words.forEach((word, i) => {
    if (word !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}

/** `10.0.0.0/8`; the length of a host is left out. */
export function printPrefix({
  address,
  prefixLength,
}: {
  readonly address: IpAddress;
  readonly prefixLength: number;
}): string {
  return prefixLength === hostLength(address) ? address : `${address}/${prefixLength}`;
}

/** `10.0.0.1`, or `10.0.0.1-10.0.0.9` where first and last differ. */
export function printRange({ first, last }: { readonly first: IpAddress; readonly last: IpAddress }): string {
  return first === last ? first : `${first}-${last}`;
}
