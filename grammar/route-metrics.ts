import { complain, type LineReader, type LineWord, take } from './line-reader.ts';
import { readIntegerText } from './numbers.ts';
import { type RouteTime, readRouteTime } from './route-time.ts';
import { maximumUnsigned } from './values.ts';

/** Metrics of a route (linux/rtnetlink.h, RTAX_*) in the kernel's units; times already scaled as rtnetlink wants them. */
export interface MetricsLine {
  /** Names of the metrics that the kernel must not change by itself (RTAX_LOCK). */
  readonly locked: readonly MetricWord[];
  readonly mtu?: number;
  readonly hoplimit?: number;
  readonly advmss?: number;
  readonly rtt?: number;
  readonly rttvar?: number;
  readonly reordering?: number;
  readonly window?: number;
  readonly cwnd?: number;
  readonly ssthresh?: number;
  readonly rto_min?: number;
  readonly initcwnd?: number;
  readonly initrwnd?: number;
  /** RTAX_FEATURE_* bits. */
  readonly features?: number;
  readonly quickack?: number;
  readonly congctl?: string;
  readonly fastopen_no_cookie?: number;
}

export type MetricWord = Exclude<keyof MetricsLine, 'locked'>;

interface MetricRow {
  readonly documentation: string;
  /** `lock` may stand before the value. */
  readonly lockable?: true;
  readonly maximum?: number;
  readonly time?: RouteTime;
  /** The complaint about a bad value; `%s` is the value. */
  readonly invalid: string;
}

const row = (documentation: string, invalid: string, options: Partial<MetricRow> = {}): MetricRow => ({
  documentation,
  invalid,
  ...options,
});
const lockable = { lockable: true } as const;
const numbers: Readonly<Record<Exclude<MetricWord, 'features' | 'congctl'>, MetricRow>> = {
  mtu: row('Largest packet, in bytes.', 'Invalid MTU %s specified for route', lockable),
  hoplimit: row('Hop limit.', 'Invalid hoplimit %s specified for route', { maximum: 255 }),
  advmss: row('TCP segment size that is advertised, in bytes.', 'Invalid advmss %s specified for route', lockable),
  rtt: row('Initial round trip time: eighths of milliseconds, or with s or ms.', 'Invalid rtt %s for route', {
    ...lockable,
    time: { perMillisecond: 8, label: 'rtt' },
  }),
  rttvar: row('Initial variance of it: quarters of milliseconds, or with s or ms.', 'Invalid rttvar %s for route', {
    ...lockable,
    time: { perMillisecond: 4, label: 'rtt' },
  }),
  reordering: row('Packets that may come out of order.', 'Invalid reordering value %s specified for route', lockable),
  window: row('Largest window that is advertised, in bytes.', 'Invalid window value %s specified for route'),
  cwnd: row('Clamp of the congestion window.', 'Invalid cwnd value %s specified for route', lockable),
  ssthresh: row('Initial slow start threshold.', 'Invalid ssthresh value %s specified for route', lockable),
  rto_min: row(
    'Shortest retransmission timeout: milliseconds, or with s.',
    'Invalid rto_min value %s specified for route',
    {
      ...lockable,
      time: { perMillisecond: 1, label: 'rto' },
    },
  ),
  initcwnd: row('Initial congestion window, in segments.', 'Invalid initcwnd value %s specified for route'),
  initrwnd: row('Initial receive window, in segments.', 'Invalid initrwnd value %s specified for route'),
  quickack: row('1 acknowledges at once.', 'Invalid quickack value %s specified for route', { maximum: 1 }),
  fastopen_no_cookie: row(
    '1 opens TCP fast without a cookie.',
    'Invalid fastopen_no_cookie value %s specified for route',
    { maximum: 1 },
  ),
};

/** A draft that metrics are put into. */
interface MetricsDraft {
  metrics: MetricsLine;
}

/** Locked metrics are kept in the order of their names, so that equal routes look the same. */
function lock(reader: LineReader<MetricsDraft>, name: MetricWord): void {
  const { draft } = reader;
  const locked = [...new Set([...draft.metrics.locked, name])].sort();
  draft.metrics = { ...draft.metrics, locked };
}

function numberWord(name: MetricWord, { documentation, lockable: mayLock, maximum, time, invalid }: MetricRow) {
  return {
    documentation,
    read(reader: LineReader<MetricsDraft>): boolean {
      let word = take(reader);
      const locked = mayLock && word === 'lock';
      if (locked) word = take(reader);
      if (word === undefined) return false;
      const value = time
        ? readRouteTime(reader, time, word)
        : readIntegerText(word, reader.statement, reader.at, 0, maximum ?? maximumUnsigned, 'exact');
      if (value === undefined) return complain(reader, invalid.replace('%s', word));
      if (locked) lock(reader, name);
      reader.draft.metrics = { ...reader.draft.metrics, [name]: value };
      return true;
    },
  };
}

/** RTAX_FEATURE_ECN */
const ECN = 1;

const features: LineWord<MetricsDraft> = {
  documentation: 'Features of TCP: ecn.',
  read(reader) {
    const word = take(reader);
    if (word === undefined) return false;
    if (word === 'ecn') reader.draft.metrics = { ...reader.draft.metrics, features: ECN };
    else complain(reader, `feature ${word} not supported`, 'ecn');
    return true;
  },
};

const congestionControl: LineWord<MetricsDraft> = {
  documentation: 'Congestion control algorithm of TCP.',
  read(reader) {
    let word = take(reader);
    const locked = word === 'lock';
    if (locked) word = take(reader);
    if (word === undefined) return false;
    if (locked) lock(reader, 'congctl');
    reader.draft.metrics = { ...reader.draft.metrics, congctl: word };
    return true;
  },
};

export const metricWords: readonly (readonly [MetricWord, LineWord<MetricsDraft>])[] = [
  ...(Object.entries(numbers) as [MetricWord, MetricRow][]).map(
    ([name, one]) => [name, numberWord(name, one)] as const,
  ),
  ['features', features],
  ['congctl', congestionControl],
];

/** The words that make the metrics again. */
export function printMetrics(metrics: MetricsLine): string[] {
  return metricWords.flatMap(([name]) => {
    const value = metrics[name];
    if (value === undefined) return [];
    return [name, ...(metrics.locked.includes(name) ? ['lock'] : []), name === 'features' ? 'ecn' : String(value)];
  });
}
