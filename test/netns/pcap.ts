/** One frame as it left a host. */
export interface CapturedFrame {
  /** Seconds since the epoch, from the kernel's time stamp. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/**
 * Reads a pcap stream (libpcap file format 2.4, native little endian, microseconds) as tcpdump -w - writes it, in whatever
 * pieces it arrives.
 */
export function pcapReader(frame: (captured: CapturedFrame) => void): (piece: Buffer) => void {
  let pending = Buffer.alloc(0);
  let started = false;
  return (piece) => {
    pending = Buffer.concat([pending, piece]);
    if (!started && pending.length >= FILE_HEADER) {
      if (pending.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('not a pcap stream');
      pending = pending.subarray(FILE_HEADER);
      started = true;
    }
    while (started && pending.length >= RECORD_HEADER) {
      const length = pending.readUInt32LE(8);
      if (pending.length < RECORD_HEADER + length) return;
      const at = pending.readUInt32LE(0) + pending.readUInt32LE(4) / 1e6;
      frame({ at, bytes: Uint8Array.from(pending.subarray(RECORD_HEADER, RECORD_HEADER + length)) });
      pending = pending.subarray(RECORD_HEADER + length);
    }
  };
}
