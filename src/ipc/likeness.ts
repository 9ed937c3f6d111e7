/**
 * What makes an item out of another one that is much like it; it survives the channel between processes. A flat list, since
 * there are thousands of them: of an object or a list that is alike how many parts differ, and then of each its place and what
 * is there now, which is another such sequence, or, where {@link VALUE} is added to the place, the value.
 */
export type Likeness = readonly unknown[];

/** Places are even: twice the position among the names of an object, or among the elements of a list. */
const VALUE = 1;
/** In place of the number of parts: nothing is alike, and the whole follows. */
const WHOLE = -1;

type Values = Readonly<Record<string | number, unknown>>;

/** Filled by one item after another, of which each then takes no more room than it needs. */
const scratch: unknown[] = [];

/** How `item` is made of `other`. */
export function likeness(other: object | undefined, item: object): Likeness {
  scratch.length = 0;
  if (describe(scratch, other, item) === WHOLE) scratch.push(WHOLE, item);
  const made = scratch.slice();
  scratch.length = 0;
  return made;
}

/**
 * The item that is so made of `other`. What they have in common is shared by both, except for elements of lists: nobody else
 * has those.
 */
export function madeLike(other: object | undefined, made: Likeness): object {
  return made[0] === WHOLE ? (made[1] as object) : make({ made, at: 0 }, other as Values);
}

function make(reading: { readonly made: Likeness; at: number }, other: Values): object {
  const { made } = reading;
  const isList = Array.isArray(other);
  const copy = (isList ? [...other] : { ...other }) as Record<string | number, unknown>;
  let parts = made[reading.at++] as number;
  const names = isList || parts === 0 ? undefined : Object.keys(copy);
  for (; parts > 0; parts--) {
    const place = made[reading.at++] as number;
    const name = names?.[place >> 1] ?? place >> 1;
    copy[name] = (place & VALUE) === 0 ? make(reading, copy[name] as Values) : made[reading.at++];
  }
  return copy;
}

/** Writes how `item` is made of `other`: in how many parts they differ. {@link WHOLE}: they are not alike, and nothing is written. */
function describe(out: unknown[], other: unknown, item: object): number {
  const names = Array.isArray(item) ? undefined : Object.keys(item);
  if (!isAlike(other, item, names)) return WHOLE;
  const length = names?.length ?? (item as readonly unknown[]).length;
  const begin = out.length;
  let parts = 0;
  out.push(0);
  for (let at = 0; at < length; at++) {
    const name = names?.[at] ?? at;
    if (describePart(out, at, (other as Values)[name], (item as Values)[name], names === undefined)) parts++;
  }
  out[begin] = parts;
  return parts;
}

function describePart(out: unknown[], at: number, other: unknown, item: unknown, isElement: boolean): boolean {
  const begin = out.length;
  if (typeof item === 'object' && item !== null) {
    if (other === item && !isElement) return false;
    out.push(2 * at);
    const parts = describe(out, other, item);
    if (parts > 0 || (parts === 0 && isElement)) return true;
    out.length = begin;
    if (parts === 0) return false;
  } else if (Object.is(other, item)) return false;
  out.push(2 * at + VALUE, item);
  return true;
}

/** Two lists of one length, or two objects with the same names in the same order; `names` are those of `item`. */
function isAlike(other: unknown, item: object, names: readonly string[] | undefined): boolean {
  if (!names) return Array.isArray(other) && other.length === (item as readonly unknown[]).length;
  if (!isPlain(item) || !isPlain(other)) return false;
  const others = Object.keys(other);
  if (others.length !== names.length) return false;
  for (let at = 0; at < names.length; at++) if (others[at] !== names[at]) return false;
  return true;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
