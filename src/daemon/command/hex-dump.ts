const PER_LINE = 16;

/** Sixteen octets a line: offset, two groups of eight, and the printable characters. */
export function hexDump(data: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += PER_LINE) {
    const octets = [...data.subarray(at, at + PER_LINE)];
    const hex = Array.from({ length: PER_LINE }, (_, i) => {
      const octet = octets[i];
      const text = octet === undefined ? '  ' : octet.toString(16).padStart(2, '0');
      return i === 8 ? `${octet === undefined ? ' ' : '-'} ${text}` : text;
    }).join(' ');
    const text = octets.map((octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
    lines.push(`${String(at).padStart(4, '0')}  ${hex}   ${text.padEnd(PER_LINE)}`);
  }
  return lines;
}
