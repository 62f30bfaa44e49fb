import {
  CalendarDayChanges,
  CalendarDays,
  CalendarDaysQuery,
  CalendarEdits,
  CalendarParams,
  CalendarQuery,
  CalendarUseChange,
  CalendarUses,
  CalendarWeekChange,
  NewCalendar,
} from '../../contracts/calendars.js';
import { Calendar, Calendars } from '../../contracts/units.js';
import { isRefusal, type Refusal } from '../../domain/errors.js';
import { createCalendar, editDays, editWeek, useCalendar } from '../../engine/calendars.js';
import {
  CALENDAR_DAYS_TABLE,
  CALENDAR_EDITS_TABLE,
  CALENDAR_USES_TABLE,
} from '../../engine/export/settings.js';
import {
  getCalendar,
  getCalendarDays,
  getCalendarEdits,
  getCalendarUses,
} from '../../engine/read/calendars.js';
import type { CalendarView } from '../../engine/read/directory.js';
import { getCalendars } from '../../engine/read/directory.js';
import type { Answer, Outcome } from '../../engine/request.js';
import { type Call, type Reply, type Route, route } from '../route.js';
import { FormatField, FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const listCalendars = route({
  method: 'get',
  path: '/v1/calendars',
  operationId: 'listCalendars',
  tag: 'calendars',
  summary: { vi: 'Lịch làm việc, bản mới nhất', en: 'Working calendars, the latest version of each' },
  success: { status: 200, schema: Calendars },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call) => ({ body: { items: await getCalendars(call.engine, call.viewer) } }),
});

const listUses = route({
  method: 'get',
  path: '/v1/calendar-uses',
  operationId: 'listCalendarUses',
  tag: 'calendars',
  summary: { vi: 'Đơn vị nào theo lịch nào', en: 'Who is judged by which calendar' },
  description: 'A unit by its own, else by its group’s, else by the Working Group’s.',
  query: FormatQuery,
  success: { status: 200, schema: CalendarUses, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const items = await getCalendarUses(call.engine, call.viewer);
    return await wholeReply(call, query, { items }, CALENDAR_USES_TABLE, items);
  },
});

async function calendarReply(call: Call, id: string, version: number | null = null) {
  const calendar = await getCalendar(call.engine, call.viewer, id, version);
  return isRefusal(calendar) ? calendar : { body: calendar, version: calendar.version };
}

async function afterEdit(call: Call, id: string, outcome: Outcome): Promise<Refusal | Reply<CalendarView>> {
  if (isRefusal(outcome)) return outcome;
  const reply = await calendarReply(call, id, outcome.version);
  return isRefusal(reply) ? reply : { ...reply, headers: followedAt(outcome) };
}

/** Where to ask how far the work is that follows from an edit. */
const followedAt = ({ subjectId }: Answer): Readonly<Record<string, string>> => ({
  'Operation-Location': `/v1/operations/${subjectId ?? ''}`,
});

const readCalendar = route({
  method: 'get',
  path: '/v1/calendars/{id}',
  operationId: 'getCalendar',
  tag: 'calendars',
  summary: { vi: 'Một lịch làm việc', en: 'One working calendar, any version of it' },
  params: CalendarParams,
  query: CalendarQuery,
  success: { status: 200, schema: Calendar },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params, query }) => calendarReply(call, params.id, query.version ?? null),
});

const addCalendar = route({
  method: 'post',
  path: '/v1/calendars',
  operationId: 'createCalendar',
  tag: 'calendars',
  summary: { vi: 'Lập lịch riêng cho đơn vị hoặc nhóm', en: 'A calendar of their own for a unit or a group' },
  description:
    'It begins as a copy of another, and judges nobody until it is used. Later edits of the days of that other one come along, except for dates that this one has decided otherwise.',
  body: NewCalendar,
  success: { status: 201, schema: Calendar },
  problems: ['duplicate_code'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    const outcome = await createCalendar(call.engine, call.command(), body);
    return afterEdit(call, body.id, outcome);
  },
});

const changeWeek = route({
  method: 'patch',
  path: '/v1/calendars/{id}',
  operationId: 'editCalendarWeek',
  tag: 'calendars',
  summary: { vi: 'Sửa giờ làm việc hằng tuần', en: 'Other weekly hours, as a new version' },
  params: CalendarParams,
  body: CalendarWeekChange,
  success: { status: 200, schema: Calendar },
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const outcome = await editWeek(call.engine, call.command(), params.id, body, call.ifMatch);
    return afterEdit(call, params.id, outcome);
  },
});

const listDays = route({
  method: 'get',
  path: '/v1/calendars/{id}/days',
  operationId: 'listCalendarDays',
  tag: 'calendars',
  summary: {
    vi: 'Ngày nghỉ, ngày làm bù kèm văn bản',
    en: 'Days off and make-up days, each with its document',
  },
  params: CalendarParams,
  query: CalendarDaysQuery.extend(FormatField),
  success: { status: 200, schema: CalendarDays, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    const choice = { year: query.year ?? null, version: query.version ?? null };
    const days = await getCalendarDays(call.engine, call.viewer, params.id, choice);
    if (isRefusal(days)) return days;
    const asked = { ...query, calendar: params.id };
    const reply = await wholeReply(call, asked, days, CALENDAR_DAYS_TABLE, days.items);
    return 'body' in reply ? { ...reply, version: days.version } : reply;
  },
});

const changeDays = route({
  method: 'post',
  path: '/v1/calendars/{id}/days',
  operationId: 'editCalendarDays',
  tag: 'calendars',
  summary: {
    vi: 'Thêm năm, ngày nghỉ, ngày hoán đổi',
    en: 'Adds a year, days off or swaps, as a new version',
  },
  description:
    'Open work is computed again in batches: deadlines that came from rules move later or not at all, planned steps follow, and what was recorded as late is judged again in favour of the unit. Calendars that began as a copy of this one go along, each with an edit of its own. `GET …/edits` shows how far it is.',
  params: CalendarParams,
  body: CalendarDayChanges,
  success: { status: 200, schema: Calendar },
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const days = body.days.map(({ nameEn, provisional, ...day }) => ({
      ...day,
      ...(nameEn === undefined ? {} : { nameEn }),
      ...(provisional === undefined ? {} : { provisional }),
    }));
    const changes = { ...body, days };
    const outcome = await editDays(call.engine, call.command(), params.id, changes, call.ifMatch);
    return afterEdit(call, params.id, outcome);
  },
});

const changeUse = route({
  method: 'post',
  path: '/v1/calendars/{id}/uses',
  operationId: 'changeCalendarUse',
  tag: 'calendars',
  summary: { vi: 'Áp dụng lịch cho đơn vị hoặc nhóm', en: 'Whom this calendar judges from now on' },
  params: CalendarParams,
  body: CalendarUseChange,
  success: { status: 200, schema: CalendarUses },
  problems: ['reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const outcome = await useCalendar(call.engine, call.command(), params.id, body, body.used);
    if (isRefusal(outcome)) return outcome;
    const items = await getCalendarUses(call.engine, call.viewer);
    return { body: { items }, headers: followedAt(outcome) };
  },
});

const listEdits = route({
  method: 'get',
  path: '/v1/calendars/{id}/edits',
  operationId: 'listCalendarEdits',
  tag: 'calendars',
  summary: {
    vi: 'Các lần sửa lịch và tiến độ tính lại',
    en: 'Edits, with how far open work is computed again',
  },
  params: CalendarParams,
  query: FormatQuery,
  success: { status: 200, schema: CalendarEdits, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    const items = await getCalendarEdits(call.engine, call.viewer, params.id);
    if (isRefusal(items)) return items;
    const asked = { ...query, calendar: params.id };
    return await wholeReply(call, asked, { items }, CALENDAR_EDITS_TABLE, items);
  },
});

export const calendarRoutes: readonly Route[] = [
  listCalendars,
  listUses,
  readCalendar,
  addCalendar,
  changeWeek,
  listDays,
  changeDays,
  changeUse,
  listEdits,
];
