/** Milliseconds since 1970-01-01T00:00:00Z. The record's resolution is one second (design §3). */
export type Instant = number;

/** A local calendar date, `YYYY-MM-DD`. */
export type IsoDate = string;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
