import { dotted, keywordEntries } from '../../grammar/keyword-entries.ts';
import { factsOf, meaningOf } from './explain.ts';

/** docs/keywords.md: every keyword of the tables, one section a block. */
export function printKeywordReference(): string {
  const lines = [
    '# Keywords',
    '',
    'Every keyword of `keepalived.conf`, generated from the tables in `grammar/blocks` by',
    '`evenkeel explain --all > docs/keywords.md`. `evenkeel explain KEYWORD` shows one of them with an example.',
    '',
  ];
  const entries = keywordEntries();
  const blocks = new Set(entries.map(({ path }) => dotted(path.slice(0, -1))));
  for (const block of blocks) {
    lines.push(`## ${block === '' ? 'Outside of blocks' : block}`, '');
    const [own] = entries.filter(({ path }) => dotted(path) === block);
    if (own) lines.push(meaningOf(own), '');
    lines.push('| keyword | syntax | default | meaning |', '|---|---|---|---|');
    for (const entry of entries.filter(({ path }) => dotted(path.slice(0, -1)) === block)) {
      const facts = new Map(factsOf(entry));
      const cell = (label: string) => tableText((facts.get(label) ?? ['']).join(' '));
      const alias = entry.aliasOf === undefined ? '' : ` The same as ${entry.aliasOf}.`;
      const meaning = tableText(meaningOf(entry)) + alias;
      lines.push(`| \`${entry.path.at(-1)}\` | ${cell('Syntax')} | ${cell('Default')} | ${meaning} |`);
    }
    lines.push('');
    for (const { path, row } of entries.filter((entry) => dotted(entry.path.slice(0, -1)) === block)) {
      if (row.kind !== 'list' || !row.entry.words) continue;
      lines.push(`Words of an entry of \`${path.at(-1)}\`:`, '', '| word | meaning |', '|---|---|');
      for (const [word, meaning] of Object.entries(row.entry.words))
        lines.push(`| \`${word}\` | ${tableText(meaning)} |`);
      lines.push('');
    }
  }
  return lines.join('\n').trimEnd();
}

function tableText(text: string): string {
  return text.replace(/[|<>]/g, (character) => (character === '|' ? '\\|' : character === '<' ? '&lt;' : '&gt;'));
}
