import { addressFamily, type IpAddress, ipBytes } from '../../lib/ip.ts';
import { seconds } from '../../lib/duration.ts';
import { routeScope } from '../../lib/routing-numbers.ts';

/** The types of RFC 2578 that we use, by the numbers that AgentX has for them (RFC 2741, section 5.4). */
export const SNMP_TYPES = {
  integer: 2,
  octets: 4,
  oid: 6,
  ipAddress: 64,
  counter: 65,
  gauge: 66,
  ticks: 67,
  counter64: 70,
} as const;

export type SnmpType = keyof typeof SNMP_TYPES;
export type Oid = readonly number[];

/** Octets as bytes or text, IPv4 addresses and object identifiers as text with dots. */
export type SnmpValue = number | bigint | string | Uint8Array;

/** The value of one column of one row, or of a scalar. */
export type Cell = readonly [SnmpType, SnmpValue];

export interface SnmpVariable {
  readonly oid: Oid;
  readonly type: SnmpType;
  readonly value: SnmpValue;
}

const LARGEST_INTEGER = 2 ** 31 - 1;
const SMALLEST_INTEGER = -(2 ** 31);
const LARGEST = 0xffff_ffff;
const LOW_BITS = 32n;

export function variable(oid: Oid, [type, value]: Cell): SnmpVariable {
  return { oid, type, value };
}

/** Integer32, within whose bounds other numbers are shown as the nearest. */
export function integer(value: number): Cell {
  return ['integer', Math.min(LARGEST_INTEGER, Math.max(SMALLEST_INTEGER, value))];
}

/** Gauge32 and Unsigned32, which stop at their largest value. */
export function gauge(value: number | bigint): Cell {
  return ['gauge', Number(value) > LARGEST ? LARGEST : Number(value)];
}

/** Counter32, which begins anew after its largest value. */
export function counter(value: number | bigint): Cell {
  return ['counter', Number(BigInt.asUintN(32, BigInt(value)))];
}

export function counter64(value: number | bigint): Cell {
  return ['counter64', BigInt(value)];
}

/** The two halves of a rate that is wider than Unsigned32. */
export function lowHalf(value: bigint): Cell {
  return ['gauge', Number(BigInt.asUintN(32, value))];
}

export function highHalf(value: bigint): Cell {
  return ['gauge', Number(value >> LOW_BITS)];
}

/** TimeTicks: hundredths of a second. */
export function ticks(span: number): Cell {
  return ['ticks', Math.max(0, Math.floor(span / (seconds(1) / 100))) % 2 ** 32];
}

export function text(value: string): Cell {
  return ['octets', value];
}

/** enabled(1) or disabled(2), true(1) or false(2): every choice of two counts so. */
export function choice(first: boolean): Cell {
  return ['integer', first ? 1 : 2];
}

/** on(1), off(2), unset(3). */
export function setting(value: boolean | undefined): Cell {
  return value === undefined ? ['integer', 3] : choice(value);
}

/** InetAddressType. */
export function addressType(address: IpAddress): Cell {
  return familyType(addressFamily(address));
}

export function familyType(family: 4 | 6): Cell {
  return ['integer', family === 4 ? 1 : 2];
}

/** InetAddress. */
export function addressValue(address: IpAddress): Cell {
  return ['octets', ipBytes(address)];
}

/** InetAddress where there is none: all zeros. */
export function noAddress(family: 4 | 6): Cell {
  return ['octets', new Uint8Array(family === 4 ? 4 : 16)];
}

export function wholeSeconds(span: number): Cell {
  return ['gauge', Math.floor(span / seconds(1))];
}

/** InetScopeType of an rt_scope number (linux/rtnetlink.h). */
export function scope(number: number): Cell {
  return ['integer', SCOPES[number] ?? 0];
}

const SCOPES: Readonly<Record<number, number>> = {
  [routeScope.universe]: 14,
  [routeScope.site]: 5,
  [routeScope.link]: 2,
  [routeScope.host]: 1,
};

/** The value of something that may be absent, in which case the variable is, too. */
export function given<T>(value: T | undefined, cell: (value: T) => Cell): Cell | undefined {
  return value === undefined ? undefined : cell(value);
}
