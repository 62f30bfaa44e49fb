import { z } from 'zod';
import type { Obligation } from '../../domain/report/state.js';
import { REPORT_STATES } from '../../domain/report/state.js';
import { type Queryable, timestamp } from '../pool.js';
import { many } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

export interface FeedFilter {
  readonly workingGroupId: string;
  /** Null: every unit whose work the caller may read. */
  readonly unitId: string | null;
  /** Of assignments: whose, by the officer that was named. */
  readonly officerId: string | null;
  /** What was due before is left out. */
  readonly since: number;
}

/** Where the next rows begin: after this one, in the order of due instants. */
export interface FeedKey {
  readonly dueAt: number;
  readonly id: string;
}

const dueAssignment = z.object({
  id: z.string(),
  seq: z.number(),
  recorded_at: z.number(),
  due_at: z.number(),
  state: z.string(),
  held: z.boolean(),
  provisional: z.boolean(),
  title: z.string(),
  title_en: z.string().nullable(),
  code: z.string().nullable(),
  number: z.string().nullable(),
  unit: unitRef,
});
export type DueAssignmentRow = z.infer<typeof dueAssignment>;

/** Assignments with a deadline within the caller's scope, the earliest first. */
export async function dueAssignments(
  db: Queryable,
  filter: FeedFilter,
  after: FeedKey | null,
  limit: number,
): Promise<DueAssignmentRow[]> {
  return many(
    db,
    dueAssignment,
    `select a.id, a.seq, (a.body ->> 'lastRecordedAt')::double precision as recorded_at, a.due_at, a.state,
            a.body -> 'pauses' @? '$[*] ? (@.to == null)' as held, (a.body ->> 'provisional')::boolean as provisional,
            t.title, t.body #>> '{task,titleEn}' as title_en, t.code, d.number, ${unitJson('u')} as unit
       from assignment a join unit u on u.id = a.unit_id join task t on t.id = a.task_id
       join directive d on d.id = a.directive_id
      where a.working_group_id = $1 and ($2::uuid is null or a.unit_id = $2)
        and ($3::text is null or a.body ->> 'officerId' = $3) and a.due_at >= $4
        and ($5::timestamptz is null or (a.due_at, a.id) > ($5, $6::uuid))
      order by a.due_at, a.id limit $7`,
    paramsOf(filter, after, limit),
  );
}

const dueReport = z.object({
  id: z.string(),
  now: z.number(),
  due_at: z.number(),
  state: z.enum(REPORT_STATES).nullable(),
  body: document<Obligation>(),
  regime_name: z.string(),
  regime_name_en: z.string().nullable(),
  unit: unitRef,
});
export type DueReportRow = z.infer<typeof dueReport>;

/** Reports that are owed, or were, within the caller's scope, the earliest first. */
export async function dueReports(
  db: Queryable,
  filter: Omit<FeedFilter, 'officerId'>,
  after: FeedKey | null,
  limit: number,
): Promise<DueReportRow[]> {
  return many(
    db,
    dueReport,
    `select o.id, app_now() as now, o.due_at, o.body, r.name as regime_name, r.name_en as regime_name_en,
            o.states[cardinality(array(select 1 from unnest(o.states_from) as since where since <= app_now()))] as state,
            ${unitJson('u')} as unit
       from report_obligation o join unit u on u.id = o.unit_id join reporting_regime r on r.id = o.regime_id
      where o.working_group_id = $1 and ($2::uuid is null or o.unit_id = $2) and $3::text is null and o.due_at >= $4
        and ($5::timestamptz is null or (o.due_at, o.id) > ($5, $6::uuid))
      order by o.due_at, o.id limit $7`,
    paramsOf({ ...filter, officerId: null }, after, limit),
  );
}

const paramsOf = (filter: FeedFilter, after: FeedKey | null, limit: number): unknown[] => [
  filter.workingGroupId,
  filter.unitId,
  filter.officerId,
  timestamp(filter.since),
  after === null ? null : timestamp(after.dueAt),
  after?.id ?? null,
  limit,
];
