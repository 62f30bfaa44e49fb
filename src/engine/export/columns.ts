import type { Bilingual } from '../../domain/errors.js';
import type { Locale, UnitRef } from '../read/view.js';
import type { Column } from './list.js';

type Of<T, C> = (item: T, locale: Locale) => C;

/** Columns that lists are made of; `width` in characters. */

export function text<T>(vi: string, en: string, of: Of<T, string | null>, width?: number): Column<T> {
  return { name: { vi, en }, kind: 'text', of, ...(width === undefined ? {} : { width }) };
}

export const number = <T>(vi: string, en: string, of: Of<T, number | null>, width = 12): Column<T> => ({
  name: { vi, en },
  kind: 'number',
  width,
  of,
});

/** A local date, `2025-06-20`. */
export const day = <T>(vi: string, en: string, of: Of<T, string | null>): Column<T> => ({
  name: { vi, en },
  kind: 'date',
  width: 12,
  of,
});

/** An instant, as resources show it: ISO 8601 in UTC. */
export const instant = <T>(vi: string, en: string, of: Of<T, string | null | undefined>): Column<T> => ({
  name: { vi, en },
  kind: 'instant',
  of: (item, locale) => {
    const iso = of(item, locale);
    return iso === null || iso === undefined ? null : Date.parse(iso);
  },
});

export const unit = <T>(vi: string, en: string, of: (item: T) => UnitRef | null): Column<T> =>
  text(vi, en, (item, locale) => unitName(of(item), locale), 30);

/** A state by its name; one that has no name yet by its code. */
export const named = <T>(
  vi: string,
  en: string,
  names: Readonly<Record<string, Bilingual>>,
  of: (item: T) => string,
): Column<T> => text(vi, en, (item, locale) => names[of(item)]?.[locale] ?? of(item), 25);

const YES: Bilingual = { vi: 'Có', en: 'Yes' };
const NO: Bilingual = { vi: 'Không', en: 'No' };

export const yesNo = <T>(vi: string, en: string, of: (item: T) => boolean | null): Column<T> =>
  text(
    vi,
    en,
    (item, locale) => {
      const value = of(item);
      return value === null ? null : (value ? YES : NO)[locale];
    },
    10,
  );

export const directiveNumber = <T>(of: (item: T) => string | null | undefined): Column<T> =>
  text('Văn bản', 'Directive', (item) => of(item) ?? null);

export const taskCode = <T>(of: (item: T) => string | null | undefined): Column<T> =>
  text('Mã nhiệm vụ', 'Task code', (item) => of(item) ?? null, 12);

/** In English where there is an English one. */
export const taskTitle = <T>(
  of: (item: T) => { readonly title: string | null; readonly titleEn?: string | null } | null,
): Column<T> =>
  text(
    'Nhiệm vụ',
    'Task',
    (item, locale) => {
      const task = of(item);
      return (locale === 'en' ? (task?.titleEn ?? task?.title) : task?.title) ?? null;
    },
    60,
  );

/** By which a row is found again; the last column of each list. */
export const recordId = <T extends { readonly id: string }>(): Column<T> =>
  text('Mã bản ghi', 'Record id', (item) => item.id, 38);

export const unitName = (unit: UnitRef | null, locale: Locale): string | null =>
  unit === null ? null : locale === 'en' ? (unit.nameEn ?? unit.name) : unit.name;

/** Names under each other. */
export const list = (names: readonly string[]): string | null =>
  names.length === 0 ? null : names.join('\n');
