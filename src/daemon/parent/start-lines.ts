import type { LogLine } from '../../lib/log.ts';
import { EVENKEEL_VERSION, KEEPALIVED_VERSION, type SystemFacts } from '../command/version.ts';

/** keepalived breaks a long command line before the word that would pass this column. */
const WIDTH = 102;
const COMMAND_LINE = 'Command line:';

/** The first lines of a run: who starts, on what, and how it was called. */
export function startLines(facts: SystemFacts, words: readonly string[]): LogLine[] {
  const messages = [`Starting ${KEEPALIVED_VERSION}`, kernelLine(facts), ...commandLineLines(words)];
  const lines = messages.map((message): LogLine => ({ level: 'info', message }));
  return [...lines, { level: 'info', message: `Evenkeel v${EVENKEEL_VERSION}`, detail: true }];
}

/** A kernel older than the headers we were built with may lack what they promise. */
function kernelLine({ kernel: { name, release, version }, headers }: SystemFacts): string {
  const running = `${name} ${release} ${version}`;
  if (headers === undefined) return `Running on ${running}`;
  if (isOlder(release, headers))
    return `WARNING - keepalived was built for newer Linux ${headers}, running on ${running}`;
  return `Running on ${running} (built for Linux ${headers})`;
}

function isOlder(release: string, headers: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
  const [there, here] = [numbers(release), numbers(headers)];
  const at = here.findIndex((number, index) => number !== there[index]);
  return at >= 0 && (there[at] ?? 0) < (here[at] ?? 0);
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

type Times = Readonly<Record<'user' | 'system', number>>;

/** The line about processor time, in seconds, with which the daemon ends. */
export function processorTimesText({ self, children }: { readonly self: Times; readonly children: Times }): string {
  const pair = (kind: keyof Times): string => `${self[kind].toFixed(6)}/${children[kind].toFixed(6)}`;
  return `CPU usage (self/children) user: ${pair('user')} system: ${pair('system')}`;
}
