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
