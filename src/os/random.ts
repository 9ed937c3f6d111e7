/** Uniform in [0, 1); for what need not be kept from anybody. */
export function random(): number {
  return Math.random();
}
