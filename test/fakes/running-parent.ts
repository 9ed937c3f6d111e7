import type { LoadedConfig } from '../../src/config/load.ts';
import { defaultOptions, type Options } from '../../src/daemon/command/options.ts';
import { Parent } from '../../src/daemon/parent/parent.ts';
import { FakeWorld, loaded } from './parent-world.ts';

/** Lets everything that is already resolved run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A parent under test and what it does. */
export interface Daemon {
  readonly world: FakeWorld;
  readonly status: Promise<number>;
  /** What has been written since the last call. */
  news(): string[];
}

/** A parent that has come as far as `loads` let it. */
export async function start(
  loads: (LoadedConfig | Promise<LoadedConfig>)[],
  options: Partial<Options> = {},
  prepare: (world: FakeWorld) => void = () => {},
): Promise<Daemon> {
  const world = new FakeWorld();
  world.loads = loads;
  prepare(world);
  const status = new Parent({ ...defaultOptions(), dontFork: true, ...options }, world).run();
  await turn();
  let seen = 0;
  return {
    world,
    status,
    news: () => {
      const fresh = world.journal.slice(seen);
      seen = world.journal.length;
      return fresh;
    },
  };
}

/** A parent whose children have taken their configuration over. */
export async function running(
  roles: ('vrrp' | 'checker')[],
  more: LoadedConfig[] = [],
  options: Partial<Options> = {},
): Promise<Daemon> {
  const daemon = await start([loaded(roles), ...more], options);
  for (const role of roles) daemon.world.child(role).ready();
  daemon.news();
  return daemon;
}
