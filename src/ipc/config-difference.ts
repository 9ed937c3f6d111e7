import type { Config, VirtualServer } from '../config/types.ts';
import { type Likeness, likeness, madeLike } from './likeness.ts';

/**
 * A virtual server by what differs from the one before it that is new too: thousands of them are much alike. Or a run of those
 * that the receiver has had in the configuration before.
 */
export type ServerPiece = Likeness | KeptRun;

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
  let last: VirtualServer | undefined;
  for (const server of config.virtualServers) {
    const from = positions.get(server);
    const run = servers.at(-1);
    if (from === undefined) {
      servers.push(likeness(last, server));
      last = server;
    } else if (run && isRun(run) && run.from + run.count === from) {
      servers[servers.length - 1] = { from: run.from, count: run.count + 1 };
    } else servers.push({ from, count: 1 });
  }
  return { config: { ...config, virtualServers: [] }, servers };
}

/** The configuration again; what is not new in it are the objects of `before`. */
export function withDifference(before: Config | undefined, { config, servers }: ConfigDifference): Config {
  const virtualServers: VirtualServer[] = [];
  let last: VirtualServer | undefined;
  for (const piece of servers) {
    if (isRun(piece)) virtualServers.push(...keptRun(before, piece));
    else {
      last = madeLike(last, piece) as VirtualServer;
      virtualServers.push(last);
    }
  }
  return { ...config, virtualServers };
}

function keptRun(before: Config | undefined, { from, count }: KeptRun): readonly VirtualServer[] {
  return before?.virtualServers.slice(from, from + count) ?? [];
}

function isRun(piece: ServerPiece): piece is KeptRun {
  return !Array.isArray(piece);
}
