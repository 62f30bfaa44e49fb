import { addCalendarDays } from '../../domain/civil-date.js';
import type { PageRequest } from '../../engine/read/page.js';

/** Which page of a list is asked for. */
export const pageRequest = (query: {
  readonly limit: number;
  readonly cursor?: string | undefined;
}): PageRequest => ({
  limit: query.limit,
  cursor: query.cursor ?? null,
});

/** An instant of a query in ms; null where it is left out. */
export const instantOrNull = (text: string | undefined): number | null =>
  text === undefined ? null : Date.parse(text);

/** A date stands for its end, in Vietnam. */
export function instantOrEndOfDay(text: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return isDate ? Date.parse(`${addCalendarDays(text, 1)}T00:00:00+07:00`) - 1 : Date.parse(text);
}
