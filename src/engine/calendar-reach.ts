import { type OpenEdit, versionsBefore } from '../db/calendar-store.js';
import type { Queryable } from '../db/pool.js';
import type { Calendar, CalendarRef } from '../domain/calendar.js';
import type { Instant } from '../domain/instant.js';
import type { Circumstances } from './changes.js';
import { calendarOf } from './settings.js';

/**
 * Which calendar judges a subject once an edit was applied to it, given the one that judges it and the one that is in
 * use for its unit today. Later edits have their own turn: what moves names the edit that moved it.
 */
export type Reach = (current: CalendarRef, used: CalendarRef | undefined) => CalendarRef;

export async function reachOf(db: Queryable, edit: OpenEdit): Promise<Reach> {
  const { calendar_id: id, version } = edit;
  if (version !== null) {
    return (current) => (current.id === id && current.version < version ? { id, version } : current);
  }
  const until = await versionsBefore(db, edit);
  return (current, used) => {
    // Somebody else's use, or one that another edit has overridden meanwhile.
    if (used === undefined || (used.id !== id && current.id !== id)) return current;
    const latest = until.get(used.id) ?? used.version;
    return used.id === current.id && latest <= current.version ? current : { id: used.id, version: latest };
  };
}

/** The calendar of the offices as it was before an edit that has been applied to it. */
export async function officeBefore(
  db: Queryable,
  { calendar_id: id, version }: OpenEdit,
  office: CalendarRef,
): Promise<Calendar> {
  const edited = office.id === id && office.version === version && version > 1;
  return calendarOf(db, edited ? { id, version: version - 1 } : office);
}

/** An edit is its administrator's, whoever carries it out. */
export function editsAt(edit: OpenEdit, now: Instant, lastRecordedAt: Instant): Circumstances {
  return {
    actor: edit.actor,
    document: null,
    receivedAt: now,
    happenedAt: now,
    recordedAt: Math.max(now, lastRecordedAt),
  };
}
