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
export function quorumChange(
  { quorum, hysteresis, sorryServer }: Pick<VirtualServer, 'quorum' | 'hysteresis' | 'sorryServer'>,
  { quorumUp: up, sorryActive }: QuorumStanding,
  sum: number,
  starting: boolean,
): QuorumChange | undefined {
  const high = quorum + hysteresis;
  const low = quorum - hysteresis;
  if (!up && sum >= high) {
    const numbers = `${quorum}+${hysteresis}=${high} <= ${sum}`;
    const mail = starting ? 'Starting with quorum up' : 'Gained quorum';
    return { type: 'gained', arithmetic: `Gained quorum ${numbers}`, mail: `=> ${mail} ${numbers} <=` };
  }
  if (up && (sum === 0 || sum < low)) {
    const verb = starting ? 'Starting with quorum down' : 'Lost quorum';
    // The difference is the C program's, of 32 bits.
    const difference = low | 0;
    return {
      type: 'lost',
      arithmetic: `${verb} ${quorum}-${hysteresis}=${difference} > ${sum}`,
      mail: `=> ${verb} ${quorum}+${hysteresis}=${difference} <= ${sum} <=`,
    };
  }
  if (!up && starting && sorryServer && !sorryActive) {
    return {
      type: 'startsDown',
      arithmetic: `Starting with quorum down ${quorum}-${hysteresis}=${high} > ${sum}`,
      mail: `=> Starting with quorum down ${quorum}+${hysteresis}=${high} <= ${sum} <=`,
    };
  }
  return undefined;
}
