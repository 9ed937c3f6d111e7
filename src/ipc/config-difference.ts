import type { Config, VirtualServer } from '../config/types.ts';

/** A virtual server, or a run of those that the receiver has had in the configuration before. */
export type ServerPiece = VirtualServer | KeptRun;

interface KeptRun {
  /** From 0. */
  readonly from: number;
  readonly count: number;
}

/** A configuration for a process that has the one before: of thousands of virtual servers only those that differ. */
export interface ConfigDifference {
  /** Without virtual servers. */
  readonly config: Config;
  readonly servers: readonly ServerPiece[];
}

/** What is new in `config` to somebody who has `before`, if anything. Equal means the very same object. */
export function differenceFrom(before: Config | undefined, config: Config): ConfigDifference {
  const positions = new Map(before?.virtualServers.map((server, index) => [server, index]));
  const servers: ServerPiece[] = [];
  for (const server of config.virtualServers) {
    const from = positions.get(server);
    const last = servers.at(-1);
    if (from === undefined) servers.push(server);
    else if (last && isRun(last) && last.from + last.count === from) {
      servers[servers.length - 1] = { from: last.from, count: last.count + 1 };
    } else servers.push({ from, count: 1 });
  }
  return { config: { ...config, virtualServers: [] }, servers };
}

/** The configuration again; what is not new in it are the objects of `before`. */
export function withDifference(before: Config, { config, servers }: ConfigDifference): Config {
  const virtualServers = servers.flatMap((piece) =>
    isRun(piece) ? before.virtualServers.slice(piece.from, piece.from + piece.count) : [piece],
  );
  return { ...config, virtualServers };
}

function isRun(piece: ServerPiece): piece is KeptRun {
  return 'count' in piece;
}
