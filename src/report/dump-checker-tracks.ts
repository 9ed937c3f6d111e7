import { realServerName, virtualServerName } from '../checkers/names.ts';
import type { Checker, Config, RealServer, TrackFile, VirtualServer } from '../config/types.ts';
import { section } from './dump-text.ts';

/** What only a running process knows: the number in a file, undefined while there is none. */
export type FileStatusOf = (file: TrackFile) => number | undefined;

interface Place {
  readonly server: VirtualServer;
  readonly real: RealServer;
  readonly checker: Checker;
}

/** Sections "Checker track files" and "Checker track BFDs": what real servers follow, and which of them. */
export function checkerTrackLines(config: Config, status: FileStatusOf): string[] {
  const places = config.virtualServers.flatMap((server) =>
    server.realServers.flatMap((real) => real.checkers.map((checker): Place => ({ server, real, checker }))),
  );
  const files =
    config.virtualServers.length === 0 ? [] : config.trackFiles.filter(({ name }) => isTracked(name, places));
  const sessions = config.virtualServers.length === 0 ? [] : config.bfdInstances.filter((one) => one.forCheckers);
  return [
    ...section(
      'Checker track files',
      files.flatMap((file) => fileLines(file, places, status)),
    ),
    ...section(
      'Checker track BFDs',
      sessions.flatMap(({ name }) => sessionLines(name, places)),
    ),
  ];
}

/** keepalived forgets those that nobody tracks. */
function isTracked(name: string, places: readonly Place[]): boolean {
  return places.some(({ checker }) => checker.kind === 'FILE_CHECK' && checker.trackFile === name);
}

function sessionLines(name: string, places: readonly Place[]): string[] {
  return [
    ` Checker Track BFD = ${name}`,
    '   Tracking RS :',
    ...places
      .filter(({ checker }) => checker.kind === 'BFD_CHECK' && checker.bfd === name)
      .map(({ server, real }) => `   ${realServerName(server, real)}`),
  ];
}

function fileLines(file: TrackFile, places: readonly Place[], status: FileStatusOf): string[] {
  const trackers = places.flatMap(({ server, real, checker }) => {
    if (checker.kind !== 'FILE_CHECK' || checker.trackFile !== file.name) return [];
    const name = `${virtualServerName(server.key)} -> ${realServerName(server, real)}`;
    return [`     ${name}, weight ${checker.weight}${checker.reverse ? ' reverse' : ''}`];
  });
  return [
    ` Track file = ${file.name}`,
    `   File = ${file.path}`,
    `   Status = ${status(file) ?? 0}`,
    `   Weight = ${file.weight}${file.reverse ? ' reverse' : ''}`,
    '   Tracking instances :',
    ...trackers,
  ];
}
