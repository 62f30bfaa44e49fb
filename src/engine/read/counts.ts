import { databaseNow } from '../../db/lock-store.js';
import type { Queryable } from '../../db/pool.js';
import {
  type CountGrouping,
  type CountKind,
  type CountRow,
  countClasses,
  countsBelow,
  directiveLabels,
  groupLabels,
  unitLabels,
} from '../../db/read/counts.js';
import { withScope } from '../../db/transaction.js';
import { notFound } from '../../domain/assignment/access.js';
import { DondocError, type Refusal, refuse } from '../../domain/errors.js';
import type { CountClass } from '../../domain/figures/classes.js';
import { HALF_UP_2, type RatioView, ratioOf } from '../../domain/figures/ratio.js';
import type { Engine } from '../engine.js';
import { groupName } from '../unit-groups.js';
import { inLocale, iso, type Locale, localDay, scopeOf, type Viewer } from './view.js';

/** The four counts and what stands beside them. Everything but `superseded` adds up to `total`. */
export interface Counts {
  readonly total: number;
  readonly doneOnTime: number;
  readonly doneLate: number;
  readonly openInTime: number;
  readonly openOverdue: number;
  /** Of the open ones, how many wait for their confirmation, judged by their submission. */
  readonly awaitingConfirmation: number;
  readonly regular: number;
  readonly suspended: number;
  readonly stopped: number;
  readonly carriedOver: number;
  /** Rows of the plan that fail one of the four clears: no assignment yet. */
  readonly unclear: number;
  /** Moved to another lead; its successor is counted instead. */
  readonly superseded: number;
}

/** In which field each class counts; what awaits its confirmation is open too. */
const FIELD = {
  done_on_time: 'doneOnTime',
  done_late: 'doneLate',
  open_in_time: 'openInTime',
  open_overdue: 'openOverdue',
  awaiting_in_time: 'openInTime',
  awaiting_overdue: 'openOverdue',
  regular: 'regular',
  suspended: 'suspended',
  stopped: 'stopped',
  carried_over: 'carriedOver',
  unclear: 'unclear',
  superseded: 'superseded',
} as const satisfies Record<CountClass, keyof Counts>;

const NONE: Counts = {
  total: 0,
  doneOnTime: 0,
  doneLate: 0,
  openInTime: 0,
  openOverdue: 0,
  awaitingConfirmation: 0,
  regular: 0,
  suspended: 0,
  stopped: 0,
  carriedOver: 0,
  unclear: 0,
  superseded: 0,
};

/** Adds rows of classes up; the total is the sum of what is shown, so it always adds up. */
export function sumCounts(rows: readonly CountRow[]): Counts {
  const counts: { -readonly [Field in keyof Counts]: number } = { ...NONE };
  for (const row of rows) {
    counts[FIELD[row.class]] += row.n;
    if (row.class === 'awaiting_in_time' || row.class === 'awaiting_overdue')
      counts.awaitingConfirmation += row.n;
    if (row.class !== 'superseded') counts.total += row.n;
  }
  return counts;
}

/** Whether regular tasks stand beside what is done, or count within it, as the reader declares. */
export type RegularPlace = 'beside' | 'within';

export interface CountRequest {
  /** The instant in the world; null: now, by the database's clock. */
  readonly asOf: number | null;
  /** What the record held then; null: all that is known now. */
  readonly knownAt: number | null;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  readonly directiveId: string | null;
  readonly unitId: string | null;
  readonly regular: RegularPlace;
}

export interface CountGroup {
  /** Unit or directive id, group code, kind or year; null for rows that have none yet. */
  readonly key: string | null;
  readonly label: string;
  readonly counts: Counts;
  readonly completion: Completion;
}

/** How much of it is done, in the words of a report: 73 of 80. */
export interface Completion {
  readonly ratio: RatioView;
  readonly text: string;
}

export interface CountsView {
  readonly asOf: string;
  readonly knownAt: string;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  readonly regular: RegularPlace;
  /** False where one task stands in the row of each of its units. */
  readonly rowsSumToTotal: boolean;
  readonly total: Counts;
  readonly completion: Completion;
  readonly groups: readonly CountGroup[];
}

/**
 * The counts at an instant in the world, by what is known now or was known then, within the viewer's scope.
 * @throws DondocError for a unit that is neither the officer's own nor below it.
 */
export async function getCounts(engine: Engine, viewer: Viewer, request: CountRequest): Promise<CountsView> {
  const below = askedBelow(viewer, request);
  if (below !== null && !WHOLE.includes(request.groupBy)) throw new DondocError(wholeOnly());
  const scope = { ...scopeOf(viewer.actor), ...(below === null ? {} : { countedUnitId: below }) };
  return withScope(engine.reader, scope, async (client) => {
    if (below !== null && !(await countsBelow(client))) throw new DondocError(notFound());
    const now = Math.floor(await databaseNow(client));
    const asOf = request.asOf ?? now;
    const query = { ...request, asOf };
    const sums = !(request.count === 'task' && (request.groupBy === 'unit' || request.groupBy === 'group'));
    const rows = await countClasses(client, query);
    // Where a task stands in the row of each of its units, the total is counted for itself.
    const all = sums ? rows : await countClasses(client, { ...query, groupBy: null });
    const said = (counts: Counts, key: string | null): Completion =>
      completionOf(counts, request, { key, asOf, locale: viewer.locale });
    const total = sumCounts(all);
    return {
      asOf: iso(asOf),
      knownAt: iso(request.knownAt ?? now),
      count: request.count,
      groupBy: request.groupBy,
      regular: request.regular,
      rowsSumToTotal: sums,
      total,
      completion: said(total, null),
      groups: await groupsOf(client, request.groupBy, rows, viewer.locale, said),
    };
  });
}

/** An officer asks about another unit than the own one: it has to be one below, whose work is not read but counted. */
function askedBelow({ actor }: Viewer, { unitId }: CountRequest): string | null {
  return actor.role === 'unit' && unitId !== null && unitId !== actor.unitId ? unitId : null;
}

/** Groupings that name no directive or task of the unit below. */
const WHOLE: readonly (CountGrouping | null)[] = [null, 'unit', 'group', 'working-group'];

function wholeOnly(): Refusal {
  const detail = {
    vi: 'Của đơn vị cấp dưới chỉ xem được số tổng, không theo văn bản, loại hay năm.',
    en: 'Of a unit below yours only whole counts are shown, not by directive, kind or year.',
  };
  return refuse('invalid_body', detail, {
    errors: [{ pointer: '/query/groupBy', code: 'not_below', detail }],
  });
}

/** What goes on regularly is beside "done" unless it is declared to count within it. */
function completionOf(
  counts: Counts,
  { count, groupBy, regular }: CountRequest,
  { key, asOf, locale }: { readonly key: string | null; readonly asOf: number; readonly locale: Locale },
): Completion {
  const done = counts.doneOnTime + counts.doneLate + (regular === 'within' ? counts.regular : 0);
  const ratio = ratioOf({
    numerator: done,
    denominator: counts.total,
    asOf: localDay(asOf),
    rounding: HALF_UP_2,
  });
  const noun =
    count === 'assignment'
      ? { vi: 'việc được giao', en: 'assignments' }
      : NOUNS[groupBy === 'kind' && (key === 'model' || key === 'goal') ? key : 'task'];
  const text = {
    vi: `${done}/${counts.total} ${noun.vi} đã hoàn thành`,
    en: `${done} of ${counts.total} ${noun.en} are done`,
  };
  return { ratio, text: inLocale(text, locale) };
}

const NOUNS = {
  task: { vi: 'nhiệm vụ', en: 'tasks' },
  model: { vi: 'mô hình', en: 'models' },
  goal: { vi: 'mục tiêu', en: 'goals' },
} as const;

async function groupsOf(
  db: Queryable,
  groupBy: CountGrouping | null,
  rows: readonly CountRow[],
  locale: Locale,
  said: (counts: Counts, key: string | null) => Completion,
): Promise<CountGroup[]> {
  if (groupBy === null) return [];
  const byKey = new Map<string | null, CountRow[]>();
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  const keys = [...byKey.keys()].filter((key) => key !== null);
  const labels = await labelsOf(db, groupBy, keys, locale);
  const groups = [...byKey].map(([key, own]) => {
    const counts = sumCounts(own);
    const label = key === null ? inLocale(NOT_YET, locale) : (labels.get(key) ?? key);
    return { key, label, counts, completion: said(counts, key) };
  });
  // Rows without a key come last.
  return groups.sort(
    (a, b) => Number(a.key === null) - Number(b.key === null) || a.label.localeCompare(b.label, 'vi'),
  );
}

const NOT_YET = { vi: 'Chưa rõ đơn vị', en: 'No unit yet' };

const KINDS = {
  task: { vi: 'Nhiệm vụ', en: 'Task' },
  model: { vi: 'Mô hình', en: 'Model' },
  goal: { vi: 'Mục tiêu', en: 'Goal' },
} as const;

async function labelsOf(
  db: Queryable,
  groupBy: CountGrouping,
  keys: readonly string[],
  locale: Locale,
): Promise<ReadonlyMap<string, string>> {
  switch (groupBy) {
    case 'unit': {
      const units = await unitLabels(db, keys);
      return new Map(
        units.map((unit) => [unit.id, locale === 'en' ? (unit.nameEn ?? unit.name) : unit.name]),
      );
    }
    case 'directive': {
      const directives = await directiveLabels(db, keys);
      return new Map(
        directives.map(({ id, number, title }) => [id, number === null ? title : `${number} – ${title}`]),
      );
    }
    case 'group':
      return new Map(keys.map((key) => [key, inLocale(groupName(key), locale)]));
    case 'kind':
      return new Map(Object.entries(KINDS).map(([kind, name]) => [kind, inLocale(name, locale)]));
    case 'working-group': {
      const named = await groupLabels(db, keys);
      return new Map(named.map((wg) => [wg.id, locale === 'en' ? (wg.name_en ?? wg.name) : wg.name]));
    }
    case 'origin-year':
      return new Map();
  }
}
