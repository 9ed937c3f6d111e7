import { hostIsLittleEndian } from './byte-order.ts';

/**
 * One buffer that grows and is used again and again, so that encoding many messages allocates nothing. `u16` and
 * `u32` are in the machine's order, `be…` in network order.
 */
export class ByteWriter {
  length = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;

  constructor(capacity = 65_536) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What has been written, as a view that the next write may overwrite. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value, hostIsLittleEndian);
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, hostIsLittleEndian);
  }

  u64(value: bigint): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, hostIsLittleEndian);
  }

  be16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value);
  }

  be32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value);
  }

  be64(value: bigint): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#claim(value.length);
    this.#bytes.set(value, at);
  }

  zeros(count: number): void {
    const at = this.#claim(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** Pads with zeros to a multiple of four bytes. */
  align4(): void {
    const missing = -this.length & 3;
    if (missing > 0) this.zeros(missing);
  }

  /** Rewrites a number written before, such as a length known only at the end. */
  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value, hostIsLittleEndian);
  }

  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, hostIsLittleEndian);
  }

  #claim(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
