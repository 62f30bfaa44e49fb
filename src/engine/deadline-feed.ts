import { databaseNow } from '../db/lock-store.js';
import {
  type DueAssignmentRow,
  type DueReportRow,
  dueAssignments,
  dueReports,
  type FeedFilter,
  type FeedKey,
} from '../db/read/deadline-feed.js';
import { type FeedEntry, whenOf } from '../domain/deadline-feed.js';
import type { Bilingual } from '../domain/errors.js';
import { dueInForce } from '../domain/report/state.js';
import type { Engine } from './engine.js';
import { unitName } from './export/columns.js';
import { ASSIGNMENT_STATES, REPORT_STATES } from './export/labels.js';
import { type Locale, localText, look, type Viewer } from './read/view.js';

/** Whose deadlines, and which. */
export interface FeedQuery {
  /** Null: an officer's own unit; for others every unit of the Working Group. */
  readonly unitId: string | null;
  /** Only assignments whose officer the viewer is. */
  readonly mine: boolean;
  readonly of: 'all' | 'assignments' | 'reports';
}

const ROWS_AT_ONCE = 500;
/** What is longer past is of no use in a calendar, and would make the feed grow for ever. */
const PAST_MS = 180 * 86_400_000;

export const FEED_NAME: Bilingual = { vi: 'Thời hạn – Đôn đốc', en: 'Deadlines – Dondoc' };

/** Deadlines of assignments, then of reports, as the viewer may read them, some at a time. */
export async function* deadlineEntries(
  engine: Engine,
  viewer: Viewer,
  { unitId, mine, of }: FeedQuery,
): AsyncGenerator<readonly FeedEntry[], void, undefined> {
  const { actor, locale } = viewer;
  const since = (await look(engine, viewer, databaseNow)) - PAST_MS;
  const filter: FeedFilter = {
    workingGroupId: actor.workingGroupId,
    unitId: unitId ?? (actor.role === 'unit' ? actor.unitId : null),
    officerId: mine ? actor.personId : null,
    since: Math.floor(since),
  };
  if (of !== 'reports') {
    yield* paged(
      (after) => look(engine, viewer, (client) => dueAssignments(client, filter, after, ROWS_AT_ONCE)),
      (row) => assignmentEntry(row, locale),
    );
  }
  if (of !== 'assignments' && !mine) {
    yield* paged(
      (after) => look(engine, viewer, (client) => dueReports(client, filter, after, ROWS_AT_ONCE)),
      (row) => reportEntry(row, locale),
    );
  }
}

/** No transaction stays open while somebody takes it slowly. */
async function* paged<Row extends { readonly id: string; readonly due_at: number }>(
  read: (after: FeedKey | null) => Promise<readonly Row[]>,
  entryOf: (row: Row) => FeedEntry | null,
): AsyncGenerator<readonly FeedEntry[], void, undefined> {
  let after: FeedKey | null = null;
  for (;;) {
    const rows: readonly Row[] = await read(after);
    yield rows.flatMap((row) => entryOf(row) ?? []);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = { dueAt: last.due_at, id: last.id };
  }
}

/** Nothing is owed any more by the unit it was given to. */
const NOT_OWED: ReadonlySet<string> = new Set(['stopped', 'superseded', 'carried_over']);
const DONE: ReadonlySet<string> = new Set(['confirmed', 'concluded', 'received_on_time', 'received_late']);
const DONE_MARK: Bilingual = { vi: '[Xong] ', en: '[Done] ' };
const REPORT: Bilingual = { vi: 'Báo cáo: ', en: 'Report: ' };

const said = (locale: Locale, facts: readonly (readonly [Bilingual, string | null])[]): string =>
  facts
    .flatMap(([name, value]) => (value === null || value === '' ? [] : [`${name[locale]}: ${value}`]))
    .join('\n');

const UNIT: Bilingual = { vi: 'Đơn vị', en: 'Unit' };
const STATE: Bilingual = { vi: 'Trạng thái', en: 'State' };
const DUE: Bilingual = { vi: 'Hạn', en: 'Due' };

const inLocale = (vi: string, en: string | null, locale: Locale): string =>
  locale === 'en' ? (en ?? vi) : vi;

function assignmentEntry(row: DueAssignmentRow, locale: Locale): FeedEntry {
  const { state } = row;
  const names: Readonly<Record<string, Bilingual>> = ASSIGNMENT_STATES;
  const title = inLocale(row.title, row.title_en, locale);
  return {
    uid: `${row.id}@dondoc`,
    sequence: row.seq,
    modifiedAt: row.recorded_at,
    when: whenOf(row.due_at),
    status: NOT_OWED.has(state) ? 'CANCELLED' : row.held || row.provisional ? 'TENTATIVE' : 'CONFIRMED',
    summary: `${DONE.has(state) ? DONE_MARK[locale] : ''}${row.code === null ? '' : `${row.code}. `}${title}`,
    description: said(locale, [
      [UNIT, unitName(row.unit, locale)],
      [{ vi: 'Văn bản', en: 'Directive' }, row.number],
      [DUE, localText(row.due_at)],
      [STATE, names[state]?.[locale] ?? state],
    ]),
    category: { vi: 'Nhiệm vụ', en: 'Assignment' }[locale],
  };
}

function reportEntry(row: DueReportRow, locale: Locale): FeedEntry | null {
  const { body, state } = row;
  // A period that has not begun owes nothing yet.
  if (state === null) return null;
  const due = dueInForce(body, row.now);
  const name = inLocale(row.regime_name, row.regime_name_en, locale);
  return {
    uid: `${row.id}@dondoc`,
    sequence: body.seq,
    modifiedAt: body.lastRecordedAt,
    when: whenOf(due),
    status: state === 'excused' || state === 'lapsed' ? 'CANCELLED' : 'CONFIRMED',
    summary: `${DONE.has(state) ? DONE_MARK[locale] : ''}${REPORT[locale]}${name} (${body.period.key})`,
    description: said(locale, [
      [UNIT, unitName(row.unit, locale)],
      [DUE, localText(due)],
      [STATE, REPORT_STATES[state][locale]],
    ]),
    category: { vi: 'Báo cáo', en: 'Report' }[locale],
  };
}
