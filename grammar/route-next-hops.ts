import type { IpAddress } from '../src/lib/ip.ts';
import type { Mutable } from '../src/lib/mutable.ts';
import { printRealms, readRealms } from './iproute-names.ts';
import {
  complain,
  lineFlag,
  type LineReader,
  type LineWord,
  lineWord,
  matchesFamily,
  settleFamily,
  take,
} from './line-reader.ts';
import { readIntegerText } from './numbers.ts';
import { readHost } from './prefix.ts';
import { type EncapsulationLine, printEncapsulation, readEncapsulation } from './route-encapsulation.ts';
import { quote } from './values.ts';

/** One way of a route with several. */
export interface NextHopLine {
  readonly gateway?: IpAddress;
  readonly interface?: string;
  /** 1 to 256. */
  readonly weight: number;
  readonly onlink: boolean;
  readonly encapsulation?: EncapsulationLine;
  readonly realms?: number;
}

type NextHopDraft = Mutable<NextHopLine>;
type Reader = LineReader<NextHopDraft>;

const word = lineWord<NextHopDraft>;
const mark = lineFlag<NextHopDraft>;

const nextHopWords = new Map<string, LineWord<NextHopDraft>>([
  ['via', word('Gateway; inet or inet6 may stand before it.', readGateway)],
  ['dev', word('Interface.', readInterface)],
  ['weight', word('Share of the traffic, 1 to 256.', readWeight)],
  ['onlink', mark('The gateway is on the link, whatever its address.', { onlink: true })],
  ['encap', word('Lightweight tunnel.', readEncapsulation)],
  ['realms', word('Realms of the packets.', readNextHopRealms)],
  ['as', word('Network address translation, which there is none of.', readTranslation)],
]);

function readGateway(reader: Reader): boolean {
  let written = take(reader);
  const named = written === 'inet' ? 4 : written === 'inet6' ? 6 : undefined;
  if (named !== undefined) {
    if (reader.family !== undefined && reader.family !== named) return complain(reader, 'IPv4/6 mismatch for nexthop');
    written = take(reader);
  }
  if (written === undefined) return false;
  const gateway = readHost(reader.statement, written, reader.at);
  if (!gateway) return complain(reader, `invalid nexthop address ${written}`);
  if (!matchesFamily(reader, gateway)) return complain(reader, 'Address family mismatch for next hop');
  reader.draft.gateway = gateway;
  return true;
}

function readInterface(reader: Reader): boolean {
  const name = take(reader);
  if (name === undefined) return false;
  if (!routeInterfaceExists(reader, name)) return false;
  reader.draft.interface = name;
  return true;
}

/** False: reported, and the start will not go on. */
export function routeInterfaceExists(reader: LineReader<unknown>, name: string): boolean {
  const { statement } = reader;
  if (statement.surroundings.interfaceExists(name)) return true;
  const message = `WARNING - interface ${name} for VROUTE nexthop doesn't exist`;
  statement.report('warning', message, reader.at, 'an interface that exists');
  statement.badInterface();
  return false;
}

function readWeight(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  const weight = readIntegerText(text, reader.statement, reader.at, 0, 256, 'exact');
  if (!weight) return complain(reader, `Invalid weight ${text} specified for route`, '1 to 256');
  reader.draft.weight = weight;
  return true;
}

function readNextHopRealms(reader: Reader): boolean {
  const text = take(reader);
  if (text === undefined) return false;
  if (!settleFamily(reader, 4)) return complain(reader, 'realms are only supported for IPv4');
  const realms = readRealms(reader.statement, text);
  if (realms === undefined) return complain(reader, `Invalid realms ${text} for route`, '[from/]to, each 0 to 255');
  reader.draft.realms = realms;
  return true;
}

function readTranslation(reader: Reader): boolean {
  return complain(reader, "'as [to]' (nat) not supported");
}

/**
 * Stands at the first `nexthop`; takes the rest of the line. A mistake is reported and ends the list, without the way it
 * stood in.
 */
export function readNextHops(reader: LineReader<{ nextHops: readonly NextHopLine[] }>): boolean {
  const { statement } = reader;
  const { words } = statement;
  const nextHops: NextHopLine[] = [];
  let complete = true;
  while (complete && words[reader.at] === 'nexthop') {
    const draft: NextHopDraft = { weight: 1, onlink: false };
    complete = readNextHop({ ...reader, draft }, reader);
    if (complete) nextHops.push(draft);
    if (complete && words[reader.at + 1] === 'nexthop') reader.at++;
    else if (complete) break;
  }
  if (reader.at === words.length) return false;
  const rest = words[reader.at + 1];
  if (complete && rest !== undefined) {
    reader.at++;
    complain(reader, `Route has trailing nonsense after nexthops - ${rest}`, 'nothing, or another nexthop');
  }
  reader.at = words.length;
  reader.draft.nextHops = nextHops;
  return true;
}

/** One way; the position and the family go back to the reader of the whole line. */
function readNextHop(own: Reader, line: LineReader<unknown>): boolean {
  const { words } = own.statement;
  let good = true;
  for (let next = words[own.at + 1]; next !== undefined; next = words[own.at + 1]) {
    const row = nextHopWords.get(next);
    if (!row) break;
    own.at++;
    good = row.read(own);
    if (!good) break;
  }
  line.at = own.at;
  line.family = own.family;
  return good;
}

export function printNextHop({
  gateway,
  interface: name,
  weight,
  onlink,
  encapsulation,
  realms,
}: NextHopLine): string[] {
  return [
    'nexthop',
    ...(gateway === undefined ? [] : ['via', gateway]),
    ...(name === undefined ? [] : ['dev', quote(name)]),
    ...(weight === 1 ? [] : ['weight', String(weight)]),
    ...(onlink ? ['onlink'] : []),
    ...(realms === undefined ? [] : ['realms', printRealms(realms)]),
    ...printEncapsulation(encapsulation),
  ];
}
