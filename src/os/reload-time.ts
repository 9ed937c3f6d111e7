/** When to reload, as a file says it. */
export interface ReloadTime {
  /** Wall time in milliseconds. */
  readonly at: number;
  /** Without a date it comes every day. */
  readonly daily: boolean;
  /** The same in local time, `YYYY-MM-DD HH:MM:SS`. */
  readonly text: string;
}

const FORMATS = /^(?:(?:(\d\d|\d{4})-(\d\d)-(\d\d)) )?(\d\d):(\d\d):(\d\d)(Z?)$/;

/**
 * Reads `HH:MM:SS`, `YY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM:SS`, in local time unless a Z follows. A time without a date
 * that has passed today is tomorrow's; `past` is a date that is over, `invalid` anything else.
 */
export function parseReloadTime(firstLine: string, now: Date): ReloadTime | 'past' | 'invalid' {
  const text = firstLine.trim();
  const match = FORMATS.exec(text);
  if (!match) return 'invalid';
  const [, yearText, month, day, hour, minute, second, zone] = match;
  const utc = zone === 'Z';
  const daily = yearText === undefined;
  const today = utc
    ? [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
    : [now.getFullYear(), now.getMonth(), now.getDate()];
  const year = daily ? today[0] : yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText);
  const date = [year, daily ? today[1] : Number(month) - 1, daily ? today[2] : Number(day)] as const;
  const clock = [Number(hour), Number(minute), Number(second)] as const;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 60) return 'invalid';
  const instantOf = (dayOffset: number): number => {
    const [y, m = 0, d = 1] = date;
    const words = [y ?? 0, m, d + dayOffset, ...clock] as const;
    return utc ? Date.UTC(...words) : new Date(...words).getTime();
  };
  const at = instantOf(0);
  if (!daily && new Date(at).toString() === 'Invalid Date') return 'invalid';
  if (at > now.getTime()) return { at, daily, text: localTime(at) };
  return daily ? { at: instantOf(1), daily, text: localTime(instantOf(1)) } : 'past';
}

function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
