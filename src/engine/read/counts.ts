import { databaseNow } from '../../db/lock-store.js';
import type { Queryable } from '../../db/pool.js';
import {
  type CountGrouping,
  type CountKind,
  type CountRow,
  countClasses,
  directiveLabels,
  unitLabels,
} from '../../db/read/counts.js';
import type { Engine } from '../engine.js';
import { groupName } from '../unit-groups.js';
import { inLocale, iso, type Locale, look, type Viewer } from './view.js';

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

const FIELD = {
  done_on_time: 'doneOnTime',
  done_late: 'doneLate',
  open_in_time: 'openInTime',
  open_overdue: 'openOverdue',
  regular: 'regular',
  suspended: 'suspended',
  stopped: 'stopped',
  carried_over: 'carriedOver',
  unclear: 'unclear',
  superseded: 'superseded',
} as const satisfies Record<CountRow['class'], keyof Counts>;

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
    counts.awaitingConfirmation += row.awaiting;
    if (row.class !== 'superseded') counts.total += row.n;
  }
  return counts;
}

export interface CountRequest {
  /** Null: now, by the database's clock. */
  readonly asOf: number | null;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  readonly directiveId: string | null;
  readonly unitId: string | null;
}

export interface CountGroup {
  /** Unit or directive id, group code, kind or year; null for rows that have none yet. */
  readonly key: string | null;
  readonly label: string;
  readonly counts: Counts;
}

export interface CountsView {
  readonly asOf: string;
  /** What the record held then: now. */
  readonly knownAt: string;
  readonly count: CountKind;
  readonly groupBy: CountGrouping | null;
  /** Regular tasks stand beside "done", not within it. */
  readonly regular: 'beside';
  /** False where one task stands in the row of each of its units. */
  readonly rowsSumToTotal: boolean;
  readonly total: Counts;
  readonly groups: readonly CountGroup[];
}

/** The counts at an instant in the world, by what is known now, within the viewer's scope. */
export async function getCounts(engine: Engine, viewer: Viewer, request: CountRequest): Promise<CountsView> {
  return look(engine, viewer, async (client) => {
    const now = Math.floor(await databaseNow(client));
    const query = { ...request, asOf: request.asOf ?? now };
    const all = await countClasses(client, { ...query, groupBy: null });
    const grouped = request.groupBy === null ? [] : await countClasses(client, query);
    return {
      asOf: iso(query.asOf),
      knownAt: iso(now),
      count: request.count,
      groupBy: request.groupBy,
      regular: 'beside',
      rowsSumToTotal: !(
        request.count === 'task' &&
        (request.groupBy === 'unit' || request.groupBy === 'group')
      ),
      total: sumCounts(all),
      groups: await groupsOf(client, request.groupBy, grouped, viewer.locale),
    };
  });
}

async function groupsOf(
  db: Queryable,
  groupBy: CountGrouping | null,
  rows: readonly CountRow[],
  locale: Locale,
): Promise<CountGroup[]> {
  if (groupBy === null) return [];
  const byKey = new Map<string | null, CountRow[]>();
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  const keys = [...byKey.keys()].filter((key) => key !== null);
  const labels = await labelsOf(db, groupBy, keys, locale);
  const groups = [...byKey].map(([key, own]) => ({
    key,
    label: key === null ? inLocale(NOT_YET, locale) : (labels.get(key) ?? key),
    counts: sumCounts(own),
  }));
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
    case 'origin-year':
      return new Map();
  }
}
