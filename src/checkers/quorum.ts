import type { VirtualServer } from '../config/types.ts';
import { kernelWeight } from '../lib/kernel-weight.ts';

export interface WeighedServer {
  readonly alive: boolean;
  /** Effective weight. */
  readonly weight: number;
}

/** What a quorum says after a change: its new standing and the arithmetic behind it, as logs and mails print it. */
export type QuorumChange =
  | { readonly type: 'gained'; readonly arithmetic: string; readonly mail: string }
  | { readonly type: 'lost'; readonly arithmetic: string; readonly mail: string }
  | { readonly type: 'startsDown'; readonly arithmetic: string; readonly mail: string };

type Quorum = Pick<VirtualServer, 'quorum' | 'hysteresis' | 'sorryServer'>;

/** What held before the change. */
export interface QuorumStanding {
  readonly quorumUp: boolean;
  /** The sorry server stands in already. */
  readonly sorryActive: boolean;
}

/** The weight that alive servers bring together. */
export function aliveWeight(servers: readonly WeighedServer[]): number {
  let sum = 0;
  for (const server of servers) if (server.alive) sum += kernelWeight(server.weight);
  return sum;
}

/**
 * Whether the quorum changes: gained at quorum + hysteresis, lost below quorum - hysteresis or without any weight.
 * At start and reload a virtual server without quorum says so when a sorry server is to stand in now.
 */
export function quorumTurn(
  { quorum, hysteresis, sorryServer }: Quorum,
  { quorumUp: up, sorryActive }: QuorumStanding,
  sum: number,
  starting: boolean,
): QuorumChange['type'] | undefined {
  if (!up && sum >= quorum + hysteresis) return 'gained';
  if (up && (sum === 0 || sum < quorum - hysteresis)) return 'lost';
  return !up && starting && sorryServer && !sorryActive ? 'startsDown' : undefined;
}

/** {@link quorumTurn} with its words. */
export function quorumChange(
  server: Quorum,
  standing: QuorumStanding,
  sum: number,
  starting: boolean,
): QuorumChange | undefined {
  const type = quorumTurn(server, standing, sum, starting);
  const { quorum, hysteresis } = server;
  const high = quorum + hysteresis;
  // The difference is the C program's, of 32 bits.
  const low = (quorum - hysteresis) | 0;
  if (type === 'gained') {
    const numbers = `${quorum}+${hysteresis}=${high} <= ${sum}`;
    const mail = starting ? 'Starting with quorum up' : 'Gained quorum';
    return { type, arithmetic: `Gained quorum ${numbers}`, mail: `=> ${mail} ${numbers} <=` };
  }
  if (type === 'lost') {
    const verb = starting ? 'Starting with quorum down' : 'Lost quorum';
    return {
      type,
      arithmetic: `${verb} ${quorum}-${hysteresis}=${low} > ${sum}`,
      mail: `=> ${verb} ${quorum}+${hysteresis}=${low} <= ${sum} <=`,
    };
  }
  return (
    type && {
      type,
      arithmetic: `Starting with quorum down ${quorum}-${hysteresis}=${high} > ${sum}`,
      mail: `=> Starting with quorum down ${quorum}+${hysteresis}=${high} <= ${sum} <=`,
    }
  );
}
