const VIETNAM_MS = 7 * 3_600_000;

/** The time of day in Vietnam. */
export function localTime(instant: string | null): string {
  if (instant === null) return '-';
  return new Date(Date.parse(instant) + VIETNAM_MS).toISOString().slice(11, 19);
}
