/** Two lower-case hexadecimal digits an octet, with `separator` between the octets. */
export function hexText(octets: Iterable<number>, separator = ''): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(separator);
}
