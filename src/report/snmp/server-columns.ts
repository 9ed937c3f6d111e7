import type { Tunnel } from '../../config/types.ts';
import type { Traffic } from '../../ipvs/statistics.ts';
import type { Columns } from './tree.ts';
import { type Cell, counter, counter64, gauge, given, highHalf, integer, lowHalf } from './values.ts';

/** The first columns of what a virtual and a real server show of their traffic. */
export interface TrafficPlaces {
  readonly connections: number;
  /** Packets in and out, bytes in and out. */
  readonly packets: number;
  /** Connections, packets in and out, bytes in and out, all per second. */
  readonly rates: number;
  /** Connections and packets in 64 bits, and then the rates, each in two halves. */
  readonly wide: number;
  /** The rates in 64 bits. */
  readonly wideRates: number;
}

const RATES = [
  'connectionRate',
  'incomingPacketRate',
  'outgoingPacketRate',
  'incomingByteRate',
  'outgoingByteRate',
] as const satisfies readonly (keyof Traffic)[];

/** What the kernel does not know has had no traffic. */
export function trafficColumns<Row>(places: TrafficPlaces, of: (row: Row) => Traffic | undefined): Columns<Row> {
  const { connections, packets, rates, wide, wideRates } = places;
  const column = (name: keyof Traffic, cell: (value: bigint) => Cell) => (row: Row) => cell(of(row)?.[name] ?? 0n);
  const columns: Record<number, (row: Row) => Cell> = {
    [connections]: column('connections', gauge),
    [packets]: column('incomingPackets', counter),
    [packets + 1]: column('outgoingPackets', counter),
    [packets + 2]: column('incomingBytes', counter64),
    [packets + 3]: column('outgoingBytes', counter64),
    [wide]: column('connections', counter64),
    [wide + 1]: column('incomingPackets', counter64),
    [wide + 2]: column('outgoingPackets', counter64),
  };
  const halves = wide + 3;
  for (const [at, name] of RATES.entries()) {
    columns[rates + at] = column(name, gauge);
    columns[halves + 2 * at] = column(name, lowHalf);
    columns[halves + 2 * at + 1] = column(name, highHalf);
    columns[wideRates + at] = column(name, counter64);
  }
  return columns;
}

const TUNNELS: Readonly<Record<Tunnel['type'], number>> = { ipip: 1, gue: 2, gre: 3 };
const CHECKSUMS: Readonly<Record<Tunnel['checksum'], number>> = { none: 1, present: 2, remote: 3 };

/** Kind, port of GUE and checksum of a tunnel. */
export function tunnelColumns<Row>(first: number, of: (row: Row) => Tunnel | undefined): Columns<Row> {
  return {
    [first]: (row) => given(of(row), ({ type }) => integer(TUNNELS[type])),
    [first + 1]: (row) => {
      const tunnel = of(row);
      return tunnel?.type === 'gue' ? gauge(tunnel.port ?? 0) : undefined;
    },
    [first + 2]: (row) => {
      const tunnel = of(row);
      return tunnel === undefined || tunnel.type === 'ipip' ? undefined : integer(CHECKSUMS[tunnel.checksum]);
    },
  };
}
