import { hostIsLittleEndian } from '../lib/byte-order.ts';
import type { ByteWriter } from '../lib/byte-writer.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Kind } from './kinds.ts';

/** One attribute: its number in the kernel's enum, and the form of its payload. */
export type Row<T> = readonly [type: number, kind: Kind<T>];

/** The attributes of one kernel object, in the order in which they are written. */
export type Table = Readonly<Record<string, Row<unknown>>>;

/** An attribute the table does not know, kept as it came. */
export interface UnknownAttribute {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** What a table's object looks like: every attribute may be missing or undefined. */
export type Attributes<T extends Table> = {
  readonly [K in keyof T]?: (T[K] extends Row<infer V> ? V : never) | undefined;
} & { readonly unknown?: readonly UnknownAttribute[] };

/** Bytes that are not what a netlink message should hold; offsets count from the start of the datagram. */
export type DecodeError =
  | { readonly kind: 'truncated'; readonly offset: number }
  | { readonly kind: 'malformed'; readonly offset: number; readonly attribute: string };

/** linux/netlink.h: NLA_HDRLEN */
const HEADER_LENGTH = 4;
/** NLA_F_NESTED */
const NESTED = 0x8000;
/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

/** Writes the present attributes of `values`, each padded to four bytes. */
export function encodeAttributes<T extends Table>(writer: ByteWriter, table: T, values: Attributes<T>): void {
  const { rows } = layoutOf(table);
  // Thousands of commands pass through here before any of this is compiled: an iterator would cost more than the rest.
  for (let i = 0; i < rows.length; i++) {
    const { name, type, kind } = rows[i] as LayoutRow;
    const value = values[name];
    if (value === undefined) continue;
    const start = beginAttribute(writer, type);
    kind.encode(writer, value);
    endAttribute(writer, start);
  }
  if (values.unknown === undefined) return;
  for (const { type, payload } of values.unknown) {
    const start = beginAttribute(writer, type);
    writer.bytes(payload);
    endAttribute(writer, start);
  }
}

function beginAttribute(writer: ByteWriter, type: number): number {
  const start = writer.length;
  writer.u16(0);
  writer.u16(type);
  return start;
}

function endAttribute(writer: ByteWriter, start: number): void {
  writer.patchU16(start, writer.length - start);
  writer.align4();
}

/** Reads the attributes between `start` and `end`; of a repeated one the last counts, as in the kernel. */
export function decodeAttributes<T extends Table>(
  table: T,
  view: DataView,
  start: number,
  end: number,
): Result<Attributes<T>, DecodeError> {
  const { names } = layoutOf(table);
  const values: Record<string, unknown> & { unknown?: UnknownAttribute[] } = {};
  const unknown: UnknownAttribute[] = [];
  for (let at = start; at < end; ) {
    if (at + HEADER_LENGTH > end) return err({ kind: 'truncated', offset: at });
    const length = view.getUint16(at, hostIsLittleEndian);
    if (length < HEADER_LENGTH || at + length > end) return err({ kind: 'truncated', offset: at });
    const type = view.getUint16(at + 2, hostIsLittleEndian) & TYPE_MASK;
    const name = names.get(type);
    const payload = at + HEADER_LENGTH;
    if (name === undefined) unknown.push({ type, payload: copy(view, payload, length - HEADER_LENGTH) });
    else {
      const value = (table[name] as Row<unknown>)[1].decode(view, payload, length - HEADER_LENGTH);
      if (value === undefined) return err({ kind: 'malformed', offset: at, attribute: name });
      values[name] = value;
    }
    at += (length + 3) & ~3;
  }
  if (unknown.length > 0) values.unknown = unknown;
  return ok(values as Attributes<T>);
}

/** A table in the forms that encoding and decoding walk through. */
interface Layout {
  readonly rows: readonly LayoutRow[];
  readonly names: ReadonlyMap<number, string>;
}

interface LayoutRow {
  readonly name: string;
  /** As written, with its flag. */
  readonly type: number;
  readonly kind: Kind<unknown>;
}

const layouts = new WeakMap<Table, Layout>();

function layoutOf(table: Table): Layout {
  let layout = layouts.get(table);
  if (!layout) {
    const entries = Object.entries(table);
    layout = {
      rows: entries.map(([name, [type, kind]]) => ({ name, type: kind.nested ? type | NESTED : type, kind })),
      names: new Map(entries.map(([name, [type]]) => [type, name])),
    };
    layouts.set(table, layout);
  }
  return layout;
}

function copy(view: DataView, offset: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + offset, length).slice();
}

/** Attributes within an attribute. */
export function nested<T extends Table>(table: T): Kind<Attributes<T>> {
  return {
    nested: true,
    encode: (writer, values) => encodeAttributes(writer, table, values),
    decode: (view, offset, length) => {
      const decoded = decodeAttributes(table, view, offset, offset + length);
      return decoded.ok ? decoded.value : undefined;
    },
  };
}
