import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { printConf } from '../../src/config/print-conf.ts';
import type { Config } from '../../src/config/types.ts';
import { fakeConfigEnvironment } from '../fakes/config-environment.ts';
import { projectRoot } from './machine.ts';
import { mutate, pickFrom } from './mutation.ts';
import { asPrinted } from './as-printed.ts';

/** Folders of whole configurations, good and bad. */
const folders = ['examples', 'examples/tutorials', 'test/vectors/config', 'test/vectors/corpus'];

/** Names of the project's configurations, from its root. */
export function configurationFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder))
      .filter((file) => file.endsWith('.conf'))
      .map((file) => join(folder, file)),
  );
}

const main = 'keepalived.conf';
const other = '/etc/keepalived/other.conf';
const otherText = 'vrrp_script other {\n  script /bin/true\n}\n';

const read = (text: string) => {
  const environment = fakeConfigEnvironment({ [main]: text, [other]: otherText });
  return loadConfig(main, environment, { configId: 'lb1', test: true, includeCheck: false });
};

/** Longer than any reading takes on a machine that does other things as well, in milliseconds. */
const PATIENCE = 30_000;
/** A line that is longer than keepalived's buffer counts as several. */
const LINE_BYTES = 1022;

/** A configuration is judged: in time, with a status, and by complaints about places that exist. Throws otherwise. */
export function assertJudged(text: string): Config | undefined {
  const start = performance.now();
  const { config, testStatus, startStatus, diagnostics } = read(text);
  assert.ok(performance.now() - start < PATIENCE, 'takes too long');
  assert.ok([0, 2, 4, 5, 6].includes(testStatus), `test status ${testStatus}`);
  assert.ok([0, 2, 6].includes(startStatus), `start status ${startStatus}`);
  assert.ok(startStatus === 0 || config === undefined, 'a refused configuration is not used');
  const lengths = text.split('\n').map((line) => Math.max(1, Math.ceil(Buffer.byteLength(line) / LINE_BYTES)));
  const lines = lengths.reduce((sum, parts) => sum + parts, 0);
  for (const { file, line, column, length, message } of diagnostics) {
    if (file === undefined || line === undefined) continue;
    if (file !== main) assert.ok(file.endsWith('other.conf'), `${file} is not a file: ${message}`);
    const last = file === main ? lines : otherText.split('\n').length;
    assert.ok(line >= 1 && line <= last, `line ${line} of ${last}: ${message}`);
    if (column !== undefined && lines === lengths.length && file === main) {
      const width = (text.split('\n')[line - 1] as string).length;
      assert.ok(column >= 1 && column - 1 + (length ?? 0) <= width, `column ${column} of ${width}: ${message}`);
    }
  }
  return config;
}

/** A configuration in force, printed and read again, is the same. Throws otherwise. */
export function assertReadsBack(config: Config): void {
  if (hasTwins(config) || mixesFamilies(config)) return;
  const printed = printConf(config);
  const again = read(printed);
  assert.ok(again.config, `${again.diagnostics.map(({ message }) => message).join('\n')}\n${printed}`);
  assert.deepEqual(asPrinted(again.config), asPrinted(config), printed);
}

/**
 * Ports that are reset to the service's can make twins of two servers after keepalived has compared them; read again,
 * the second one goes.
 */
export function hasTwins({ virtualServers }: Config): boolean {
  return virtualServers.some(({ sorryServer, realServers }) => {
    const servers = sorryServer ? [...realServers, sorryServer] : realServers;
    return new Set(servers.map(({ address, port }) => `${address} ${port}`)).size < servers.length;
  });
}

/**
 * A group of both families is refused for servers that do not tunnel, but a forwarding method that is written again after them
 * comes too late for that; printed, it comes first.
 */
function mixesFamilies({ virtualServers, virtualServerGroups }: Config): boolean {
  const mixed = virtualServerGroups.filter(({ entries }) => {
    const ranges = entries.filter((entry) => entry.kind === 'range');
    return new Set(ranges.map(({ first }) => first.includes(':'))).size > 1;
  });
  const names = new Set(mixed.map(({ name }) => name));
  return virtualServers.some(({ key, realServers }) => {
    const untunnelled = realServers.some(({ forwardingMethod }) => forwardingMethod !== 'TUN');
    return key.kind === 'group' && names.has(key.group) && untunnelled;
  });
}

/** The mutant of this number, made from one of `texts`. */
export function mutantOf(seed: number, texts: readonly string[]): string {
  const pick = pickFrom(seed);
  return mutate(texts[pick(texts.length)] as string, pick);
}

/** Long configurations say little that short ones do not, and take their time. */
const PARENT_LENGTH = 5000;

/** The project's configurations as the mutants' parents. */
export function parents(): string[] {
  return configurationFiles()
    .map((file) => readFileSync(join(projectRoot, file), 'utf8'))
    .filter((text) => text.length < PARENT_LENGTH);
}

/** Judges a mutant, and reads it back if it is usable. Whatever is thrown says which mutant it was. */
export function assertMutant(seed: number, texts: readonly string[]): void {
  const text = mutantOf(seed, texts);
  try {
    const config = assertJudged(text);
    if (config) assertReadsBack(config);
  } catch (error) {
    throw new Error(`mutant ${seed} (npm run fuzz -- ${seed} plays it again):\n${text}`, { cause: error });
  }
}
