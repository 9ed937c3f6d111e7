import { dotted, keywordEntries } from '../../grammar/keyword-entries.ts';
import { factsOf, meaningOf } from './explain.ts';

/** keepalived.conf(5) in man(7) markup. */
export function printConfManual(): string {
  const lines = [
    '.TH KEEPALIVED.CONF 5 "" "Evenkeel" "File Formats"',
    '.SH NAME',
    'keepalived.conf \\- configuration of keepalived(8)',
    '.SH DESCRIPTION',
    'The file is made of lines of words. The first word is a keyword; what a block holds stands between braces.',
    'Comments start with # or !. A word with blanks stands in double quotes.',
    'Lines that begin with @ID count only on the machine of that name, $NAME=text defines a macro,',
    'include FILE reads other files. evenkeel check FILE finds mistakes; evenkeel explain KEYWORD shows an example.',
  ];
  let block: string | undefined;
  for (const entry of keywordEntries()) {
    const { path } = entry;
    const own = dotted(path.slice(0, -1));
    if (own !== block) {
      block = own;
      lines.push(`.SH ${own === '' ? 'KEYWORDS OUTSIDE OF BLOCKS' : own.toUpperCase()}`);
    }
    lines.push('.TP', `.B ${roff(path.at(-1) as string)}`);
    lines.push(roff(meaningOf(entry)) + (entry.aliasOf === undefined ? '' : roff(` The same as ${entry.aliasOf}.`)));
    for (const [label, text] of factsOf(entry)) {
      if (label === 'Syntax' || label === 'Default' || label === 'Words of an entry') {
        lines.push('.br', roff(`${label}: ${text.join('; ')}`));
      }
    }
  }
  lines.push('.SH SEE ALSO', '.BR keepalived (8),', '.BR genhash (1),', '.BR ipvsadm (8)');
  return lines.join('\n');
}

/** Text that troff takes as it is. */
function roff(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^([.'])/, '\\&$1');
}
