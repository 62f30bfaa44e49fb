import { z } from 'zod';
import { databaseNow } from '../../db/lock-store.js';
import { subjectEvents, type TimelineRow } from '../../db/read/events.js';
import {
  countReports,
  listRegimes,
  listReports,
  type RegimeFilter,
  type RegimeRow,
  type ReportFilter,
  type ReportRow,
} from '../../db/read/reports.js';
import { document } from '../../db/read/rows.js';
import { notFound } from '../../domain/assignment/access.js';
import { type Refusal, refuse } from '../../domain/errors.js';
import type { Instant } from '../../domain/instant.js';
import type { Restated } from '../../domain/report/events.js';
import { currentVersion, type Level, type RegimeEnd } from '../../domain/report/regime.js';
import {
  dueInForce,
  type LapseReason,
  type Obligation,
  type ReportStateName,
  reportAt,
} from '../../domain/report/state.js';
import { allowedReportActions, type ReportAction } from '../../domain/report/table.js';
import type { Period, Periodicity } from '../../domain/report/windows.js';
import type { Engine } from '../engine.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { entryOf, type TimelineEntry } from './timeline.js';
import {
  type AllowedActionView,
  actionViews,
  iso,
  isoOrNull,
  look,
  type UnitRef,
  type Viewer,
} from './view.js';

/** One restatement: when, why, and of each assignment what stood before and after. */
export interface CorrectionView {
  readonly at: string;
  readonly recordedAt: string;
  /** Null where it was destroyed by decision. */
  readonly reason: string | null;
  readonly changes: readonly Restated[];
}

/** What a unit owes for one period, with the state as of the instant that was asked for. */
export interface ReportView {
  readonly id: string;
  readonly version: number;
  readonly regime: {
    readonly id: string;
    readonly name: string;
    readonly nameEn: string | null;
    readonly kind: 'periodic' | 'ad_hoc';
    readonly version: number;
  };
  readonly unit: UnitRef;
  readonly level: number;
  readonly period: Period;
  readonly state: ReportStateName;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly dueAt: string;
  readonly firstDueAt: string;
  readonly receivedAt: string | null;
  readonly received: readonly {
    readonly at: string;
    readonly judgedAt: string;
    readonly returned: { readonly at: string; readonly formOnly: boolean } | null;
  }[];
  readonly progress: Obligation['progress'];
  readonly restatements: number;
  /** Why and since when nothing is owed; null where something is, or was excused. */
  readonly lapsed: { readonly at: string; readonly reason: LapseReason } | null;
  /** Figures that were corrected, with both values; null in lists. */
  readonly corrections: readonly CorrectionView[] | null;
  /** What happened, in words; null in lists. */
  readonly history: readonly TimelineEntry[] | null;
  readonly excuse: { readonly askedAt: string; readonly state: 'asked' | 'granted' | 'refused' } | null;
  readonly allowedActions: readonly AllowedActionView<ReportAction>[];
}

/** `events`: those of its life, where the whole is asked for. */
/** As of an instant, like the state beside it: what was asked or answered later is not shown. */
function excuseAt({ excuse, settled }: Obligation, asOf: Instant): ReportView['excuse'] {
  if (excuse === null || excuse.askedAt > asOf) return null;
  const later = excuse.state === 'granted' && settled !== null && settled.at > asOf;
  return { askedAt: iso(excuse.askedAt), state: later ? 'asked' : excuse.state };
}

function reportView(
  row: ReportRow,
  viewer: Viewer,
  events: readonly TimelineRow[] | null,
  wanted: Instant | null = null,
): ReportView {
  const { body: o, now } = row;
  const asOf = wanted ?? now;
  const offices = {
    workingGroupId: o.workingGroupId,
    standingAgencyId: row.standing_agency_id,
    homeAffairsId: row.home_affairs_id,
  };
  return {
    id: o.id,
    version: o.seq,
    regime: {
      id: o.regimeId,
      name: row.regime_name,
      nameEn: row.regime_name_en,
      kind: row.regime_kind,
      version: o.regimeVersion,
    },
    unit: row.unit,
    level: o.level,
    period: { key: o.period.key, opensOn: o.period.opensOn, closesOn: o.period.closesOn },
    state: row.state,
    opensAt: iso(o.opensAt),
    closesAt: iso(o.closesAt),
    dueAt: iso(dueInForce(o, asOf)),
    firstDueAt: iso(o.dueAt),
    receivedAt: isoOrNull(reportAt(o, asOf)?.at),
    received: o.received
      .filter(({ at }) => at <= asOf)
      .map(({ at, judged, returned }) => ({
        at: iso(at),
        judgedAt: iso(judged),
        returned:
          returned === null || returned.at > asOf
            ? null
            : { at: iso(returned.at), formOnly: returned.formOnly },
      })),
    progress: o.progress,
    restatements: o.restatements,
    lapsed:
      o.settled?.state === 'lapsed' && o.settled.at <= asOf
        ? { at: iso(o.settled.at), reason: o.settled.reason }
        : null,
    excuse: excuseAt(o, asOf),
    corrections: events?.flatMap((event) => correctionOf(event)) ?? null,
    history: events?.map((event) => entryOf(event, viewer.locale)) ?? null,
    allowedActions: actionViews(
      allowedReportActions(viewer.actor, o, offices, now),
      viewer.locale,
      events === null ? 'list' : 'full',
    ),
  };
}

/** A period has some dozen events; a bound all the same. */
const MOST_EVENTS = 1_000;

const restated = z.object({ changes: document<readonly Restated[]>() });

function correctionOf({ type, data, text, happened_at, recorded_at }: TimelineRow): CorrectionView[] {
  if (type !== 'restated') return [];
  const { changes } = restated.parse(data);
  return [{ at: iso(happened_at), recordedAt: iso(recorded_at), reason: text?.reason ?? null, changes }];
}

export interface ReportsPage extends Page<ReportView> {
  readonly asOf: string;
  readonly counts: Readonly<Record<ReportStateName, number>>;
}

/** Reports without the counts of all, for who reads every page. */
export async function reportRows(
  engine: Engine,
  viewer: Viewer,
  filter: Omit<ReportFilter, 'id'>,
  request: PageRequest,
): Promise<Page<ReportView>> {
  const list = listName('reports', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listReports(client, { ...filter, id: null }, after, request.limit + 1),
  );
  return await pageOfRows(engine, viewer, list, request.limit, rows, filter.asOf);
}

const pageOfRows = async (
  engine: Engine,
  viewer: Viewer,
  list: string,
  limit: number,
  rows: readonly ReportRow[],
  asOf: Instant | null,
): Promise<Page<ReportView>> =>
  await pageOf(
    engine,
    list,
    limit,
    rows,
    (row) => [row.body.id],
    (row) => reportView(row, viewer, null, asOf),
  );

/** Who has and who has not reported, as of an instant: one request, with the counts of all. */
export async function reportsPage(
  engine: Engine,
  viewer: Viewer,
  filter: Omit<ReportFilter, 'id'>,
  request: PageRequest,
): Promise<ReportsPage> {
  const list = listName('reports', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const wanted = { ...filter, id: null };
  const found = await look(engine, viewer, async (client) => ({
    rows: await listReports(client, wanted, after, request.limit + 1),
    counts: await countReports(client, wanted),
    now: await databaseNow(client),
  }));
  const page = await pageOfRows(engine, viewer, list, request.limit, found.rows, filter.asOf);
  const count = (state: ReportStateName): number =>
    found.counts.find((one) => one.state === state)?.reports ?? 0;
  return {
    ...page,
    asOf: iso(filter.asOf ?? found.now),
    counts: {
      not_due: count('not_due'),
      due: count('due'),
      received_on_time: count('received_on_time'),
      received_late: count('received_late'),
      missing: count('missing'),
      excused: count('excused'),
      lapsed: count('lapsed'),
    },
  };
}

const ONE = {
  regimeId: null,
  unitId: null,
  directiveId: null,
  period: null,
  state: null,
  asOf: null,
} as const;

export async function getReport(engine: Engine, viewer: Viewer, id: string): Promise<ReportView | Refusal> {
  return await look(engine, viewer, async (client) => {
    const [row] = await listReports(client, { ...ONE, id }, null, 1);
    if (row === undefined) return notFound();
    return reportView(row, viewer, await subjectEvents(client, 'obligation', id, 0, MOST_EVENTS));
  });
}

export interface RegimeView {
  readonly id: string;
  readonly version: number;
  readonly kind: 'periodic' | 'ad_hoc';
  readonly state: 'active' | 'ended';
  readonly name: string;
  readonly nameEn: string | null;
  readonly directiveIds: readonly string[];
  readonly regimeVersion: number;
  readonly periodicity: Periodicity | null;
  readonly startsOn: string | null;
  readonly dueAt: string | null;
  readonly levels: readonly Level[];
  readonly continues: { readonly inRow: number; readonly inYear: number };
  readonly opened: Period | null;
  readonly nextOpensAt: string | null;
  readonly endedAt: string | null;
  readonly endedBy: RegimeEnd | null;
  readonly allowedActions: readonly AllowedActionView<'revise' | 'end'>[];
}

function regimeView({ body: r, next_at: nextAt }: RegimeRow, { actor, locale }: Viewer): RegimeView {
  const { version, definition, reporting } = currentVersion(r);
  const { schedule } = definition;
  const periodic = schedule.kind === 'periodic' ? schedule : null;
  const may = actor.role === 'standing_agency';
  const refusal = (ended: boolean): Refusal | null => {
    if (!may)
      return refuse('forbidden', {
        vi: 'Chỉ cơ quan thường trực yêu cầu báo cáo.',
        en: 'Only the standing agency asks for reports.',
      });
    return ended
      ? refuse('transition_not_allowed', {
          vi: 'Chế độ báo cáo đã kết thúc, hoặc là yêu cầu đột xuất không sửa được.',
          en: 'The regime has ended, or is an ad hoc request, which is not revised.',
        })
      : null;
  };
  const ended = r.state === 'ended';
  const actions = [
    { action: 'revise' as const, reason: refusal(ended || periodic === null) },
    { action: 'end' as const, reason: refusal(ended) },
  ].map((one) => ({ ...one, allowed: one.reason === null }));
  return {
    id: r.id,
    version: r.seq,
    kind: schedule.kind,
    state: r.state,
    name: definition.name,
    nameEn: definition.nameEn,
    directiveIds: definition.directiveIds,
    regimeVersion: version,
    periodicity: periodic?.periodicity ?? null,
    startsOn: periodic?.startsOn ?? null,
    dueAt: schedule.kind === 'ad_hoc' ? iso(schedule.dueAt) : null,
    levels: definition.levels,
    continues: reporting.continues,
    opened: r.opened,
    nextOpensAt: isoOrNull(nextAt),
    endedAt: isoOrNull(r.endedAt),
    endedBy: r.endedBy ?? null,
    allowedActions: actionViews(actions, locale, 'full'),
  };
}

export async function regimesPage(
  engine: Engine,
  viewer: Viewer,
  filter: Omit<RegimeFilter, 'id'>,
  request: PageRequest,
): Promise<Page<RegimeView>> {
  const list = listName('regimes', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listRegimes(client, { ...filter, id: null }, after, request.limit + 1),
  );
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.body.id],
    (row) => regimeView(row, viewer),
  );
}

export async function getRegime(engine: Engine, viewer: Viewer, id: string): Promise<RegimeView | Refusal> {
  const [row] = await look(engine, viewer, (client) =>
    listRegimes(client, { id, state: null, kind: null }, null, 1),
  );
  return row === undefined ? notFound() : regimeView(row, viewer);
}
