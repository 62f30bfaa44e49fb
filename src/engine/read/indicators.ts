import { databaseNow } from '../../db/lock-store.js';
import type { Queryable } from '../../db/pool.js';
import { readAssignment } from '../../db/read/assignments.js';
import { type FigureRow, reportedFigures } from '../../db/read/indicators.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Assignment } from '../../domain/assignment/state.js';
import type { Refusal } from '../../domain/errors.js';
import { outlookOf, type Target } from '../../domain/figures/outlook.js';
import {
  type Breakdown,
  heldAgainst,
  type RatioView,
  type ReportedPercent,
  type Rounding,
} from '../../domain/figures/ratio.js';
import {
  type ReportedFigure,
  type SeriesQuestion,
  type SeriesValue,
  seriesOf,
} from '../../domain/figures/series.js';
import { targetOf, warns } from '../../domain/figures/warning.js';
import type { Engine } from '../engine.js';
import { type OutlookView, outlookView, reachedRatio } from './outlooks.js';
import { iso, isoOrNull, localDay, look, type UnitRef, type Viewer } from './view.js';

export interface IndicatorQuestion extends SeriesQuestion {
  readonly rounding: Rounding;
}

/** The value of one day, with what it was before and what is flagged of it. */
export interface SeriesValueView {
  readonly asOf: string;
  readonly numerator: number;
  readonly denominator: number | null;
  readonly ratio: RatioView;
  readonly knownAt: string;
  readonly restated: boolean;
  readonly reason: string | null;
  readonly formerly: readonly {
    readonly numerator: number;
    readonly denominator: number | null;
    readonly knownAt: string;
    readonly until: string;
    readonly reason: string | null;
  }[];
  /** The percentage that was reported beside it, held against the computed one. */
  readonly reported: ReportedPercent | null;
  readonly breakdown:
    | (Breakdown & {
        readonly parts: readonly { readonly name: string | null; readonly numerator: number }[];
      })
    | null;
}

export interface AssignmentIndicatorView {
  readonly assignmentId: string;
  readonly unit: UnitRef;
  /** Null where a product is asked for, and no indicator. */
  readonly name: string | null;
  readonly target: Target | null;
  readonly dueAt: string | null;
  readonly asOf: string | null;
  readonly knownAt: string;
  readonly series: readonly SeriesValueView[];
  /** By what is known now; null where it was asked what was known earlier. */
  readonly outlook: OutlookView | null;
}

/**
 * What was reported of one assignment's indicator, day by day. Whoever reads the assignment but not what was
 * reported on it (a unit that helps) has its latest figure there, and no series here.
 */
export async function assignmentIndicator(
  engine: Engine,
  viewer: Viewer,
  id: string,
  question: IndicatorQuestion,
): Promise<AssignmentIndicatorView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const row = await readAssignment(client, id);
    if (row === null || !readsReports(viewer, row.body)) return null;
    return { row, lives: await livesOf(client, [id]), now: Math.floor(await databaseNow(client)) };
  });
  if (found === null) return notFound();
  const { body, unit } = found.row;
  const target = targetOf(body);
  const series = seriesOf(found.lives(id), question);
  const latest = series.at(-1) ?? null;
  const dueOn = body.dueAt === null ? null : localDay(body.dueAt);
  const outlook = outlookOf({ target, first: series[0] ?? null, latest, dueOn });
  const { rounding } = question;
  const seen = { rounding, warned: warns(body, outlook, found.now), locale: viewer.locale };
  return {
    assignmentId: id,
    unit,
    name: body.result.kind === 'indicator' ? body.result.name : null,
    target,
    dueAt: isoOrNull(body.dueAt),
    asOf: question.asOf,
    knownAt: iso(question.knownAt ?? found.now),
    series: series.map((value) => valueView(value, target, rounding)),
    outlook: question.knownAt === null ? outlookView(target, latest, outlook, seen) : null,
  };
}

function readsReports({ actor }: Viewer, { unitId, monitorUnitId }: Assignment): boolean {
  return actor.role !== 'unit' || actor.unitId === unitId || actor.unitId === monitorUnitId;
}

function valueView(value: SeriesValue, target: Target | null, rounding: Rounding): SeriesValueView {
  const ratio = reachedRatio(target, value, rounding);
  const { parts, breakdown, percent } = value;
  return {
    asOf: value.asOf,
    numerator: value.numerator,
    denominator: value.denominator,
    ratio,
    knownAt: iso(value.knownAt),
    restated: value.restated,
    reason: value.restated ? value.reason : null,
    formerly: value.formerly.map((former) => ({
      numerator: former.numerator,
      denominator: former.denominator,
      knownAt: iso(former.knownAt),
      until: iso(former.until),
      reason: former.reason,
    })),
    reported: percent === null ? null : heldAgainst(ratio, String(percent)),
    breakdown: breakdown === null || parts === null ? null : { ...breakdown, parts },
  };
}

/** The figures of some assignments as they were reported, each with those of the life that it goes on with alone. */
export async function livesOf(
  db: Queryable,
  ids: readonly string[],
): Promise<(id: string) => readonly ReportedFigure[]> {
  const rows = new Map<string, FigureRow[]>();
  for (const row of await reportedFigures(db, ids)) rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
  const lifeOf = (id: string): ReportedFigure[] => {
    const own = rows.get(id) ?? [];
    const [born] = own;
    const reported = own.filter(({ type }) => type === 'reported').flatMap(figureOf);
    // Divided or merged, a life begins without a figure: the sum of others was never its own.
    if (born === undefined || born.type !== 'assigned' || born.figure === null) return reported;
    const before = born.predecessor === null ? [] : lifeOf(born.predecessor);
    return [...(before.length > 0 ? before : figureOf(born)), ...reported];
  };
  return lifeOf;
}

function figureOf({ figure, percent, text, recorded_at: knownAt }: FigureRow): ReportedFigure[] {
  if (figure === null) return [];
  const { numerator, denominator, asOf, parts = null } = figure;
  return [
    {
      numerator,
      denominator,
      asOf,
      knownAt,
      percent,
      reason: text?.correction ?? text?.text ?? null,
      parts:
        parts?.map((part, index) => ({ name: text?.[`part ${index + 1}`] ?? null, numerator: part })) ?? null,
    },
  ];
}
