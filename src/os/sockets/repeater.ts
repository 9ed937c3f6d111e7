import { type Duration, type Instant, instant } from '../../lib/duration.ts';
import { native } from '../native.ts';

/** What is sent, and when: all times are of the monotonic clock. */
export interface Repeated {
  readonly fd: number;
  readonly bytes: Uint8Array;
  /** A sockaddr. */
  readonly address: Uint8Array;
  readonly control: Uint8Array | null;
  readonly flags: number;
  /** Of the IPv4 header before the first: each time it goes one up. Undefined where there is no such header. */
  readonly identification: number | undefined;
  readonly interval: Duration;
  readonly firstAt: Instant;
}

/** What has been sent since this was asked last. */
export interface SentMeanwhile {
  readonly count: number;
  /** When the last one left; 0 before the first ever. */
  readonly lastAt: Instant;
  readonly nextAt: Instant;
  readonly identification: number;
}

/** Something that is sent again and again without the event loop. */
export interface Repetition {
  sent(): SentMeanwhile;
  /** Ends it; nothing is sent after this returns. */
  stop(): SentMeanwhile;
}

const NO_IDENTIFICATION = -1;
const out = new Float64Array(3);
const failures = new Map<number, () => void>();
let isOpen = false;

/**
 * Begins a repetition; `failed` is called when it could not send, and has stopped. Undefined where the system has no
 * memory or no thread for it.
 */
export function repeat(message: Repeated, failed: () => void): Repetition | undefined {
  if (!isOpen) native.openRepeater((sender) => failures.get(sender)?.());
  isOpen = true;
  const { fd, bytes, address, control, flags, identification = NO_IDENTIFICATION, interval, firstAt } = message;
  const sender = native.startRepeating(fd, bytes, address, control, flags, identification, interval, firstAt);
  if (sender < 0) return undefined;
  failures.set(sender, failed);
  return {
    sent: () => reading(native.sentRepeatedly(sender, out)),
    stop() {
      failures.delete(sender);
      return reading(native.stopRepeating(sender, out));
    },
  };
}

function reading(count: number): SentMeanwhile {
  const [lastAt = 0, nextAt = 0, identification = NO_IDENTIFICATION] = out;
  return { count, lastAt: instant(lastAt), nextAt: instant(nextAt), identification };
}
