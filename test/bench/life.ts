import { configuration } from '../netns/configuration.ts';
import { Link } from '../netns/link.ts';
import { until } from '../netns/processes.ts';
import { becomes } from '../netns/states.ts';
import { adverts } from '../netns/transcript.ts';

/** Milliseconds. */
export interface Life {
  /** From the start of the parent process to the first advert of an address owner, which waits for nobody. */
  readonly firstAdvert: number;
  /** From SIGTERM to the end of the parent process; one second of it is for the IGMP leaves. */
  readonly end: number;
}

/** One start and one stop of a daemon with one instance, as seen on the switch. */
export async function life(daemon: string): Promise<Life> {
  const link = await Link.open({ name: 'bench', a: daemon, b: daemon, options: [] });
  try {
    const started = Date.now();
    link.a.start(configuration(link.a, { priority: 255, state: 'MASTER' }));
    await becomes(link.a, 'MASTER');
    await until('an advert is seen', 10, () => adverts(link.a).length > 0);
    const firstAdvert = (adverts(link.a)[0]?.at ?? Number.NaN) * 1000 - started;
    const stopping = performance.now();
    await link.a.stop();
    return { firstAdvert, end: performance.now() - stopping };
  } finally {
    await link.close();
  }
}
