import { calendarEdits, calendarUses } from '../../db/calendar-store.js';
import { loadCalendarRow } from '../../db/read/directory.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Calendar } from '../../domain/calendar.js';
import { dayNumberOf, weekdayOf } from '../../domain/civil-date.js';
import type { Refusal } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import type { CalendarView } from './directory.js';
import { iso, isoOrNull, look, type Viewer } from './view.js';

/** One version of a calendar, by default the latest. */
export async function getCalendar(
  engine: Engine,
  viewer: Viewer,
  id: string,
  version: number | null,
): Promise<CalendarView | Refusal> {
  const row = await look(engine, viewer, (client) => loadCalendarRow(client, id, version));
  if (row === null) return notFound();
  return { ...row.body, id, version: row.version, recordedAt: iso(row.recorded_at) };
}

/** The dated entries of a calendar, each with its source. */
export async function getCalendarDays(
  engine: Engine,
  viewer: Viewer,
  id: string,
  { year, version }: { readonly year: number | null; readonly version: number | null },
) {
  const calendar = await getCalendar(engine, viewer, id, version);
  if ('refused' in calendar) return calendar;
  return {
    calendarId: id,
    version: calendar.version,
    items: daysOf(calendar, year),
  };
}

function daysOf(calendar: Calendar, year: number | null) {
  return calendar.days
    .filter(({ date }) => year === null || date.startsWith(`${year}-`))
    .map((day) => ({
      date: day.date,
      weekday: weekdayOf(dayNumberOf(day.date)) + 1,
      kind: day.kind,
      intervals: day.intervals,
      name: day.name,
      nameEn: day.nameEn ?? null,
      source: day.source,
      provisional: day.provisional ?? false,
    }));
}

/** Who is judged by which calendar. */
export async function getCalendarUses(engine: Engine, viewer: Viewer) {
  const rows = await look(engine, viewer, calendarUses);
  return rows.map(({ calendar_id, unit, group_code }) => ({
    calendarId: calendar_id,
    scope:
      unit !== null
        ? ('unit' as const)
        : group_code !== null
          ? ('group' as const)
          : ('working_group' as const),
    unit,
    groupCode: group_code,
  }));
}

/** The edits of a calendar, with how far the work that follows from them is. */
export async function getCalendarEdits(engine: Engine, viewer: Viewer, id: string) {
  const rows = await look(engine, viewer, async (client) =>
    (await loadCalendarRow(client, id, null)) === null ? null : calendarEdits(client, id),
  );
  if (rows === null) return notFound();
  return rows.map((row) => ({
    id: row.id,
    calendarId: row.calendar_id,
    version: row.version,
    kind: row.kind,
    reason: row.reason,
    source: row.source,
    by: row.actor.kind === 'person' ? { name: row.actor.name, role: row.actor.role } : null,
    recordedAt: iso(row.recorded_at),
    doneAt: isoOrNull(row.done_at),
    looked: row.looked,
    moved: row.moved,
    rejudged: row.rejudged,
    setAside: row.set_aside,
  }));
}
