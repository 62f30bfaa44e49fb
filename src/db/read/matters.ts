import { z } from 'zod';
import type { Matter } from '../../domain/assignment/state.js';
import type { Queryable } from '../pool.js';
import { many } from '../query.js';
import { document, unitJson, unitRef } from './rows.js';

const matterRow = z.object({
  now: z.number(),
  body: document<Matter>(),
  assignment_id: z.string(),
  directive_id: z.string(),
  directive_number: z.string().nullable(),
  unit: unitRef,
  task_code: z.string().nullable(),
  task_title: z.string(),
});
export type MatterRow = z.infer<typeof matterRow>;

export interface MatterFilter {
  readonly kind: Matter['kind'];
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
  /** Contributions: the coordinating unit that was asked. */
  readonly askedUnitId: string | null;
  readonly states: readonly string[] | null;
}

/** Matters of one kind that the caller may see, the newest first. */
export async function listMatters(
  db: Queryable,
  filter: MatterFilter,
  afterId: string | null,
  limit: number,
): Promise<MatterRow[]> {
  return many(
    db,
    matterRow,
    `with page as materialized (
       select m.* from matter m
      where m.kind = $1 and ($2::uuid is null or m.directive_id = $2) and ($3::uuid is null or m.assignment_id = $3)
        and ($4::uuid is null or m.unit_id = $4) and ($5::text[] is null or m.state = any ($5)) and ($6::uuid is null or m.id < $6)
        and ($8::text is null or m.body ->> 'askedUnitId' = $8)
      order by m.id desc limit $7)
     select app_now() as now, m.body, m.assignment_id, m.directive_id, l.directive_number, ${unitJson('u')} as unit, l.task_code, l.task_title
       from page m join unit u on u.id = m.unit_id
       join matter_labels(array(select id from page)) l on l.matter_id = m.id
      order by m.id desc`,
    [
      filter.kind,
      filter.directiveId,
      filter.assignmentId,
      filter.unitId,
      filter.states,
      afterId,
      limit,
      filter.askedUnitId,
    ],
  );
}

const contributionRow = z.object({
  unit: unitRef,
  open: z.number(),
  overdue: z.number(),
  given_in_time: z.number(),
  given_late: z.number(),
  declined: z.number(),
  lapsed: z.number(),
});
export type ContributionCountRow = z.infer<typeof contributionRow>;

export interface ContributionFilter {
  readonly directiveId: string | null;
  readonly askedUnitId: string | null;
  /** By the deadline of the question. */
  readonly dueAfter: number | null;
  readonly dueBefore: number | null;
}

/** The judged instant of a contribution, to the second; `contributionClass` computes the same of the folded state. */
const LATE = `case when state in ('lapsed', 'moved') then false when state = 'overdue' then true
                   else floor(coalesce((body ->> 'answeredAt')::float8, case when state = 'asked' then extract(epoch from app_now()) * 1000 end) / 1000) * 1000
                        > (body ->> 'dueAt')::float8 end`;

/** What coordinating units were asked for and how they answered, a row for each unit that the caller may see. */
export async function countContributions(
  db: Queryable,
  filter: ContributionFilter,
): Promise<ContributionCountRow[]> {
  return many(
    db,
    contributionRow,
    `with judged as (
       select (body ->> 'askedUnitId')::uuid as asked, state, coalesce(${LATE}, false) as late from matter
        where kind = 'contribution' and ($1::uuid is null or directive_id = $1) and ($2::text is null or body ->> 'askedUnitId' = $2)
          and ($3::float8 is null or (body ->> 'dueAt')::float8 >= $3) and ($4::float8 is null or (body ->> 'dueAt')::float8 < $4))
     select ${unitJson('u')} as unit,
            count(*) filter (where state = 'asked' and not late) as open,
            count(*) filter (where state = 'overdue' or (state = 'asked' and late)) as overdue,
            count(*) filter (where state = 'given' and not late) as given_in_time,
            count(*) filter (where state = 'given' and late) as given_late,
            count(*) filter (where state = 'declined') as declined,
            count(*) filter (where state in ('lapsed', 'moved')) as lapsed
       from judged j join unit u on u.id = j.asked group by u.id order by u.name, u.id`,
    [filter.directiveId, filter.askedUnitId, filter.dueAfter, filter.dueBefore],
  );
}
