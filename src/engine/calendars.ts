import {
  calendarsBasedOn,
  type EditRow,
  insertEdit,
  insertVersionOf,
  lockCalendar,
  setUse,
} from '../db/calendar-store.js';
import { notFound } from '../domain/assignment/access.js';
import type { Calendar, CalendarDay, Interval } from '../domain/calendar.js';
import { checkCalendar } from '../domain/calendar.js';
import { daysAlongWith, sameDays } from '../domain/calendars/derived.js';
import { statutoryDays } from '../domain/calendars/statutory.js';
import { type Refusal, refuse, versionChanged, wrongField } from '../domain/errors.js';
import type { IsoDate } from '../domain/instant.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import type { CommandRequest, Outcome } from './request.js';

/** Why, and by which document: both are kept with the version and shown wherever a deadline moved. */
export interface EditReason {
  readonly reason: string;
  readonly source: string;
}

export interface NewCalendar extends EditReason {
  readonly id: string;
  /** The calendar whose hours and days it begins with. */
  readonly basedOn: string;
  readonly week?: Calendar['week'] | undefined;
}

/** A calendar of its own for a unit or a group, beginning as a copy of another. */
export async function createCalendar(
  engine: Engine,
  request: CommandRequest,
  fields: NewCalendar,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    administratorsOnly(tx);
    if ((await lockCalendar(tx.client, fields.id)) !== null) throw refused(duplicate(fields.id));
    const base = await lockCalendar(tx.client, fields.basedOn);
    if (base === null) throw refused(unknownCalendar('/basedOn'));
    const own = { ...base, week: fields.week ?? base.week, basedOn: base.id };
    return write(tx, own, fields.id, 1, 'created', fields);
  });
}

export interface DayChanges extends EditReason {
  /** Entries that are added, or that replace those of their date. */
  readonly days: readonly CalendarDay[];
  /** Dates whose entry goes: they have their weekday's hours again. */
  readonly remove: readonly IsoDate[];
  /** Years whose statutory days are filled in where they have no entry yet, provisional where nothing is announced. */
  readonly years: readonly number[];
}

/**
 * Adds days, swaps or whole years as the next version of what was read as version `ifMatch`. Calendars that began as a
 * copy of this one go along, each by an edit of its own.
 */
export async function editDays(
  engine: Engine,
  request: CommandRequest,
  id: string,
  changes: DayChanges,
  ifMatch: number,
): Promise<Outcome> {
  return edit(engine, request, id, ifMatch, 'days', changes, (before) => {
    const entries = new Map(changes.years.flatMap(statutoryDays).map((day) => [day.date, day]));
    for (const day of before.days) entries.set(day.date, day);
    for (const date of changes.remove) {
      if (!before.days.some((day) => day.date === date)) throw refused(noEntry(date));
      entries.delete(date);
    }
    for (const day of changes.days) entries.set(day.date, day);
    return { ...before, days: [...entries.values()].sort((a, b) => (a.date < b.date ? -1 : 1)) };
  });
}

/** Other weekly hours, as the next version. */
export async function editWeek(
  engine: Engine,
  request: CommandRequest,
  id: string,
  change: EditReason & { readonly week: readonly (readonly Interval[])[] },
  ifMatch: number,
): Promise<Outcome> {
  return edit(engine, request, id, ifMatch, 'week', change, (before) => ({ ...before, week: change.week }));
}

export interface UseChange extends EditReason {
  readonly unitId?: string | undefined;
  readonly groupCode?: string | undefined;
}

/** From now on a calendar judges a unit, or the units of a group; `used` false gives them the one above again. */
export async function useCalendar(
  engine: Engine,
  request: CommandRequest,
  id: string,
  change: UseChange,
  used: boolean,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    administratorsOnly(tx);
    if ((await lockCalendar(tx.client, id)) === null) throw refused(notFound());
    const { actor } = request;
    await setUse(tx.client, {
      workingGroupId: actor.kind === 'person' ? actor.workingGroupId : '',
      unitId: change.unitId ?? null,
      groupCode: change.groupCode ?? null,
      calendarId: used ? id : null,
    });
    const editId = await note(tx, { calendarId: id, version: null, kind: 'used', ...reasonOf(change) });
    return { status: 200, subjectId: editId, version: null };
  });
}

async function edit(
  engine: Engine,
  request: CommandRequest,
  id: string,
  ifMatch: number,
  kind: EditRow['kind'],
  reason: EditReason,
  change: (before: Calendar) => Calendar,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    administratorsOnly(tx);
    const before = await lockCalendar(tx.client, id);
    if (before === null) throw refused(notFound());
    if (before.version !== ifMatch)
      throw refused(versionChanged({ vi: 'Lịch', en: 'calendar' }, before.version));
    const after = change(before);
    const outcome = await write(tx, after, id, before.version + 1, kind, reason);
    if (kind === 'days') await takeAlong(tx, before, after, reason);
    return outcome;
  });
}

async function takeAlong(
  tx: CommandTx,
  before: Calendar,
  after: Calendar,
  reason: EditReason,
): Promise<void> {
  for (const id of await calendarsBasedOn(tx.client, before.id)) {
    const own = await lockCalendar(tx.client, id);
    if (own === null) continue;
    const days = daysAlongWith(own, before, after);
    if (sameDays(days, own.days)) continue;
    await write(tx, { ...own, days }, id, own.version + 1, 'days', reason);
    await takeAlong(tx, own, { ...own, days }, reason);
  }
}

/** One version and one edit: the work on what is open follows from the edit's row. */
async function write(
  tx: CommandTx,
  body: Calendar,
  id: string,
  version: number,
  kind: EditRow['kind'],
  reason: EditReason,
) {
  const calendar = { ...body, id, version };
  const wrong = checkCalendar(calendar);
  if (wrong !== null) throw refused(wrongField('/days', 'not_a_calendar', wrong));
  await insertVersionOf(tx.client, calendar);
  const editId = await note(tx, { calendarId: id, version, kind, ...reasonOf(reason) });
  return { status: version === 1 ? 201 : 200, subjectId: editId, version };
}

/** The edit, whose id is that of the operation which follows from it. */
async function note(tx: CommandTx, row: Omit<EditRow, 'id'>): Promise<string> {
  const id = newId();
  await insertEdit(tx.client, { id, ...row }, tx.request.actor, tx.receivedAt);
  return id;
}

const reasonOf = ({ reason, source }: EditReason): EditReason => ({ reason, source });

function administratorsOnly({ request: { actor } }: CommandTx): void {
  if (actor.kind === 'person' && actor.role === 'administrator') return;
  throw refused(
    refuse('forbidden', {
      vi: 'Chỉ quản trị viên được sửa lịch làm việc.',
      en: 'Only administrators change the calendars.',
    }),
  );
}

function unknownCalendar(pointer: string): Refusal {
  return wrongField(pointer, 'unknown', { vi: 'Không có lịch này.', en: 'There is no such calendar.' });
}

function noEntry(date: IsoDate): Refusal {
  return wrongField('/remove', 'unknown', {
    vi: `Lịch không có mục nào cho ngày ${date}.`,
    en: `The calendar has no entry for ${date}.`,
  });
}

function duplicate(id: string): Refusal {
  return refuse('duplicate_code', {
    vi: `Đã có lịch «${id}»; hãy chọn mã khác.`,
    en: `There is a calendar "${id}" already; choose another id.`,
  });
}
