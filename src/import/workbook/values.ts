/** How a number is shown, as far as it changes what it says. */
export type NumberFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'percent' }
  | { readonly kind: 'decimals'; readonly decimals: number };

const PLAIN: NumberFormat = { kind: 'plain' };
const DATE: NumberFormat = { kind: 'date' };
const TIME: NumberFormat = { kind: 'time' };
const PERCENT: NumberFormat = { kind: 'percent' };

/** Formats that every spreadsheet knows by number (ECMA-376 part 1, 18.8.30), dates of East Asia among them. */
function builtIn(id: number): NumberFormat {
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return DATE;
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return TIME;
  if (id === 9 || id === 10) return PERCENT;
  if (id === 2) return { kind: 'decimals', decimals: 2 };
  return PLAIN;
}

/** What a format code shows: the first of its sections, without the words in it. */
export function numberFormat(id: number, code: string | null): NumberFormat {
  if (code === null) return builtIn(id);
  // `[h]:mm` counts hours beyond a day.
  if (/\[(h+|m+|s+)\]/i.test(code)) return TIME;
  const [section = ''] = code
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[[^\]]*\]/g, '')
    .split(';');
  if (/[dy]/i.test(section)) return DATE;
  if (/[hs]/i.test(section)) return TIME;
  if (/m/i.test(section)) return DATE;
  if (section.includes('%')) return PERCENT;
  const decimals = /^0\.(0+)$/.exec(section.trim())?.[1]?.length;
  return decimals === undefined ? PLAIN : { kind: 'decimals', decimals };
}

const DAY_MS = 86_400_000;
/** Day 0 of serials from 1 March 1900 on, and of files that count from 1904. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const LAST_SERIAL = 2_958_465;

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A serial as the day people see, `dd/mm/yyyy`, and its time where it has one. Null: no day. Excel counts
 * 29 February 1900, which never was; no plan is that old, so the days before it are none here.
 */
export function serialDate(serial: number, from1904: boolean): string | null {
  const least = from1904 ? 0 : 61;
  if (!Number.isFinite(serial) || serial < least || serial > LAST_SERIAL) return null;
  // To the second: a time is a fraction that binary does not hold.
  const at = new Date((from1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(serial * 86_400) * 1000);
  const day = `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
  return at.getTime() % DAY_MS === 0 ? day : `${day} ${clock(at)}`;
}

const clock = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;

/** A number as it would be typed. */
export function numberText(value: number, format: NumberFormat): string {
  if (format.kind === 'percent') return `${plain(value * 100)}%`;
  if (format.kind === 'decimals') return value.toFixed(format.decimals);
  return plain(value);
}

/** Fifteen digits, as many as a spreadsheet holds: `0.1 + 0.2` is 0.3. */
function plain(value: number): string {
  const text = String(Number(value.toPrecision(15)));
  // Three decimals would be read as thousands (`1.125`), as offices write them.
  return /^\d{1,3}\.\d{3}$/.test(text) ? `${text}0` : text;
}

export const timeText = (serial: number): string => clock(new Date(Math.round((serial % 1) * 86_400) * 1000));
