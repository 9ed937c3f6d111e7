import type { LogLine } from '../../lib/log.ts';
import { EVENKEEL_VERSION, KEEPALIVED_VERSION, type SystemFacts } from '../command/version.ts';

/** keepalived breaks a long command line before the word that would pass this column. */
const WIDTH = 102;
const COMMAND_LINE = 'Command line:';

/** The first lines of a run: who starts, on what, and how it was called. */
export function startLines(facts: SystemFacts, words: readonly string[]): LogLine[] {
  const { name, release, version } = facts.kernel;
  const built = facts.headers === undefined ? '' : ` (built for Linux ${facts.headers})`;
  const messages = [
    `Starting ${KEEPALIVED_VERSION}`,
    `Running on ${name} ${release} ${version}${built}`,
    ...commandLineLines(words),
  ];
  const lines = messages.map((message): LogLine => ({ level: 'info', message }));
  return [...lines, { level: 'info', message: `Evenkeel v${EVENKEEL_VERSION}`, detail: true }];
}

/** Each word in quotes, continuation lines indented under the first word. */
export function commandLineLines(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = COMMAND_LINE;
  for (const word of words) {
    const quoted = ` '${word}'`;
    if (line.length + quoted.length > WIDTH && line.includes("'")) {
      lines.push(line);
      line = ' '.repeat(COMMAND_LINE.length);
    }
    line += quoted;
  }
  return [...lines, line];
}
