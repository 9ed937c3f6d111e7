import type { Config } from '../../config/types.ts';
import type { Log } from '../../lib/log.ts';
import { printVrrpEvent } from '../../report/vrrp-log.ts';
import type { Interfaces } from './interfaces.ts';
import type { InitialFault } from './router-conditions.ts';
import type { VirtualRouter } from './virtual-router.ts';

interface Told {
  readonly router: Pick<VirtualRouter, 'instance'>;
  readonly fault: InitialFault;
}

type Defined = Pick<Config, 'trackFiles' | 'trackProcesses'>;
type Numbered = Pick<Interfaces, 'named'>;

/**
 * Before the start and at a reload: why routers are in the fault state, in keepalived's order. It goes through what several
 * of them may track, object by object (interfaces as the kernel numbers them, files and processes as defined), and then
 * through the routers, each with what it alone has and its scripts.
 */
export function sayInitialFaults(
  routers: readonly Pick<VirtualRouter, 'instance' | 'initialFaults'>[],
  config: Defined,
  interfaces: Numbered,
  log: Log,
): void {
  const all = routers.flatMap((router) => router.initialFaults.map((fault): Told => ({ router, fault })));
  const ranked = all.map((told) => ({ ...told, rank: rankOf(told.fault, config, interfaces) }));
  // The sort is stable: equals stay in the order of the routers.
  ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  for (const { router, fault } of ranked) log(printVrrpEvent(router.instance.name, fault));
}

function rankOf(
  { reason, subject }: InitialFault,
  { trackFiles, trackProcesses }: Defined,
  interfaces: Numbered,
): readonly [kind: number, object: number] {
  switch (reason) {
    case 'interfaceDown':
      return [0, interfaces.named(subject)?.ifindex ?? 0];
    case 'file':
      return [1, trackFiles.findIndex(({ name }) => name === subject)];
    case 'process':
      return [2, trackProcesses.findIndex(({ name }) => name === subject)];
    default:
      return [3, 0];
  }
}
