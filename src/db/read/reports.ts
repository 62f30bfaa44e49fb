import { z } from 'zod';
import type { ReportEvent } from '../../domain/report/events.js';
import type { Regime } from '../../domain/report/regime.js';
import { type Obligation, REPORT_STATES } from '../../domain/report/state.js';
import { type Queryable, timestampOrNull } from '../pool.js';
import { many } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

const reportState = z.enum(REPORT_STATES);

const reportRow = z.object({
  now: z.number(),
  body: document<Obligation>(),
  state: reportState,
  unit: unitRef,
  regime_name: z.string(),
  regime_name_en: z.string().nullable(),
  regime_kind: z.enum(['periodic', 'ad_hoc']),
  standing_agency_id: z.string(),
  home_affairs_id: z.string(),
});
export type ReportRow = z.infer<typeof reportRow>;

export interface ReportFilter {
  readonly id: string | null;
  readonly regimeId: string | null;
  readonly unitId: string | null;
  readonly directiveId: string | null;
  readonly period: string | null;
  readonly state: string | null;
  /** Null: now. */
  readonly asOf: number | null;
}

/** The state as of an instant: the last stretch that had begun. Null: the period was not open yet. */
const STATE = `o.states[cardinality(array(select 1 from unnest(o.states_from) as since where since <= coalesce($6::timestamptz, app_now())))]`;

const WHERE = `($1::uuid is null or o.id = $1) and ($2::uuid is null or o.regime_id = $2) and ($3::uuid is null or o.unit_id = $3)
   and ($4::uuid is null or o.regime_id in (select id from reporting_regime where directive_ids @> array[$4::uuid]))
   and ($5::text is null or o.period = $5)`;

const paramsOf = (f: ReportFilter): unknown[] => [
  f.id,
  f.regimeId,
  f.unitId,
  f.directiveId,
  f.period,
  timestampOrNull(f.asOf),
];

/** What is owed within the caller's scope, the newest period first. */
export async function listReports(
  db: Queryable,
  filter: ReportFilter,
  afterId: string | null,
  limit: number,
): Promise<ReportRow[]> {
  return many(
    db,
    reportRow,
    `with page as materialized (
       select o.*, s.state from report_obligation o cross join lateral (select ${STATE} as state) s
        where ${WHERE} and s.state is not null and ($7::text is null or s.state = $7) and ($8::uuid is null or o.id < $8)
        order by o.id desc limit $9)
     select app_now() as now, o.body, o.state, ${unitJson('u')} as unit, r.name as regime_name, r.name_en as regime_name_en,
            r.kind as regime_kind, g.standing_agency_id, g.home_affairs_id
       from page o join unit u on u.id = o.unit_id join reporting_regime r on r.id = o.regime_id
       join working_group g on g.id = o.working_group_id
      order by o.id desc`,
    [...paramsOf(filter), filter.state, afterId, limit],
  );
}

const lifeRow = z.object({ event: document<ReportEvent>(), recorded_at: z.number() });
export type ReportLifeRow = z.infer<typeof lifeRow>;

/** The life of what a unit owes for one period, as it is folded; free text plays no part. */
export async function reportLife(db: Queryable, id: string): Promise<ReportLifeRow[]> {
  return many(
    db,
    lifeRow,
    `select jsonb_build_object('type', type, 'data', data) as event, recorded_at from event
      where subject_kind = 'obligation' and subject_id = $1 order by seq`,
    [id],
  );
}

/** How many reports are in which state, under the same filters but the state. */
export async function countReports(
  db: Queryable,
  filter: ReportFilter,
): Promise<{ state: z.infer<typeof reportState>; reports: number }[]> {
  return many(
    db,
    z.object({ state: reportState, reports: z.number() }),
    `select s.state, count(*) as reports from report_obligation o cross join lateral (select ${STATE} as state) s
      where ${WHERE} and s.state is not null group by s.state`,
    paramsOf(filter),
  );
}

const regimeRow = z.object({
  body: document<Regime>(),
  next_at: z.number().nullable(),
});
export type RegimeRow = z.infer<typeof regimeRow>;

export interface RegimeFilter {
  readonly id: string | null;
  readonly state: string | null;
  readonly kind: string | null;
}

export async function listRegimes(
  db: Queryable,
  filter: RegimeFilter,
  afterId: string | null,
  limit: number,
): Promise<RegimeRow[]> {
  return many(
    db,
    regimeRow,
    `select r.body, (select p.due_at from planned_step p where p.subject_kind = 'regime' and p.subject_id = r.id) as next_at
       from reporting_regime r
      where ($1::uuid is null or r.id = $1) and ($2::text is null or r.state = $2) and ($3::text is null or r.kind = $3)
        and ($4::uuid is null or r.id < $4)
      order by r.id desc limit $5`,
    [filter.id, filter.state, filter.kind, afterId, limit],
  );
}
