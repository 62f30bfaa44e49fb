import { calendarsOf } from '../db/calendar-store.js';
import { type DirectiveHead, loadCalendar, loadVersion } from '../db/directive-store.js';
import type { Queryable } from '../db/pool.js';
import { type Calendar, type CalendarRef, sameCalendar } from '../domain/calendar.js';
import type { DirectiveFacts, OfficeFacts } from '../domain/decision.js';
import type { FrozenDirective } from '../domain/directive/freeze.js';
import type { DirectivePolicy } from '../domain/policy.js';

/** What judges a directive's subjects: the frozen policy, the calendar they are computed under, its offices. */
export interface Settings {
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  /** The Working Group's: by it those answer who are not the unit. */
  readonly officeCalendar: Calendar;
  readonly directive: DirectiveFacts;
}

/** What judges a case, whatever it rests on: of a Working Group only the offices count. */
export interface CaseSettings {
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  readonly officeCalendar: Calendar;
  readonly directive: OfficeFacts;
}

type FrozenHead = Omit<FrozenDirective, 'tasks'>;

/**
 * Frozen versions and calendar versions never change, so a process may keep them; what can change (the
 * directive's state) is read under its lock each time.
 */
class Kept<T> {
  readonly #values = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  async get(key: string, load: () => Promise<T>): Promise<T> {
    const kept = this.#values.get(key);
    if (kept !== undefined) return kept;
    const loaded = await load();
    if (this.#values.size >= this.#most) {
      const oldest = this.#values.keys().next();
      if (!oldest.done) this.#values.delete(oldest.value);
    }
    this.#values.set(key, loaded);
    return loaded;
  }
}

const heads = new Kept<FrozenHead>(500);
const calendars = new Kept<Calendar>(200);

export async function calendarOf(db: Queryable, { id, version }: CalendarRef): Promise<Calendar> {
  return calendars.get(`${id}:${version}`, async () => {
    const calendar = await loadCalendar(db, id, version);
    if (calendar === null) throw new Error(`Calendar ${id} version ${version} is missing`);
    return calendar;
  });
}

/** The calendar that the directive itself is computed under: the Working Group's. */
export const ownCalendar = (head: DirectiveHead): CalendarRef => ({
  id: head.calendarId,
  version: head.calendarVersion,
});

/** The settings of an issued directive, under its own calendar or under that of one of its assignments. */
export async function settingsOf(
  db: Queryable,
  head: DirectiveHead,
  calendar: CalendarRef = ownCalendar(head),
): Promise<Settings> {
  const frozen = await heads.get(`${head.id}:${head.frozenVersion}`, async () => {
    const version = await loadVersion(db, head.id, head.frozenVersion);
    if (version === null) throw new Error(`Directive ${head.id} has no version ${head.frozenVersion}`);
    const { tasks: _tasks, ...kept } = version;
    return kept;
  });
  const common = await calendarOf(db, ownCalendar(head));
  const settings = settingsFrom(frozen, common, head.state, head.carriedUntil);
  return { ...settings, calendar: await calendarOf(db, calendar) };
}

/** The settings that a frozen version makes under the Working Group's calendar. */
export function settingsFrom(
  frozen: FrozenHead,
  calendar: Calendar,
  state: DirectiveFacts['state'],
  carriedUntil: number | null = null,
): Settings {
  return {
    policy: frozen.policy,
    calendar,
    officeCalendar: calendar,
    directive: {
      id: frozen.directiveId,
      workingGroupId: frozen.workingGroupId,
      state,
      documentDate: frozen.content.documentDate,
      provisional: frozen.content.provisional,
      endsAt: frozen.endsAt,
      carriedUntil,
      standingAgencyId: frozen.standingAgencyId,
      homeAffairsId: frozen.homeAffairsId,
    },
  };
}

/** Calendars of units that are judged by another one than the Working Group's. */
export async function ownCalendars(
  db: Queryable,
  workingGroupId: string,
  unitIds: readonly string[],
  common: Calendar,
): Promise<Map<string, Calendar>> {
  const found = new Map<string, Calendar>();
  for (const [unitId, ref] of await calendarsOf(db, workingGroupId, unitIds)) {
    if (!sameCalendar(ref, common)) found.set(unitId, await calendarOf(db, ref));
  }
  return found;
}
