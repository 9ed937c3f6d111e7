/** Lines a source file may have; a file that says it is generated may have any number. */
export const longestFile = 400;

export function isTooLong(text: string): boolean {
  return !isGenerated(text) && text.split('\n').length - 1 > longestFile;
}

function isGenerated(text: string): boolean {
  return /^(\/\/|\/\*|#).*\bgenerated\b/i.test(text.split('\n', 1)[0] ?? '');
}

// Spelt in two parts, so that this file does not contain them.
const words = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['XX', 'X'],
  ['HA', 'CK'],
  ['not ', 'implemented'],
];
const banned = new RegExp(`(?<![\\w])(${words.map((parts) => parts.join('')).join('|')})(?![\\w])`);

/** What strerror(3) says of it is no promise of ours. */
const ENOSYS = 'Function not' + ' implemented';

/** Lines with a word that promises what is not there, as "number: line". */
export function bannedWords(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (banned.test(line.replace(ENOSYS, '')) ? [`${index + 1}: ${line.trim()}`] : []));
}

/** Lower case, hyphens, or a keyword's underscores. */
export function isFileName(name: string): boolean {
  return /^\.?[a-z0-9][a-z0-9_.-]*$/.test(name);
}

/** The clock, timers, chance and the process itself, by the names that need no import. */
const effects =
  /\bprocess\.(ppid|on|once|env|exit|hrtime|cwd|stdout|stderr|argv)\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\(/;

/** Lines of code that reach the system without an import that could tell, as "number: line". */
export function hiddenEffects(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      effects.test(line) && !/^\s*(\/?\*|\/\/)/.test(line) ? [`${index + 1}: ${line.trim()}`] : [],
    );
}
