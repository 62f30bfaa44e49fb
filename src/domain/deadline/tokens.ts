import type { NamedPeriod, ReadingNote, Recurrence } from './rule.js';

/** A stated year, or null where the phrase leaves it out. */
export type Year = number | null;

export type Word =
  | 'before'
  | 'by'
  | 'in'
  | 'from'
  | 'until'
  | 'range'
  | 'after'
  | 'end'
  | 'begin'
  | 'middle'
  /** The first and the second ten days of a month; the third ends with it. */
  | 'first_ten'
  | 'second_ten'
  | 'start'
  | 'as_of'
  | 'extension'
  | 'regular'
  | 'no_date'
  | 'denied'
  | 'closing'
  | 'and'
  | 'comma';

export type CountUnit = 's' | 'min' | 'd' | 'wd' | 'wh' | 'week' | 'month' | 'year';

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | {
      readonly kind: 'date';
      readonly year: Year;
      readonly month: number;
      readonly day: number;
      readonly yearNote: ReadingNote | null;
      readonly figures: boolean;
    }
  | {
      readonly kind: 'period';
      readonly unit: NamedPeriod['unit'];
      readonly year: Year;
      readonly index: number;
      readonly yearNote: ReadingNote | null;
    }
  | {
      readonly kind: 'relative';
      readonly unit: 'day' | 'week' | NamedPeriod['unit'];
      readonly shift: number;
      /** Only the unit is named: `trong năm`. */
      readonly bare: boolean;
      /** The day of a relative month (`ngày 15 tháng sau`) or week (`thứ Sáu tuần này`: 1 Monday … 7 Sunday). */
      readonly day: number | null;
    }
  | { readonly kind: 'day'; readonly day: number }
  | { readonly kind: 'weekday'; readonly weekday: number }
  | { readonly kind: 'clock'; readonly minute: number }
  /** `buổi chiều`, `sáng`: when it ends is no instant that all offices share. */
  | { readonly kind: 'daypart' }
  | { readonly kind: 'hours'; readonly value: number }
  | { readonly kind: 'count'; readonly value: number; readonly unit: CountUnit; readonly bare: boolean }
  | { readonly kind: 'anchor'; readonly from: 'issue' | 'receipt' }
  | { readonly kind: 'every'; readonly every: Recurrence | null; readonly weekday: number | null }
  /** Something whose form is known and whose value cannot be: 25h00, a range of limits. */
  | { readonly kind: 'bad'; readonly text: string; readonly impossible: boolean }
  | { readonly kind: 'unknown'; readonly text: string };

export type TokenOf<K extends Token['kind']> = Extract<Token, { kind: K }>;

export function isToken<K extends Token['kind']>(kind: K): (token: Token) => token is TokenOf<K> {
  return (token): token is TokenOf<K> => token.kind === kind;
}

/** Whether the token names a day or a period. */
export function isPoint(token: Token): boolean {
  return ['date', 'period', 'relative', 'day'].includes(token.kind);
}

/** Words that name a part of a month; the end of a period is its last day. */
export const PARTS: readonly Word[] = ['begin', 'middle', 'first_ten', 'second_ten'];

export function hasWord(tokens: readonly Token[], name: Word): boolean {
  return tokens.some((token) => token.kind === 'word' && token.word === name);
}

export function word(name: Word): Token {
  return { kind: 'word', word: name };
}

/** `25` is 2025: directives are about this century. */
export function fullYear(text: string | undefined): { year: Year; yearNote: ReadingNote | null } {
  if (text === undefined || text === '') return { year: null, yearNote: null };
  return text.length === 2
    ? { year: 2000 + Number(text), yearNote: 'two_digit_year' }
    : { year: Number(text), yearNote: null };
}

export const MONTH_NAMES = [
  'jan(?:uary)?',
  'feb(?:ruary)?',
  'mar(?:ch)?',
  'apr(?:il)?',
  'may',
  'june?',
  'july?',
  'aug(?:ust)?',
  'sept?(?:ember)?',
  'oct(?:ober)?',
  'nov(?:ember)?',
  'dec(?:ember)?',
] as const;

export const WEEKDAY_NAMES = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** 1..12 for an English month name or its abbreviation; 0 for anything else. */
export function monthNumber(name: string): number {
  return MONTH_NAMES.findIndex((pattern) => new RegExp(`^(?:${pattern})$`).test(name)) + 1;
}

const ROMAN: Readonly<Record<string, number>> = {
  i: 1,
  ii: 2,
  iii: 3,
  iv: 4,
  v: 5,
  vi: 6,
  vii: 7,
  viii: 8,
};
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
};

/** `II`, `2`, `second`; `last` is the highest there is. 0 for anything else. */
export function ordinal(text: string, last: number): number {
  if (text === 'last') return last;
  return ROMAN[text] ?? ORDINALS[text] ?? (/^\d+$/.test(text) ? Number(text) : 0);
}
