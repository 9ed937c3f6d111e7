import type { Values } from './print-block.ts';
import type { Config } from './types.ts';
import { writtenServer } from './written-server.ts';

/** Everything of LVS outside global_defs, as words; `sequence` counts the blocks before. */
export function writtenServers({ ssl, virtualServerGroups, virtualServers }: Config, sequence: number): Values {
  const first = sequence + virtualServerGroups.length + 1;
  return {
    SSL: ssl && [{ sequence, ...ssl }],
    virtual_server_group: virtualServerGroups.map(({ name, entries }, i) => ({
      sequence: sequence + 1 + i,
      name,
      entries,
    })),
    virtual_server: virtualServers.map((server, i) => writtenServer(server, first + i)),
  };
}
