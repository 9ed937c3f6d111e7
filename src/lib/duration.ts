declare const microseconds: unique symbol;

/** A span of time in microseconds, the unit keepalived computes in. */
export type Duration = number & { readonly [microseconds]: 'span' };

/** A point on the monotonic clock (CLOCK_MONOTONIC) in microseconds; never wall time. */
export type Instant = number & { readonly [microseconds]: 'instant' };

export function micros(value: number): Duration {
  return value as Duration;
}

export function millis(value: number): Duration {
  return (value * 1000) as Duration;
}

export function centiseconds(value: number): Duration {
  return (value * 10_000) as Duration;
}

export function seconds(value: number): Duration {
  return (value * 1_000_000) as Duration;
}

export function inMillis(span: Duration): number {
  return span / 1000;
}

export function inSeconds(span: Duration): number {
  return span / 1_000_000;
}

export function instant(value: number): Instant {
  return value as Instant;
}

/** `at` moved by `span`. */
export function after(at: Instant, span: number): Instant {
  return (at + span) as Instant;
}

export function longerOf(one: Duration, other: Duration): Duration {
  return one > other ? one : other;
}

export function laterOf(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}
