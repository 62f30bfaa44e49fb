import { databaseNow } from '../../db/lock-store.js';
import {
  type IndicatorTaskRow,
  readTask,
  type SharingRow,
  sharingAssignments,
} from '../../db/read/indicators.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import { outlookOf, type Target } from '../../domain/figures/outlook.js';
import {
  type Breakdown,
  breakdownOf,
  type RatioView,
  type Rounding,
  ratioOf,
} from '../../domain/figures/ratio.js';
import { type RollUp, reaches, rolledUp, totals } from '../../domain/figures/roll-up.js';
import { type Figure, type SeriesValue, seriesOf } from '../../domain/figures/series.js';
import { targetOf } from '../../domain/figures/warning.js';
import type { Engine } from '../engine.js';
import { type IndicatorQuestion, livesOf } from './indicators.js';
import { type OutlookView, outlookView, reachedRatio } from './outlooks.js';
import { iso, localDay, look, type UnitRef, type Viewer } from './view.js';

/** A sum over units, with what it lacks. */
export interface SumView {
  readonly numerator: number;
  /** Null where a figure came without its whole. */
  readonly denominator: number | null;
  /** What the targets of these units ask for together. */
  readonly needed: number | null;
  /** Of a count: how much of what is needed; of a rate: the sum of numerators by the sum of wholes. */
  readonly ratio: RatioView;
  /** Null as long as a unit is missing. */
  readonly met: boolean | null;
  readonly units: number;
  readonly oldestFigure: string | null;
  readonly newestFigure: string | null;
  readonly missing: number;
}

export interface TaskIndicatorView {
  readonly task: Omit<IndicatorTaskRow, 'draft' | 'directive'>;
  readonly directive: IndicatorTaskRow['directive'];
  readonly name: string | null;
  /** False for a unit: the sum is over what it leads or monitors. */
  readonly whole: boolean;
  readonly asOf: string;
  readonly knownAt: string;
  readonly total: SumView;
  readonly missingUnits: readonly UnitRef[];
  readonly withoutWhole: readonly UnitRef[];
  /** Whether the targets of the units make the task's own; null where none were stated one by one. */
  readonly targets: Breakdown | null;
  readonly units: readonly {
    readonly assignmentId: string;
    readonly unit: UnitRef;
    readonly target: Target | null;
    readonly figure: Figure | null;
    readonly ratio: RatioView | null;
  }[];
  /** On each day that somebody reported of: with each unit's latest figure by then. */
  readonly series: readonly (SumView & { readonly asOf: string })[];
  readonly outlook: OutlookView | null;
}

interface Sharing {
  readonly row: SharingRow;
  readonly target: Target | null;
  readonly series: readonly SeriesValue[];
}

/** The indicator of a task over all its units. */
export async function taskIndicator(
  engine: Engine,
  viewer: Viewer,
  id: string,
  question: IndicatorQuestion,
): Promise<TaskIndicatorView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const task = await readTask(client, id);
    const rows = task === null ? [] : await sharingAssignments(client, id);
    if (task === null || (rows.length === 0 && viewer.actor.role === 'unit')) return null;
    const lives = await livesOf(
      client,
      rows.map(({ body }) => body.id),
    );
    return { task, rows, lives, now: Math.floor(await databaseNow(client)) };
  });
  if (found === null) return notFound();
  const { task: row, now } = found;
  const sharing = found.rows.map((each): Sharing => {
    const target = targetOf(each.body);
    const reported = found.lives(each.body.id);
    return { row: each, target, series: seriesOf(reported, { ...question, asOf: null }) };
  });
  const { draft, directive, ...task } = row;
  const asOf = question.asOf ?? localDay(question.knownAt ?? now);
  const sum = sumAt(sharing, { ...question, asOf });
  return {
    task,
    directive,
    name: draft.result?.kind === 'indicator' ? draft.result.name : null,
    whole: viewer.actor.role !== 'unit',
    asOf,
    knownAt: iso(question.knownAt ?? now),
    total: sumView(sum, sharing, asOf, question.rounding),
    missingUnits: named(sharing, sum.missing),
    withoutWhole: named(sharing, sum.withoutWhole),
    targets: viewer.actor.role === 'unit' ? null : targetsOf(row),
    units: sharing.map((each) => unitView(each, { ...question, asOf })),
    ...courseOf(sharing, question, viewer),
  };
}

type DatedQuestion = IndicatorQuestion & { readonly asOf: string };

function latestOf({ series }: Sharing, question: DatedQuestion): Figure | null {
  const value = series.findLast((one) => one.asOf <= question.asOf);
  if (value === undefined) return null;
  const { numerator, denominator, asOf } = value;
  return { numerator, denominator, asOf };
}

const sumAt = (sharing: readonly Sharing[], question: DatedQuestion): RollUp =>
  rolledUp(
    sharing.map((each) => ({
      unitId: each.row.unit.id,
      target: each.target,
      figure: latestOf(each, question),
    })),
  );

/** Rates are asked of all units or of none: a task has one result. */
const isRate = (sharing: readonly Sharing[]): boolean =>
  sharing.some(({ target }) => target !== null && target.denominator !== null);

function sumView(sum: RollUp, sharing: readonly Sharing[], asOf: string, rounding: Rounding): SumView {
  const { numerator, denominator, needed } = totals(sum);
  const whole = isRate(sharing) ? denominator : (needed ?? denominator);
  return {
    numerator,
    denominator,
    needed,
    ratio: ratioOf({ numerator, denominator: whole, asOf, rounding }),
    met: reaches(sum),
    units: sum.units,
    oldestFigure: sum.oldest,
    newestFigure: sum.newest,
    missing: sum.missing.length + sum.withoutWhole.length,
  };
}

function named(sharing: readonly Sharing[], ids: readonly string[]): UnitRef[] {
  return sharing.map(({ row }) => row.unit).filter(({ id }) => ids.includes(id));
}

/** A task that states a target for its units one by one, and one of its own, states a sum. */
function targetsOf({ draft }: IndicatorTaskRow): Breakdown | null {
  const { result, targets } = draft;
  if (result?.kind !== 'indicator' || result.numerator === null || result.denominator !== null) return null;
  if (targets.length === 0) return null;
  return breakdownOf(
    result.numerator,
    targets.map(({ numerator }) => numerator),
  );
}

function unitView(each: Sharing, question: DatedQuestion): TaskIndicatorView['units'][number] {
  const figure = latestOf(each, question);
  return {
    assignmentId: each.row.body.id,
    unit: each.row.unit,
    target: each.target,
    figure,
    ratio: figure === null ? null : reachedRatio(each.target, figure, question.rounding),
  };
}

/** Day by day, and where it goes: by the days on which every unit had a figure, up to the latest deadline. */
function courseOf(
  sharing: readonly Sharing[],
  question: IndicatorQuestion,
  { locale }: Viewer,
): Pick<TaskIndicatorView, 'series' | 'outlook'> {
  const last = question.asOf ?? '9999-12-31';
  const days = new Set(
    sharing.flatMap(({ series }) => series.map((value) => value.asOf)).filter((day) => day <= last),
  );
  const series = [...days].sort().map((asOf) => {
    const sum = sumAt(sharing, { ...question, asOf });
    return { asOf, ...sumView(sum, sharing, asOf, question.rounding) };
  });
  if (question.knownAt !== null) return { series, outlook: null };
  const complete = series.filter(({ missing }) => missing === 0);
  const [first, latest] = [complete[0] ?? null, complete.at(-1) ?? null];
  const target: Target | null =
    latest === null || latest.needed === null
      ? null
      : { numerator: latest.needed, denominator: isRate(sharing) ? latest.denominator : null };
  const due = sharing.flatMap(({ row }) => row.body.dueAt ?? []);
  const dueOn = due.length === 0 ? null : localDay(Math.max(...due));
  const outlook = outlookOf({ target, first, latest, dueOn });
  const { rounding } = question;
  return {
    series,
    outlook: outlookView(target, latest, outlook, { rounding, warned: outlook.misses === true, locale }),
  };
}
