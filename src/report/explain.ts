import { dotted, type KeywordEntry, keywordEntries } from '../../grammar/keyword-entries.ts';

/** What a keyword is, for people at a terminal: syntax, default, meaning, and an example. */
export function printExplanation(entry: KeywordEntry): readonly string[] {
  const { path, aliasOf } = entry;
  const lines = [dotted(path), '', `  ${meaningOf(entry)}`];
  if (aliasOf !== undefined) lines.push(`  Another spelling of ${aliasOf}.`);
  for (const [label, text] of factsOf(entry)) lines.push('', `  ${label}:`, ...text.map((line) => `    ${line}`));
  return lines;
}

/** Its sentence of documentation, and what else holds of it. */
export function meaningOf({ row }: KeywordEntry): string {
  const parts = [row.documentation];
  if (row.kind === 'leaf' && row.deprecated) parts.push(`Deprecated: write ${row.deprecated.instead}.`);
  if (row.kind === 'leaf' && row.untilRestart) parts.push('A reload does not change it.');
  return parts.join(' ');
}

/** Labelled facts in the order in which they are read. */
export function factsOf(entry: KeywordEntry): readonly (readonly [string, readonly string[]])[] {
  const { path, row } = entry;
  const keyword = path.at(-1) as string;
  const facts: (readonly [string, readonly string[]])[] = [['Syntax', [syntaxOf(keyword, row)]]];
  if (row.kind === 'leaf') {
    const standing = row.default === undefined ? undefined : row.value.print(row.default);
    const absent = row.value.syntax === 'no words' ? 'off' : 'not set';
    facts.push(['Default', [row.otherwise ?? standing ?? absent]]);
  }
  if (row.kind === 'block' && row.lines === undefined) {
    const keywords = keywordEntries()
      .filter((other) => other.path.length === path.length + 1 && dotted(other.path).startsWith(`${dotted(path)}.`))
      .map((other) => other.path.at(-1) as string);
    facts.push(['Keywords', wrap(keywords.join(' '), 90)]);
  }
  const list = row.kind === 'block' ? row.rows[row.lines ?? ''] : row;
  if (list?.kind === 'list' && list.entry.words) {
    const words = Object.entries(list.entry.words).map(([word, meaning]) => `${word}: ${meaning}`);
    facts.push(['Words of an entry', words]);
  }
  const example = exampleOf(entry);
  if (example !== undefined) facts.push(['Example', example]);
  return facts;
}

function syntaxOf(keyword: string, row: KeywordEntry['row']): string {
  if (row.kind === 'leaf') return row.value.syntax === '' ? keyword : `${keyword} <${row.value.syntax}>`;
  if (row.kind === 'list') return `${keyword} { <${row.entry.syntax}> ... }`;
  const line = row.lines === undefined ? undefined : row.rows[row.lines];
  const contents = line?.kind === 'list' ? `<${line.entry.syntax}> ...` : '...';
  return row.header.syntax === '' ? `${keyword} { ${contents} }` : `${keyword} <${row.header.syntax}> { ${contents} }`;
}

/** The keyword as it would stand in a file, inside its blocks. */
export function exampleOf({ path, row }: KeywordEntry): readonly string[] | undefined {
  const keyword = path.at(-1) as string;
  const value = row.kind === 'leaf' ? row.value : row.kind === 'list' ? row.entry : row.header;
  const words =
    value.example ?? (row.kind === 'leaf' && row.default !== undefined ? value.print(row.default) : undefined);
  if (words === undefined && value.syntax !== '' && value.syntax !== 'no words') return undefined;
  const start = row.kind === 'list' ? keyword : `${keyword} ${words ?? ''}`.trimEnd();
  const contents = row.kind === 'list' ? (words ?? '...') : '...';
  const inner = row.kind === 'leaf' ? [start] : [`${start} {`, `    ${contents}`, '}'];
  return path.slice(0, -1).reduceRight<readonly string[]>((lines, block) => {
    const header = headers[block];
    return [`${block}${header === undefined ? '' : ` ${header}`} {`, ...lines.map((line) => `    ${line}`), '}'];
  }, inner);
}

/** Words that blocks need around an example. */
const headers: Readonly<Record<string, string>> = {
  vrrp_instance: 'VI_1',
  vrrp_sync_group: 'VG_1',
  vrrp_script: 'check_nginx',
  vrrp_track_process: 'nginx',
  track_file: 'load',
  vrrp_track_file: 'load',
  track_group: 'TG_1',
  bfd_instance: 'BFD_1',
  virtual_server: '192.0.2.10 80',
  virtual_server_group: 'web',
  real_server: '198.51.100.11 80',
};

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
