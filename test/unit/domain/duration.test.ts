import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import {
  addDuration,
  type DurationUnit,
  formatDuration,
  parseDuration,
  subtractDuration,
} from '../../../src/domain/duration.js';

const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
const shown = (instant: number): string =>
  new Date(instant + 25_200_000).toISOString().slice(0, 16).replace('T', ' ');

test.each<[string, string, string]>([
  ['30 min', '2025-06-20 18:00', '2025-06-20 18:30'],
  ['24 h', '2025-06-20 10:00', '2025-06-21 10:00'],
  ['2 d', '2025-06-20 10:00', '2025-06-22 10:00'],
  ['120 s', '2025-06-20 10:00', '2025-06-20 10:02'],
  ['8 wh', '2025-06-20 15:30', '2025-06-23 15:30'],
  ['3 wd', '2025-06-20 10:00', '2025-06-25 17:30'],
])('%s after %s is %s', (text, from, expected) => {
  const duration = parseDuration(text);
  expect(duration).not.toBeNull();
  if (duration !== null) expect(shown(addDuration(OFFICE_HOURS, at(from), duration))).toBe(expected);
});

test.each<[string, string, string]>([
  ['24 h', '2025-06-20 10:00', '2025-06-19 10:00'],
  ['2 wh', '2025-06-20 09:00', '2025-06-19 16:30'],
  // A reminder falls at the opening of the working date, also before a deadline on a Sunday.
  ['1 wd', '2025-06-22 23:59', '2025-06-20 08:00'],
  ['3 wd', '2025-06-22 23:59', '2025-06-18 08:00'],
  ['7 wd', '2025-02-05 23:59', '2025-01-20 08:00'],
])('%s before %s is %s', (text, from, expected) => {
  const duration = parseDuration(text);
  expect(duration).not.toBeNull();
  if (duration !== null) expect(shown(subtractDuration(OFFICE_HOURS, at(from), duration))).toBe(expected);
});

describe('the written form', () => {
  test('is read back as it was written', () => {
    const unit = fc.constantFrom<DurationUnit>('s', 'min', 'h', 'd', 'wh', 'wd');
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), unit, (value, name) => {
        expect(parseDuration(formatDuration({ value, unit: name }))).toEqual({ value, unit: name });
      }),
    );
  });

  test.each([
    ['3 Working  Days', { value: 3, unit: 'wd' }],
    ['1.5 h', { value: 1.5, unit: 'h' }],
    ['30s', { value: 30, unit: 's' }],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  test.each(['', '3', 'wd', '-1 h', '1.5 wd', '1.5 d', '3 moons', '1e3 s', '3 constructor'])(
    '%p is refused',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test('a negative amount is an error, not an earlier instant', () => {
    expect(() => addDuration(OFFICE_HOURS, 0, { value: -1, unit: 'h' })).toThrow(RangeError);
    expect(() => subtractDuration(OFFICE_HOURS, 0, { value: Number.NaN, unit: 'wd' })).toThrow(RangeError);
  });
});
