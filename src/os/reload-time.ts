/** When to reload, as a file says it. */
export interface ReloadTime {
  /** Wall time in milliseconds. */
  readonly at: number;
  /** Without a date it comes every day. */
  readonly daily: boolean;
  /** The same in local time, `YYYY-MM-DD HH:MM:SS`. */
  readonly text: string;
}

/** Why a text is no time to reload at: its length, its fields, a day or second that does not exist, or it is over. */
export type BadReloadTime = 'format' | 'fields' | 'no-such-time' | 'past';

const LENGTHS: readonly number[] = ['HH:MM:SS', 'YY-MM-DD HH:MM:SS', 'YYYY-MM-DD HH:MM:SS'].map(({ length }) => length);
const FIELDS = /^(?:(\d\d(?:\d\d)?)-(\d\d)-(\d\d) )?(\d\d):(\d\d):(\d\d)$/;

/**
 * Reads `HH:MM:SS`, `YY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM:SS`, in local time unless a Z follows. A time without a date
 * that has passed today is tomorrow's.
 */
export function parseReloadTime(text: string, now: Date): ReloadTime | BadReloadTime {
  const utc = text.endsWith('Z');
  const written = utc ? text.slice(0, -1) : text;
  if (!LENGTHS.includes(written.length)) return 'format';
  const match = FIELDS.exec(written);
  if (!match) return 'fields';
  const yearText = match[1];
  const [month, day, hour, minute, second] = match.slice(2).map(Number) as [number, number, number, number, number];
  const daily = yearText === undefined;
  if (hour > 23 || minute > 59 || second > 60) return 'fields';
  if (!daily && (month < 1 || month > 12 || day < 1 || day > 31)) return 'fields';
  const today = utc
    ? ([now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()] as const)
    : ([now.getFullYear(), now.getMonth(), now.getDate()] as const);
  const date = daily
    ? today
    : ([yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText), month - 1, day] as const);
  const instantOf = (dayOffset: number): number => {
    const words = [date[0], date[1], date[2] + dayOffset, hour, minute, second] as const;
    return utc ? Date.UTC(...words) : new Date(...words).getTime();
  };
  const at = instantOf(0);
  const exact = new Date(at);
  if (second === 60 || (utc ? exact.getUTCDate() : exact.getDate()) !== date[2]) return 'no-such-time';
  if (at > now.getTime()) return { at, daily, text: localTime(at) };
  return daily ? { at: instantOf(1), daily, text: localTime(instantOf(1)) } : 'past';
}

function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
