import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** `types`: only `import type`; `values`: anything. */
export type Permission = 'types' | 'values';

export interface Room {
  /** Other rooms it may import. */
  readonly imports: Readonly<Record<string, Permission>>;
  /** Packages it may import. */
  readonly packages: readonly string[];
  /** Whether it may import node: modules. */
  readonly node: boolean;
}

const pure = (imports: Room['imports'], packages: readonly string[] = []): Room => ({ imports, packages, node: false });

const everything: Room['imports'] = Object.fromEntries(
  [
    ...['grammar', 'lib', 'ports', 'config', 'vrrp', 'bfd', 'track', 'notify', 'netlink', 'rtnetlink', 'ipvs'],
    ...['firewall', 'checkers', 'report', 'ipc', 'os', 'daemon'],
  ].map((room) => [room, 'values']),
);
const { os: _os, daemon: _daemon, ...everythingPure } = everything;

/** Who may import whom. A room that is not here may not exist. */
export const rooms: Readonly<Record<string, Room>> = {
  lib: pure({}),
  ports: pure({ lib: 'types', config: 'types' }),
  grammar: pure({ lib: 'values' }, ['chevrotain']),
  config: pure({ lib: 'values', grammar: 'values' }),
  netlink: pure({ lib: 'values', ports: 'types' }),
  rtnetlink: pure({ lib: 'values', netlink: 'values', config: 'types' }),
  ipvs: pure({ lib: 'values', netlink: 'values', config: 'types' }),
  firewall: pure({ lib: 'values', netlink: 'values', config: 'types' }),
  vrrp: pure({ lib: 'values', config: 'types' }),
  bfd: pure({ lib: 'values', config: 'types' }),
  track: pure({ lib: 'values', config: 'types' }),
  notify: pure({ lib: 'values', config: 'types' }),
  checkers: pure({ lib: 'values', ports: 'types', config: 'types' }),
  ipc: pure({ lib: 'values', config: 'types' }),
  report: pure(everythingPure, ['fastest-levenshtein']),
  os: {
    imports: { lib: 'values', ports: 'types', config: 'types' },
    packages: ['#native', 'winston', '@homebridge/dbus-native', 'net-snmp', 'net-snmp/package.json', 'smart-buffer'],
    node: true,
  },
  daemon: pure(everything, ['winston']),
  main: pure(everything),
};

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every import of a module: static, `export … from`, for its effect, dynamic, in a type, and require. */
export function importsOf(source: string): readonly Import[] {
  const code = withoutComments(source);
  const found: Import[] = [];
  for (const match of code.matchAll(/\b(?:import|export)\s+(type\s+)?([\w$*{][^'"();]*?)\sfrom\s*(['"])(.+?)\3/g)) {
    const names = match[2]!.trim();
    const onlyTypes =
      names.startsWith('{') &&
      names
        .slice(1, -1)
        .split(',')
        .filter((name) => name.trim() !== '')
        .every(isTypeName);
    found.push({ specifier: match[4]!, typeOnly: match[1] !== undefined || onlyTypes });
  }
  for (const match of code.matchAll(/\bimport\s*(['"])(.+?)\1/g)) found.push({ specifier: match[2]!, typeOnly: false });
  for (const match of code.matchAll(/(typeof\s+)?\b(?:import|require)\s*\(\s*(['"`])(.+?)\2/g)) {
    found.push({ specifier: match[3]!, typeOnly: match[1] !== undefined });
  }
  return found;
}

function isTypeName(name: string): boolean {
  return /^\s*type\s/.test(name);
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** The room of a file under `root`: the folder in src, `grammar`, or the name of a file that lies in src itself. */
export function roomOf(root: string, file: string): string {
  const [top, second] = relative(root, file).split('/');
  return top === 'src' ? (second ?? '').replace(/\.ts$/, '') : (top ?? '');
}

/** What the imports of the files break, as "file: reason". Throws if there are no files: then nothing was checked. */
export function breaches(root: string, files: readonly string[]): readonly string[] {
  if (files.length === 0) throw new Error(`no source files under ${root}`);
  return files.flatMap((file) =>
    importsOf(readFileSync(file, 'utf8'))
      .map((each) => refusal(root, file, each))
      .filter((reason) => reason !== undefined)
      .map((reason) => `${relative(root, file)}: ${reason}`),
  );
}

function refusal(root: string, file: string, { specifier, typeOnly }: Import): string | undefined {
  const name = roomOf(root, file);
  const room = rooms[name];
  if (room === undefined) return `${name} is not a room`;
  if (specifier.startsWith('node:')) return room.node ? undefined : `${name} may not import ${specifier}`;
  if (!specifier.startsWith('.')) {
    return room.packages.includes(specifier) ? undefined : `${name} may not import the package ${specifier}`;
  }
  if (!specifier.endsWith('.ts')) return `${specifier} has no .ts extension`;
  const target = roomOf(root, join(dirname(file), specifier));
  if (target === name) return undefined;
  const permission = room.imports[target];
  if (permission === undefined) return `${name} may not import ${target} (${specifier})`;
  if (permission === 'types' && !typeOnly) return `${name} may import only types from ${target} (${specifier})`;
  return undefined;
}
