import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayNumberOf, isoDateOf } from '../../../src/domain/civil-date.js';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import { read } from './phrases.js';

const file = readFileSync(new URL('../../fixtures/deadline-phrases.tsv', import.meta.url), 'utf8');
const PHRASES = file
  .split('\n')
  .filter((line) => line.includes('\t') && !line.startsWith('#'))
  .map((line): [string, string] => {
    const [phrase = '', expected = ''] = line.split('\t');
    return [phrase, expected];
  });

/** Phrases of the table that are read otherwise when they are written in this way. */
const readOtherwise = (
  way: (phrase: string) => string,
  which = (_phrase: string): boolean => true,
): string[][] =>
  PHRASES.filter(([phrase, expected]) => which(phrase) && read(way(phrase)) !== expected).map(([phrase]) => [
    phrase,
    way(phrase),
    read(way(phrase)),
  ]);

describe('phrases as officials type them', () => {
  test.each(PHRASES)('%s → %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });

  test('read the same composed and decomposed, with doubled spaces, as full-width figures and at the end of a sentence', () => {
    const wide = (text: string): string =>
      text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    const ways: readonly ((phrase: string) => string)[] = [
      (phrase) => phrase.normalize('NFD'),
      (phrase) => phrase.normalize('NFC'),
      (phrase) => `  ${phrase.replaceAll(' ', '  ')}  `,
      (phrase) => phrase.replaceAll(' ', '\u00a0'),
      wide,
      (phrase) => `${phrase}.`,
    ];
    expect(ways.flatMap((way) => readOtherwise(way, (phrase) => !phrase.endsWith('?')))).toEqual([]);
  });

  test('read the same in capitals', () => {
    expect(readOtherwise((phrase) => phrase.toUpperCase())).toEqual([]);
  });
});

/** Words and figures of deadlines, in any order: what people paste, and worse. */
const words = fc.constantFrom(
  ...'trước ngày tháng năm quý hết cuối đầu giữa trong vòng không quá chậm nhất hằng tuần từ đến kể nhận làm việc giờ phút và thứ Sáu 5 05 17h00 20/6 31/4/2025 II 2025 - / . , ( ) by within working days end of June monthly'.split(
    ' ',
  ),
);
const jumble = fc.array(words, { maxLength: 12 }).map((some) => some.join(' '));
const documentDate = fc
  .integer({ min: dayNumberOf('1990-01-01'), max: dayNumberOf('2150-12-31') })
  .map((day) => isoDateOf(day));

function datesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(datesIn);
}

describe('whatever is typed', () => {
  test('never makes the parser throw, and never lands on a day that does not exist', () => {
    fc.assert(
      fc.property(
        fc.oneof(jumble, fc.string({ unit: 'grapheme' })),
        fc.option(documentDate),
        (phrase, from) => {
          const parsed = parseDeadline(phrase, { documentDate: from });
          if (!parsed.ok) {
            expect(parsed.detail.vi.length).toBeGreaterThan(0);
            return;
          }
          for (const date of datesIn(parsed.rule)) expect(isoDateOf(dayNumberOf(date))).toBe(date);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is a finding where a word is unknown, wherever it stands beside a date', () => {
    const strange = fc.constantFrom('xyzzy', 'nghiệm thu', 'khai giảng', 'dự kiến', 'phê duyệt xong');
    fc.assert(
      fc.property(
        strange,
        fc.constantFrom('trước ngày 20/6/2025', 'trong 5 ngày làm việc', 'hết quý II/2025'),
        fc.boolean(),
        (what, phrase, before) => {
          expect(read(before ? `${what} ${phrase}` : `${phrase} ${what}`)).toBe('✗ not_understood');
        },
      ),
    );
  });
});

const pad = (value: number): string => String(value).padStart(2, '0');

describe('phrases that are written from a value', () => {
  const date = fc
    .integer({ min: dayNumberOf('2020-01-01'), max: dayNumberOf('2099-12-31') })
    .map((day) => isoDateOf(day));

  test('are read back as the same date, in every way of writing it', () => {
    fc.assert(
      fc.property(date, fc.constantFrom('/', '-', '.'), (iso, sign) => {
        const [year, month, day] = iso.split('-').map(Number);
        for (const written of [
          [day, month, year].join(sign),
          [pad(day ?? 0), pad(month ?? 0), year].join(sign),
          `ngày ${day} tháng ${month} năm ${year}`,
          iso,
        ]) {
          expect(read(`trước ngày ${written}`.replace('ngày ngày', 'ngày'))).toBe(`date ${iso} before`);
          expect(read(`chậm nhất ${written}`)).toBe(`date ${iso}`);
          expect(read(`17h30 ${written}`)).toBe(`date ${iso} 17:30`);
        }
      }),
    );
  });

  test('are read back as the same period', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2020, max: 2099 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const quarter = Math.ceil(month / 3);
        const roman = ['I', 'II', 'III', 'IV'][quarter - 1];
        expect(read(`hết tháng ${month}/${year}`)).toBe(`end of month ${year}/${month}`);
        expect(read(`Tháng ${pad(month)} năm ${year}`)).toBe(`end of month ${year}/${month}`);
        expect(read(`Quý ${roman}/${year}`)).toBe(`end of quarter ${year}/${quarter}`);
        expect(read(`trong quý ${quarter} năm ${year}`)).toBe(`end of quarter ${year}/${quarter}`);
        expect(read(`6 tháng cuối năm ${year}`)).toBe(`end of half ${year}/2`);
      }),
    );
  });

  test('are read back as the same count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (n) => {
        expect(read(`trong ${pad(n)} ngày làm việc`)).toBe(`count ${n} wd from issue`);
        expect(read(`Không quá ${n} ngày kể từ ngày nhận`)).toBe(`count ${n} d? from receipt`);
        expect(read(`within ${n} working days of receipt`)).toBe(`count ${n} wd from receipt`);
        expect(read(`trong -${n} ngày`)).toBe('✗ not_understood');
      }),
    );
  });
});
